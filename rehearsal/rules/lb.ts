import type { CloudObject, Props, Rule, RuleContext, Rules } from "../types";
import { certificateOf, isIssued } from "./acm";
import {
  alive,
  arn,
  isHere,
  isOwn,
  lookup,
  number,
  property,
  refuseMissing,
  refuseTakenName,
  tagged,
  text,
  texts,
} from "./aws";
import { LISTENER, RULE, refuseGroups, rules as targets, unique } from "./lb-targets";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const SUBNET = "aws:ec2/subnet:Subnet";
const KINDS: Readonly<Record<string, string>> = { application: "app", network: "net", gateway: "gwy" };
/** The hosted zones of application load balancers' names (AWS general reference, Elastic Load Balancing). */
const ZONES: Readonly<Record<string, string>> = {
  "eu-west-3": "Z3Q77PNBQS71R4",
  "us-east-1": "Z35SXDOTRQ7X7K",
};

const loadBalancer: Rule = {
  id: (ctx, inputs) =>
    arn(ctx, "elasticloadbalancing", `loadbalancer/${kindOf(inputs)}/${unique(ctx, inputs)}`),
  outputs(ctx, inputs, id) {
    const suffix = id.slice(id.indexOf(":loadbalancer/") + 14);
    const [, name = "", serial = ""] = suffix.split("/");
    const subnet = alive(ctx, SUBNET).find((o) => texts(inputs.subnets).includes(o.id));
    const host = `${inputs.internal === true ? "internal-" : ""}${name}-${Number.parseInt(serial.slice(0, 8), 16)}`;
    return {
      ...tagged(ctx, inputs),
      name,
      arn: id,
      arnSuffix: suffix,
      dnsName: `${host}.${ctx.region}.elb.amazonaws.com`.toLowerCase(),
      zoneId: ZONES[ctx.region] ?? `Z${ctx.hex("zone", 13).toUpperCase()}`,
      vpcId: subnet?.inputs.vpcId ?? `vpc-${ctx.hex("vpc", 17)}`,
      internal: inputs.internal ?? false,
      loadBalancerType: inputs.loadBalancerType ?? "application",
      ipAddressType: inputs.ipAddressType ?? "ipv4",
    };
  },
  refuseWrite(ctx, inputs) {
    if ((inputs.subnets === undefined) === (inputs.subnetMappings === undefined)) {
      ctx.refuse("ValidationError", "a load balancer has either subnets or subnetMappings");
    }
    for (const id of texts(inputs.securityGroups)) {
      const isDefault = alive(ctx, "aws:ec2/vpc:Vpc").some((o) => o.outputs.defaultSecurityGroupId === id);
      if (!isDefault)
        refuseMissing(ctx, "aws:ec2/securityGroup:SecurityGroup", "id", id, "InvalidSecurityGroup");
    }
    refuseZones(ctx, inputs);
  },
  refuseCreate: (ctx, inputs) => refuseTakenName(ctx, inputs, "name", "DuplicateLoadBalancerName"),
  refuseDelete(ctx, existing) {
    if (existing.inputs.enableDeletionProtection !== true) return;
    ctx.refuse(
      "OperationNotPermitted",
      `${existing.outputs.name} is protected: set enableDeletionProtection to false`,
    );
  },
};

const listener: Rule = {
  id: (ctx, inputs) =>
    `${text(inputs.loadBalancerArn)?.replace(":loadbalancer/", ":listener/")}/${ctx.hex("id", 16)}`,
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    arn: id,
    protocol: inputs.protocol ?? "HTTP",
  }),
  refuseWrite(ctx, inputs, existing) {
    refuseMissing(ctx, BALANCER, "arn", inputs.loadBalancerArn, "LoadBalancerNotFound");
    const port = number(inputs.port);
    const twin = alive(ctx, LISTENER).find(
      (o) => o.inputs.loadBalancerArn === inputs.loadBalancerArn && number(o.inputs.port) === port,
    );
    if (twin && twin.id !== existing?.id && text(inputs.loadBalancerArn) !== undefined) {
      ctx.refuse("DuplicateListener", `the load balancer already listens on port ${port}`);
    }
    if (["HTTPS", "TLS"].includes(String(inputs.protocol))) refuseCertificate(ctx, inputs.certificateArn);
    refuseGroups(ctx, inputs.defaultActions);
  },
};

