import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Scope, tags } from "./names";

export interface FirewallArgs {
  readonly scope: Scope;
  readonly vpcId: pulumi.Input<string>;
  /** The ranges that the edge calls from: nobody else reaches the load balancer. */
  readonly edgeRanges: { readonly ipv4: pulumi.Input<string[]>; readonly ipv6: pulumi.Input<string[]> };
  /** Ports of the tasks that the load balancer may reach. */
  readonly ports: readonly number[];
  /** Ports of the databases that tasks may reach. */
  readonly databasePorts: readonly number[];
}

/**
 * Who may talk to whom: the edge to the load balancer, the load balancer to tasks, tasks to databases.
 * Nothing is open to the world, and a database starts no connection of its own.
 */
export class Firewall extends pulumi.ComponentResource {
  public readonly balancerSecurityGroupId: pulumi.Output<string>;
  public readonly taskSecurityGroupId: pulumi.Output<string>;
  public readonly databaseSecurityGroupId: pulumi.Output<string>;

  constructor(name: string, args: FirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:network:Firewall", name, {}, opts);

    const balancer = group(this, name, "balancer", "The load balancer, called by the edge only", args);
    const tasks = group(this, name, "tasks", "Tasks, called by the load balancer only", args);
    const databases = group(this, name, "databases", "Databases, called by tasks only", args);

    for (const family of ["IPv4", "IPv6"] as const) {
      const key = family.toLowerCase() as "ipv4" | "ipv6";
      const list = edgeList(this, name, family, args.edgeRanges[key], args.scope);
      const from = { description: `The edge, ${family}`, prefixListId: list.id };
      allow(this, `${name}-balancer-from-edge-${key}`, "ingress", balancer, 443, from, args.scope);
    }
    for (const port of new Set(args.ports)) {
      const [to, from] = [
        { referencedSecurityGroupId: tasks.id },
        { referencedSecurityGroupId: balancer.id },
      ];
      allow(this, `${name}-balancer-to-tasks-${port}`, "egress", balancer, port, to, args.scope);
      allow(this, `${name}-tasks-from-balancer-${port}`, "ingress", tasks, port, from, args.scope);
    }
    for (const port of new Set(args.databasePorts)) {
      const from = { referencedSecurityGroupId: tasks.id };
      allow(this, `${name}-databases-from-tasks-${port}`, "ingress", databases, port, from, args.scope);
    }
    // Registry, secrets, logs, mail, payment: tasks call out by name, and names have no fixed ranges.
    const anywhere = { description: "Anywhere", cidrIpv4: "0.0.0.0/0" };
    allow(this, `${name}-tasks-to-anywhere`, "egress", tasks, undefined, anywhere, args.scope);

    this.balancerSecurityGroupId = balancer.id;
    this.taskSecurityGroupId = tasks.id;
    this.databaseSecurityGroupId = databases.id;
    this.registerOutputs({
      balancerSecurityGroupId: this.balancerSecurityGroupId,
      taskSecurityGroupId: this.taskSecurityGroupId,
      databaseSecurityGroupId: this.databaseSecurityGroupId,
    });
  }
}

/** A group without inline rules: the provider then also takes away AWS's own "everything out". */
function group(parent: Firewall, name: string, role: string, description: string, args: FirewallArgs) {
  return new aws.ec2.SecurityGroup(
    `${name}-${role}`,
    { vpcId: args.vpcId, description, tags: tags(args.scope, role) },
    { parent },
  );
}

/**
 * The edge's ranges as a list that the group refers to. The size is fixed and generous: a range more is then
 * an update of the list; a bigger list would count against the group's quota of 60 rules.
 */
function edgeList(
  parent: Firewall,
  name: string,
  addressFamily: "IPv4" | "IPv6",
  ranges: pulumi.Input<string[]>,
  scope: Scope,
) {
  const role = `edge-${addressFamily.toLowerCase()}`;
  const entries = pulumi
    .output(ranges)
    .apply((cidrs) => [...cidrs].sort().map((cidr) => ({ cidr, description: "edge" })));
  return new aws.ec2.ManagedPrefixList(
    `${name}-${role}`,
    { addressFamily, maxEntries: 30, entries, tags: tags(scope, role) },
    { parent },
  );
}

type Peer = Pick<
  aws.vpc.SecurityGroupIngressRuleArgs,
  "cidrIpv4" | "prefixListId" | "referencedSecurityGroupId" | "description"
>;

function allow(
  parent: Firewall,
  name: string,
  direction: "ingress" | "egress",
  group: aws.ec2.SecurityGroup,
  /** @default every port and protocol */
  port: number | undefined,
  peer: Peer,
  scope: Scope,
) {
  const Rule = direction === "ingress" ? aws.vpc.SecurityGroupIngressRule : aws.vpc.SecurityGroupEgressRule;
  const traffic = port ? { ipProtocol: "tcp", fromPort: port, toPort: port } : { ipProtocol: "-1" };
  new Rule(
    name,
    { securityGroupId: group.id, ...traffic, ...peer, tags: tags(scope, direction) },
    { parent },
  );
}
