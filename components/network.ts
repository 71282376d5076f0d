import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Firewall } from "./firewall";
import { FlowLogs } from "./flow-logs";
import { physicalName, type Scope, tags } from "./names";
import { subnetCidrs, zoneLetters } from "./subnets";

export interface NetworkArgs {
  readonly scope: Scope;
  /** The network's IPv4 range, from /16 to /22. */
  readonly cidr: string;
  readonly zones: 2 | 3;
  /** Private ways out: none, one for all zones, or one in each. A gateway costs about $36.50 a month. */
  readonly nat: "none" | "one" | "each-zone";
  /** Whether to record who talked to whom. */
  readonly flowLogs: boolean;
  /** Days that the record is kept. */
  readonly logDays: number;
  /** The ranges that the edge calls from: nobody else reaches the load balancer. */
  readonly edgeRanges: { readonly ipv4: pulumi.Input<string[]>; readonly ipv6: pulumi.Input<string[]> };
  /** Ports of processes that the load balancer may reach. */
  readonly ports: readonly number[];
  /** Ports of databases that tasks may reach. */
  readonly databasePorts: readonly number[];
}

/**
 * The environment's own network. Without a NAT gateway tasks run in the public subnets, each with an address
 * of its own that only the load balancer may call; with one they run in the private subnets. Databases always
 * stand in private subnets.
 */
export class Network extends pulumi.ComponentResource {
  public readonly vpcId: pulumi.Output<string>;
  /** One for each zone, handed over once it leads to the internet. */
  public readonly publicSubnetIds: pulumi.Output<string>[];
  /** One for each zone. */
  public readonly privateSubnetIds: pulumi.Output<string>[];
  /** Where tasks run. */
  public readonly taskSubnetIds: pulumi.Output<string>[];
  /** Whether a task needs a public address to reach the outside. */
  public readonly assignPublicIp: boolean;
  public readonly balancerSecurityGroupId: pulumi.Output<string>;
  public readonly taskSecurityGroupId: pulumi.Output<string>;
  public readonly databaseSecurityGroupId: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:network:Network", name, {}, opts);
    const { scope } = args;
    const letters = zoneLetters(scope.region, args.zones);
    const cidrs = subnetCidrs(args.cidr, args.zones);

    const vpc = new aws.ec2.Vpc(
      name,
      {
        cidrBlock: args.cidr,
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: { ...tags(scope, "network"), Name: physicalName(scope, "", 255) },
      },
      { parent: this },
    );
    const site: Site = { parent: this, name, scope, vpcId: vpc.id };
    const out = wayOut(site);
    const publics = letters.map((zone, i) => subnet(site, "public", zone, cidrs.public[i] ?? "", out));
    const gateways = natGateways(site, letters, args.nat, publics);
    const privates = letters.map((zone, i) => {
      const table = routeTable(site, `private-${zone}`);
      const gateway = gateways[zone] ?? gateways[letters[0] ?? ""];
      const routes = gateway
        ? [defaultRoute(site, `private-${zone}`, table, { natGatewayId: gateway.id })]
        : [];
      return subnet(site, "private", zone, cidrs.private[i] ?? "", { table, routes });
    });
    storageEndpoint(site, [out.table, ...privates.map(({ table }) => table)]);
    const firewall = new Firewall(`${name}-firewall`, { ...args, vpcId: vpc.id }, { parent: this });
    if (args.flowLogs)
      new FlowLogs(`${name}-flows`, { scope, vpcId: vpc.id, logDays: args.logDays }, { parent: this });

    this.vpcId = vpc.id;
    this.publicSubnetIds = publics.map(({ id }) => id);
    this.privateSubnetIds = privates.map(({ id }) => id);
    this.assignPublicIp = args.nat === "none";
    this.taskSubnetIds = this.assignPublicIp ? this.publicSubnetIds : this.privateSubnetIds;
    this.balancerSecurityGroupId = firewall.balancerSecurityGroupId;
    this.taskSecurityGroupId = firewall.taskSecurityGroupId;
    this.databaseSecurityGroupId = firewall.databaseSecurityGroupId;
    this.registerOutputs({ vpcId: this.vpcId, taskSubnetIds: this.taskSubnetIds });
  }
}

/** What every part of the network is made with. */
interface Site {
  readonly parent: Network;
  readonly name: string;
  readonly scope: Scope;
  readonly vpcId: pulumi.Output<string>;
}

interface Way {
  readonly table: aws.ec2.RouteTable;
  readonly routes: readonly aws.ec2.Route[];
}

function wayOut(site: Site): Way {
  const gateway = new aws.ec2.InternetGateway(
    `${site.name}-gateway`,
    { vpcId: site.vpcId, tags: tags(site.scope, "gateway") },
    { parent: site.parent },
  );
  const table = routeTable(site, "public");
  return { table, routes: [defaultRoute(site, "public", table, { gatewayId: gateway.id })] };
}

function routeTable({ name, scope, vpcId, parent }: Site, role: string) {
  return new aws.ec2.RouteTable(`${name}-${role}`, { vpcId, tags: tags(scope, role) }, { parent });
}

function defaultRoute(
  { name, parent }: Site,
  role: string,
  table: aws.ec2.RouteTable,
  target: Pick<aws.ec2.RouteArgs, "gatewayId" | "natGatewayId">,
) {
  const args = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", ...target };
  return new aws.ec2.Route(`${name}-${role}-out`, args, { parent });
}

function subnet(site: Site, kind: "public" | "private", zone: string, cidrBlock: string, way: Way) {
  const { name, scope, vpcId, parent } = site;
  const role = `${kind}-${zone}`;
  const made = new aws.ec2.Subnet(
    `${name}-${role}`,
    {
      vpcId,
      cidrBlock,
      availabilityZone: `${scope.region}${zone}`,
      // A public address is asked for by who needs one, never given to whatever starts here.
      mapPublicIpOnLaunch: false,
      tags: tags(scope, role),
    },
    { parent },
  );
  const association = new aws.ec2.RouteTableAssociation(
    `${name}-${role}`,
    { subnetId: made.id, routeTableId: way.table.id },
    { parent, dependsOn: [...way.routes] },
  );
  // The id comes from the association, so that whoever stands in the subnet waits for its way out.
  return { id: association.subnetId.apply((id) => id ?? ""), table: way.table };
}

function natGateways(
  { name, scope, parent }: Site,
  letters: readonly string[],
  nat: NetworkArgs["nat"],
  publics: readonly { readonly id: pulumi.Output<string> }[],
): Readonly<Record<string, aws.ec2.NatGateway>> {
  const count = { none: 0, one: 1, "each-zone": letters.length }[nat];
  return Object.fromEntries(
    letters.slice(0, count).map((zone, i) => {
      const role = `nat-${zone}`;
      const address = new aws.ec2.Eip(
        `${name}-${role}`,
        { domain: "vpc", tags: tags(scope, role) },
        { parent },
      );
      const where = { subnetId: publics[i]?.id ?? "", allocationId: address.id, tags: tags(scope, role) };
      return [zone, new aws.ec2.NatGateway(`${name}-${role}`, where, { parent })];
    }),
  );
}

/** S3 without leaving AWS and without a price: image layers, backups and uploads take this way. */
function storageEndpoint({ name, scope, vpcId, parent }: Site, tables: readonly aws.ec2.RouteTable[]) {
  new aws.ec2.VpcEndpoint(
    `${name}-s3`,
    {
      vpcId,
      serviceName: `com.amazonaws.${scope.region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: tables.map(({ id }) => id),
      tags: tags(scope, "s3"),
    },
    { parent },
  );
}