const listenerCertificate: Rule = {
  id: (_, inputs) =>
    `${text(inputs.listenerArn) ?? "listener"}_${text(inputs.certificateArn) ?? "certificate"}`,
  outputs: (ctx) => ({ region: ctx.region }),
  refuseCreate(ctx, inputs) {
    const found = refuseMissing(ctx, LISTENER, "arn", inputs.listenerArn, "ListenerNotFound");
    if (found && !["HTTPS", "TLS"].includes(String(property(found, "protocol")))) {
      ctx.refuse("InvalidConfigurationRequest", "only an HTTPS or TLS listener takes certificates");
    }
    refuseCertificate(ctx, inputs.certificateArn);
  },
};

const listenerRule: Rule = {
  id: (ctx, inputs) =>
    `${text(inputs.listenerArn)?.replace(":listener/", ":listener-rule/")}/${ctx.hex("id", 16)}`,
  outputs: (ctx, inputs, id, previous) => ({
    ...tagged(ctx, inputs),
    arn: id,
    priority: inputs.priority ?? previous?.priority ?? nextPriority(ctx, inputs.listenerArn),
  }),
  refuseWrite(ctx, inputs, existing) {
    refuseMissing(ctx, LISTENER, "arn", inputs.listenerArn, "ListenerNotFound");
    refuseGroups(ctx, inputs.actions);
    const wanted = number(inputs.priority);
    const holder = rulesOf(ctx, inputs.listenerArn).find((o) => number(o.outputs.priority) === wanted);
    if (wanted !== undefined && holder && holder.id !== existing?.id) {
      ctx.refuse("PriorityInUse", `priority ${wanted} is taken on this listener by ${holder.id}`);
    }
  },
};

export const rules: Rules = {
  [BALANCER]: loadBalancer,
  ...targets,
  [LISTENER]: listener,
  "aws:lb/listenerCertificate:ListenerCertificate": listenerCertificate,
  [RULE]: listenerRule,
};

function refuseCertificate(ctx: RuleContext, value: unknown): void {
  if (value === undefined) ctx.refuse("CertificateNotFound", "an HTTPS listener needs a certificateArn");
  const wanted = text(value);
  if (wanted === undefined || !isOwn(ctx, wanted) || !wanted.includes(":acm:")) return;
  const found = certificateOf(ctx, wanted);
  if (found === undefined || !isHere(ctx, found)) {
    ctx.refuse("CertificateNotFound", `there is no certificate ${wanted} in ${ctx.region}`);
  }
  if (!isIssued(ctx, found)) {
    ctx.refuse(
      "UnsupportedCertificate",
      `the certificate ${wanted} is not issued yet: its validation record is missing`,
    );
  }
}

function refuseZones(ctx: RuleContext, inputs: Props): void {
  const wanted = texts(inputs.subnets);
  const found = wanted.map((id) => lookup(ctx, SUBNET, "id", id));
  const missing = wanted.find((_, index) => found[index] === undefined);
  if (missing !== undefined) ctx.refuse("SubnetNotFound", `there is no subnet ${missing}`);
  if (wanted.length !== (Array.isArray(inputs.subnets) ? inputs.subnets.length : 0)) return;
  const zones = found.map((o) => o?.outputs.availabilityZone);
  if (new Set(zones).size < zones.length) {
    ctx.refuse("InvalidConfigurationRequest", `one subnet for each zone, not ${zones.join(", ")}`);
  }
  if (kindOf(inputs) === "app" && inputs.subnets !== undefined && zones.length < 2) {
    ctx.refuse("ValidationError", "an application load balancer needs subnets in two zones at least");
  }
}

function kindOf(inputs: Props): string {
  return KINDS[String(inputs.loadBalancerType ?? "application")] ?? "app";
}

function rulesOf(ctx: RuleContext, listenerArn: unknown): readonly CloudObject[] {
  return alive(ctx, RULE).filter((o) => o.inputs.listenerArn === text(listenerArn));
}

function nextPriority(ctx: RuleContext, listenerArn: unknown): number {
  return Math.max(0, ...rulesOf(ctx, listenerArn).map((o) => number(o.outputs.priority) ?? 0)) + 1;
}
