import type { CloudObject, Props, Rule, RuleContext, Rules } from "../types";
import { alive, arn, freshId, records, refuseMissing, tagged, text, texts } from "./aws";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const PEERS = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"] as const;

const group: Rule = {
  id: (ctx) => freshId(ctx, "sg-"),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    arn: arn(ctx, "ec2", `security-group/${id}`),
    ownerId: ctx.account,
    description: inputs.description ?? "Managed by Pulumi",
  }),
  refuseWrite(ctx, inputs) {
    for (const rule of [...records(inputs.ingress), ...records(inputs.egress)])
      refusePorts(ctx, rule, "protocol");
  },
  refuseCreate(ctx, inputs) {
    refuseMissing(ctx, "aws:ec2/vpc:Vpc", "id", inputs.vpcId, "InvalidVpcID.NotFound");
    const name = text(inputs.name)?.toLowerCase();
    const same = alive(ctx, GROUP).find(
      (o) => o.inputs.vpcId === inputs.vpcId && text(o.inputs.name)?.toLowerCase() === name,
    );
    if (name !== undefined && same) {
      ctx.refuse(
        "InvalidGroup.Duplicate",
        `the VPC already has a security group named "${same.inputs.name}"`,
      );
    }
  },
  refuseDelete(ctx, existing) {
    const users = usersOf(ctx, existing.id);
    if (users.length === 0) return;
    ctx.refuse("DependencyViolation", `${existing.id} is in use by ${users.map((o) => o.id).join(", ")}`);
  },
};

const rule: Rule = {
  id: (ctx) => freshId(ctx, "sgr-"),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    arn: arn(ctx, "ec2", `security-group-rule/${id}`),
    securityGroupRuleId: id,
  }),
  refuseWrite(ctx, inputs, existing) {
    const given = PEERS.filter((name) => inputs[name] !== undefined);
    if (given.length !== 1) {
      ctx.refuse("InvalidParameterCombination", `a rule needs exactly one of ${PEERS.join(", ")}`);
    }
    refusePorts(ctx, inputs, "ipProtocol");
    refuseUnknownGroup(ctx, inputs.securityGroupId);
    const twin = alive(ctx, ctx.type).find((o) => o.id !== existing?.id && isSame(o.inputs, inputs));
    if (twin) {
      ctx.refuse(
        "InvalidPermission.Duplicate",
        `${inputs.securityGroupId} already has this rule (${twin.id})`,
      );
    }
  },
};

export const rules: Rules = { [GROUP]: group, [INGRESS]: rule, [EGRESS]: rule };

const PARTS = ["securityGroupId", "ipProtocol", "fromPort", "toPort", ...PEERS];

function isSame(one: Props, other: Props): boolean {
  const values = PARTS.map((name) => other[name]);
  return text(other.securityGroupId) !== undefined && PARTS.every((name, i) => one[name] === values[i]);
}

function refuseUnknownGroup(ctx: RuleContext, id: unknown): void {
  const wanted = text(id);
  // A VPC's default group belongs to the VPC and is no resource of its own.
  const isDefault = alive(ctx, "aws:ec2/vpc:Vpc").some((o) => o.outputs.defaultSecurityGroupId === wanted);
  if (wanted !== undefined && !isDefault && !alive(ctx, GROUP).some((o) => o.id === wanted)) {
    ctx.refuse("InvalidGroup.NotFound", `there is no security group ${wanted}`);
  }
}

function refusePorts(ctx: RuleContext, inputs: Props, protocolName: string): void {
  const protocol = String(inputs[protocolName]);
  const ports = [inputs.fromPort, inputs.toPort];
  if (protocol === "-1" && ports.some((port) => port !== undefined && port !== 0 && port !== -1)) {
    ctx.refuse("InvalidParameterValue", "protocol -1 means every port: leave fromPort and toPort out");
  }
  if (!["-1", "icmpv6"].includes(protocol) && ports.includes(undefined)) {
    ctx.refuse("MissingParameter", `a rule for ${protocol} needs fromPort and toPort`);
  }
}

/** What keeps a group: whoever wears it, and the rules of other groups that name it. */
function usersOf(ctx: RuleContext, id: string): readonly CloudObject[] {
  const named = [...alive(ctx, INGRESS), ...alive(ctx, EGRESS)].filter(
    (o) => o.inputs.referencedSecurityGroupId === id && o.inputs.securityGroupId !== id,
  );
  const worn = (type: string, property: string) =>
    alive(ctx, type).filter((o) => texts(o.inputs[property]).includes(id));
  const tasks = alive(ctx, "aws:ecs/service:Service").filter((o) =>
    records(o.contents?.tasks).some((task) => texts(task.securityGroups).includes(id)),
  );
  return [
    ...named,
    ...worn("aws:lb/loadBalancer:LoadBalancer", "securityGroups"),
    ...worn("aws:rds/instance:Instance", "vpcSecurityGroupIds"),
    ...worn("aws:ec2/vpcEndpoint:VpcEndpoint", "securityGroupIds"),
    ...tasks,
  ];
}
