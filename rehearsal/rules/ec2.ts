import ipaddr from "ipaddr.js";
import type { CloudObject, Rule, RuleContext, Rules } from "../types";
import { alive, arn, freshId, isHere, property, records, refuseMissing, tagged, text, texts } from "./aws";
import { rules as addresses, NAT } from "./ec2-addresses";
import { rules as routing } from "./ec2-routing";
import { rules as securityGroups } from "./security-groups";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";

const vpc: Rule = {
  id: (ctx) => freshId(ctx, "vpc-"),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    arn: arn(ctx, "ec2", `vpc/${id}`),
    ownerId: ctx.account,
    instanceTenancy: inputs.instanceTenancy ?? "default",
    enableDnsSupport: inputs.enableDnsSupport ?? true,
    enableDnsHostnames: inputs.enableDnsHostnames ?? false,
    defaultNetworkAclId: `acl-${id.slice(4)}`,
    defaultRouteTableId: `rtb-${id.slice(4)}`,
    mainRouteTableId: `rtb-${id.slice(4)}`,
    defaultSecurityGroupId: `sg-${id.slice(4)}`,
    dhcpOptionsId: `dopt-${ctx.hex("dhcp", 17)}`,
    ipv6AssociationId: "",
  }),
  refuseWrite(ctx, inputs) {
    if (inputs.enableDnsHostnames === true && inputs.enableDnsSupport === false) {
      ctx.refuse("InvalidParameterCombination", "enableDnsHostnames needs enableDnsSupport");
    }
    if (inputs.cidrBlock === undefined && inputs.ipv4IpamPoolId === undefined) {
      ctx.refuse("MissingParameter", "a VPC needs a cidrBlock (or an IPAM pool to take one from)");
    }
  },
  refuseDelete(ctx, existing) {
    const dependents = [
      SUBNET,
      "aws:ec2/internetGateway:InternetGateway",
      "aws:ec2/vpcEndpoint:VpcEndpoint",
      "aws:ec2/securityGroup:SecurityGroup",
      "aws:ec2/routeTable:RouteTable",
    ].flatMap((type) => alive(ctx, type).filter((o) => o.inputs.vpcId === existing.id));
    refuseInUse(ctx, existing.id, dependents);
  },
};

const subnet: Rule = {
  id: (ctx) => freshId(ctx, "subnet-"),
  outputs: (ctx, inputs, id) => {
    const zone = text(inputs.availabilityZone) ?? `${ctx.region}a`;
    return {
      ...tagged(ctx, inputs),
      arn: arn(ctx, "ec2", `subnet/${id}`),
      ownerId: ctx.account,
      availabilityZone: zone,
      availabilityZoneId: text(inputs.availabilityZoneId) ?? zoneId(zone),
      mapPublicIpOnLaunch: inputs.mapPublicIpOnLaunch ?? false,
      ipv6CidrBlockAssociationId: inputs.ipv6CidrBlock ? `subnet-cidr-assoc-${ctx.hex("ipv6", 17)}` : "",
    };
  },
  refuseCreate(ctx, inputs) {
    const parent = refuseMissing(ctx, VPC, "id", inputs.vpcId, "InvalidVpcID.NotFound");
    const block = text(inputs.cidrBlock);
    if (block === undefined) return;
    const whole = text(parent?.inputs.cidrBlock);
    if (whole !== undefined && !contains(whole, block)) {
      ctx.refuse("InvalidSubnet.Range", `${block} is not inside the VPC's ${whole}`);
    }
    const other = alive(ctx, SUBNET).find(
      (o) => o.inputs.vpcId === inputs.vpcId && overlap(text(o.inputs.cidrBlock), block),
    );
    if (other !== undefined) {
      ctx.refuse("InvalidSubnet.Conflict", `${block} overlaps ${other.inputs.cidrBlock} (${other.id})`);
    }
  },
  refuseDelete(ctx, existing) {
    refuseInUse(ctx, existing.id, interfacesIn(ctx, existing.id));
  },
};

