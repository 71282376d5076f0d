import type { CloudObject, Props, Rule, RuleContext, Rules } from "../types";
import {
  alive,
  arn,
  freshId,
  lookup,
  number,
  property,
  records,
  refuseMissing,
  tagged,
  text,
  texts,
} from "./aws";
import { refuseMalformed, refuseUntrusted } from "./policy-document";

const ROUTE = "aws:ec2/route:Route";
const TABLE = "aws:ec2/routeTable:RouteTable";
const PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";

const DESTINATIONS = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"] as const;
const TARGETS = [
  "carrierGatewayId",
  "coreNetworkArn",
  "egressOnlyGatewayId",
  "gatewayId",
  "localGatewayId",
  "natGatewayId",
  "networkInterfaceId",
  "odbNetworkArn",
  "transitGatewayId",
  "vpcEndpointId",
  "vpcPeeringConnectionId",
] as const;

const route: Rule = {
  id: (ctx, inputs) => `r-${text(inputs.routeTableId) ?? "rtb"}${Number.parseInt(ctx.hex("id", 8), 16)}`,
  outputs: (ctx) => ({
    region: ctx.region,
    origin: "CreateRoute",
    state: "active",
    instanceId: "",
    instanceOwnerId: "",
  }),
  refuseWrite(ctx, inputs) {
    requireOne(ctx, inputs, DESTINATIONS, "destination");
    requireOne(ctx, inputs, TARGETS, "target");
    if (inputs.gatewayId === "local") {
      ctx.refuse("InvalidParameterValue", "a local route belongs to the VPC and cannot be created");
    }
  },
  refuseCreate(ctx, inputs) {
    refuseMissing(ctx, TABLE, "id", inputs.routeTableId, "InvalidRouteTableID.NotFound");
    const where = DESTINATIONS.map((name) => text(inputs[name])).find((each) => each !== undefined);
    const same = alive(ctx, ROUTE).find(
      (o) =>
        where !== undefined &&
        o.inputs.routeTableId === inputs.routeTableId &&
        DESTINATIONS.some((name) => o.inputs[name] === where),
    );
    if (same) ctx.refuse("RouteAlreadyExists", `${inputs.routeTableId} already has a route to ${where}`);
  },
};

const routeTable: Rule = {
  id: (ctx) => freshId(ctx, "rtb-"),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    arn: arn(ctx, "ec2", `route-table/${id}`),
    ownerId: ctx.account,
    routes: inputs.routes ?? [],
  }),
  refuseCreate(ctx, inputs) {
    refuseMissing(ctx, "aws:ec2/vpc:Vpc", "id", inputs.vpcId, "InvalidVpcID.NotFound");
  },
};

const routeTableAssociation: Rule = {
  id: (ctx) => freshId(ctx, "rtbassoc-"),
  outputs: (ctx) => ({ region: ctx.region }),
  refuseCreate(ctx, inputs) {
    requireOne(ctx, inputs, ["gatewayId", "subnetId"], "thing to associate");
    refuseMissing(ctx, TABLE, "id", inputs.routeTableId, "InvalidRouteTableID.NotFound");
  },
};

const vpcEndpoint: Rule = {
  id: (ctx) => freshId(ctx, "vpce-"),
  outputs: (ctx, inputs, id) => {
    const kind = inputs.vpcEndpointType ?? "Gateway";
    return {
      ...tagged(ctx, inputs),
      arn: arn(ctx, "ec2", `vpc-endpoint/${id}`),
      vpcEndpointType: kind,
      ownerId: ctx.account,
      requesterManaged: false,
      state: "available",
      prefixListId: kind === "Gateway" ? `pl-${ctx.hex("prefixes", 8)}` : "",
      cidrBlocks: [],
      dnsEntries: [],
      networkInterfaceIds: texts(inputs.subnetIds).map(
        (_, index) => `eni-${ctx.hex(`interface ${index}`, 17)}`,
      ),
    };
  },
  refuseWrite(ctx, inputs) {
    refuseMalformed(ctx, inputs.policy, "InvalidPolicyDocument");
    const vpc = lookup(ctx, "aws:ec2/vpc:Vpc", "id", inputs.vpcId);
    const dns = vpc && property(vpc, "enableDnsHostnames") && property(vpc, "enableDnsSupport");
    if (inputs.privateDnsEnabled === true && dns === false) {
      ctx.refuse("InvalidParameter", "privateDnsEnabled needs a VPC with DNS support and DNS host names");
    }
  },
  refuseCreate(ctx, inputs) {
    refuseMissing(ctx, "aws:ec2/vpc:Vpc", "id", inputs.vpcId, "InvalidVpcID.NotFound");
    requireOne(ctx, inputs, ["serviceName", "resourceConfigurationArn", "serviceNetworkArn"], "service");
  },
};