const internetGateway: Rule = {
  id: (ctx) => freshId(ctx, "igw-"),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    arn: arn(ctx, "ec2", `internet-gateway/${id}`),
    ownerId: ctx.account,
  }),
  refuseCreate(ctx, inputs) {
    refuseMissing(ctx, VPC, "id", inputs.vpcId, "InvalidVpcID.NotFound");
  },
  refuseDelete(ctx, existing) {
    // Mapped public addresses keep the gateway: NAT gateways and load balancers that face the internet.
    const inside = new Set(
      alive(ctx, SUBNET).flatMap((o) => (o.inputs.vpcId === existing.inputs.vpcId ? [o.id] : [])),
    );
    const nats = alive(ctx, NAT).filter((o) => inside.has(text(o.inputs.subnetId) ?? ""));
    const balancers = alive(ctx, "aws:lb/loadBalancer:LoadBalancer").filter(
      (o) => o.inputs.internal !== true && texts(o.inputs.subnets).some((id) => inside.has(id)),
    );
    refuseInUse(ctx, existing.id, [...nats, ...balancers]);
  },
};

export const rules: Rules = {
  [VPC]: vpc,
  [SUBNET]: subnet,
  "aws:ec2/internetGateway:InternetGateway": internetGateway,
  ...addresses,
  ...routing,
  ...securityGroups,
};

function refuseInUse(ctx: RuleContext, id: string, dependents: readonly CloudObject[]): void {
  if (dependents.length === 0) return;
  const names = dependents.map((o) => o.id).join(", ");
  ctx.refuse("DependencyViolation", `${id} cannot be deleted while ${names} depend on it`);
}

/** What has a network interface in a subnet. */
function interfacesIn(ctx: RuleContext, subnetId: string): readonly CloudObject[] {
  const groups = alive(ctx, "aws:rds/subnetGroup:SubnetGroup").filter((o) =>
    texts(o.inputs.subnetIds).includes(subnetId),
  );
  const names = new Set(groups.map((o) => property(o, "name")));
  return [
    ...alive(ctx, NAT).filter((o) => o.inputs.subnetId === subnetId),
    ...alive(ctx, "aws:lb/loadBalancer:LoadBalancer").filter((o) =>
      texts(o.inputs.subnets).includes(subnetId),
    ),
    ...alive(ctx, "aws:ec2/vpcEndpoint:VpcEndpoint").filter((o) =>
      texts(o.inputs.subnetIds).includes(subnetId),
    ),
    ...alive(ctx, "aws:ecs/service:Service").filter((o) =>
      records(o.contents?.tasks).some((task) => task.subnetId === subnetId),
    ),
    ...alive(ctx, "aws:rds/instance:Instance").filter(
      (o) => isHere(ctx, o) && names.has(o.inputs.dbSubnetGroupName),
    ),
  ];
}

function overlap(one: string | undefined, other: string): boolean {
  return one !== undefined && (contains(one, other) || contains(other, one));
}

function contains(outer: string, inner: string): boolean {
  const [outerAddress, outerBits] = ipaddr.parseCIDR(outer);
  const [innerAddress, innerBits] = ipaddr.parseCIDR(inner);
  if (outerAddress.kind() !== innerAddress.kind() || outerBits > innerBits) return false;
  return innerAddress.match(outerAddress, outerBits);
}

/** `eu-west-3a` -> `euw3-az1`: how AWS shortens the region in the ids of zones. */
function zoneId(zone: string): string {
  const [area = "", direction = "", rest = ""] = zone.split("-");
  const short = direction.replace(/(north|south|east|west|central)/g, (word) => word.charAt(0));
  return `${area}${short}${Number.parseInt(rest, 10)}-az${zone.charCodeAt(zone.length - 1) - 96}`;
}