const managedPrefixList: Rule = {
  id: (ctx) => freshId(ctx, "pl-"),
  outputs: (ctx, inputs, id, previous) => ({
    ...tagged(ctx, inputs),
    arn: arn(ctx, "ec2", `prefix-list/${id}`),
    ownerId: ctx.account,
    version: previous === undefined ? 1 : (number(previous.version) ?? 0) + 1,
  }),
  refuseWrite(ctx, inputs) {
    const most = number(inputs.maxEntries);
    const entries = records(inputs.entries).length;
    if (most !== undefined && entries > most) {
      ctx.refuse("InvalidParameterValue", `${entries} entries do not fit: maxEntries is ${most}`);
    }
  },
  refuseDelete(ctx, existing) {
    const users = [
      ...alive(ctx, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"),
      ...alive(ctx, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"),
      ...alive(ctx, ROUTE),
    ].filter((o) => [o.inputs.prefixListId, o.inputs.destinationPrefixListId].includes(existing.id));
    if (users.length === 0) return;
    ctx.refuse(
      "DependencyViolation",
      `${existing.id} is in use by ${users.map((o: CloudObject) => o.id).join(", ")}`,
    );
  },
};

const flowLog: Rule = {
  id: (ctx) => freshId(ctx, "fl-"),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    arn: arn(ctx, "ec2", `vpc-flow-log/${id}`),
    logDestinationType: inputs.logDestinationType ?? "cloud-watch-logs",
    maxAggregationInterval: inputs.maxAggregationInterval ?? 600,
  }),
  refuseCreate(ctx, inputs) {
    const sources = ["eniId", "regionalNatGatewayId", "subnetId", "vpcId"] as const;
    const others = ["transitGatewayAttachmentId", "transitGatewayId"] as const;
    requireOne(ctx, inputs, [...sources, ...others], "source");
    if (sources.some((name) => inputs[name] !== undefined) && inputs.trafficType === undefined) {
      ctx.refuse("MissingParameter", "a flow log of a VPC, subnet or interface needs a trafficType");
    }
    const toLogs = (inputs.logDestinationType ?? "cloud-watch-logs") === "cloud-watch-logs";
    if (toLogs && inputs.iamRoleArn === undefined) {
      ctx.refuse("InvalidParameter", "a flow log to CloudWatch Logs needs an iamRoleArn");
    }
    refuseUntrusted(ctx, inputs.iamRoleArn, "vpc-flow-logs.amazonaws.com", "InvalidParameter");
  },
};

export const rules: Rules = {
  [ROUTE]: route,
  [TABLE]: routeTable,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": routeTableAssociation,
  "aws:ec2/vpcEndpoint:VpcEndpoint": vpcEndpoint,
  [PREFIX_LIST]: managedPrefixList,
  "aws:ec2/flowLog:FlowLog": flowLog,
};

function requireOne(ctx: RuleContext, inputs: Props, names: readonly string[], what: string): void {
  const given = names.filter((name) => inputs[name] !== undefined);
  if (given.length === 1) return;
  const found = given.length === 0 ? "none is" : `${given.join(" and ")} are`;
  ctx.refuse(
    "InvalidParameterCombination",
    `exactly one ${what} must be given, ${found}; one of ${names.join(", ")}`,
  );
}
