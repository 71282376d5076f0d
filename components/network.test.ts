import assert from "node:assert/strict";
import { test } from "node:test";
import { Network, type NetworkArgs } from "./network";
import { ofType, type Recorded, record } from "./recorder";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };
const args: NetworkArgs = {
  scope,
  cidr: "10.20.0.0/16",
  zones: 2,
  nat: "none",
  flowLogs: false,
  logDays: 14,
  edgeRanges: { ipv4: ["198.51.100.0/24", "192.0.2.0/24"], ipv6: ["2001:db8::/32"] },
  ports: [8000, 3000, 8000],
  databasePorts: [3306, 3306],
};

async function declare(more: Partial<NetworkArgs> = {}) {
  let network: Network | undefined;
  const recorded = await record(() => {
    network = new Network("network", { ...args, ...more });
  });
  return { recorded, network: network as unknown as Network };
}

const rules = (recorded: readonly Recorded[], direction: "Ingress" | "Egress") =>
  ofType(recorded, `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`);

test("public subnets lead to the internet, private ones lead nowhere", async () => {
  const { recorded, network } = await declare();
  assert.deepEqual(ofType(recorded, "aws:ec2/vpc:Vpc").network?.cidrBlock, "10.20.0.0/16");
  const subnets = ofType(recorded, "aws:ec2/subnet:Subnet");
  assert.deepEqual(
    Object.fromEntries(Object.entries(subnets).map(([name, { cidrBlock }]) => [name, cidrBlock])),
    {
      "network-public-a": "10.20.0.0/20",
      "network-public-b": "10.20.16.0/20",
      "network-private-a": "10.20.128.0/20",
      "network-private-b": "10.20.144.0/20",
    },
  );
  assert.equal(subnets["network-public-b"]?.availabilityZone, "eu-west-3b");
  assert.ok(Object.values(subnets).every(({ mapPublicIpOnLaunch }) => mapPublicIpOnLaunch === false));
  const routes = ofType(recorded, "aws:ec2/route:Route");
  assert.deepEqual(Object.keys(routes), ["network-public-out"]);
  assert.equal(routes["network-public-out"]?.gatewayId, "network-gateway-id");
  assert.equal(network.assignPublicIp, true);
  assert.equal(network.taskSubnetIds, network.publicSubnetIds);
});

for (const [nat, gateways] of [
  ["one", { a: "network-nat-a-id", b: "network-nat-a-id" }],
  ["each-zone", { a: "network-nat-a-id", b: "network-nat-b-id" }],
] as const)
  test(`nat ${nat}: private subnets have a way out and tasks run there without public addresses`, async () => {
    const { recorded, network } = await declare({ nat });
    const routes = ofType(recorded, "aws:ec2/route:Route");
    for (const [zone, gateway] of Object.entries(gateways))
      assert.equal(routes[`network-private-${zone}-out`]?.natGatewayId, gateway);
    const count = new Set(Object.values(gateways)).size;
    assert.equal(Object.keys(ofType(recorded, "aws:ec2/natGateway:NatGateway")).length, count);
    assert.equal(Object.keys(ofType(recorded, "aws:ec2/eip:Eip")).length, count);
    assert.equal(network.assignPublicIp, false);
    assert.equal(network.taskSubnetIds, network.privateSubnetIds);
  });

for (const zones of [2, 3] as const)
  test(`S3's gateway endpoint stands in every route table of ${zones} zones`, async () => {
    const { recorded } = await declare({ zones });
    const tables = Object.keys(ofType(recorded, "aws:ec2/routeTable:RouteTable"));
    assert.equal(tables.length, zones + 1);
    const endpoint = ofType(recorded, "aws:ec2/vpcEndpoint:VpcEndpoint")["network-s3"] ?? {};
    assert.equal(endpoint.vpcEndpointType, "Gateway");
    assert.equal(endpoint.serviceName, "com.amazonaws.eu-west-3.s3");
    assert.deepEqual(
      [...(endpoint.routeTableIds as string[])].sort(),
      tables.map((table) => `${table}-id`).sort(),
    );
  });

test("every subnet is associated with a route table", async () => {
  const { recorded } = await declare({ zones: 3 });
  const associations = ofType(recorded, "aws:ec2/routeTableAssociation:RouteTableAssociation");
  assert.deepEqual(
    Object.values(associations)
      .map(({ subnetId }) => subnetId)
      .sort(),
    Object.keys(ofType(recorded, "aws:ec2/subnet:Subnet"))
      .map((name) => `${name}-id`)
      .sort(),
  );
});

test("the load balancer answers on 443 and to the edge's ranges only", async () => {
  const { recorded } = await declare();
  const balancer = Object.entries(rules(recorded, "Ingress")).filter(
    ([, { securityGroupId }]) => securityGroupId === "network-firewall-balancer-id",
  );
  assert.deepEqual(
    balancer
      .sort()
      .map(([, { prefixListId, fromPort, toPort, ipProtocol }]) => [
        prefixListId,
        fromPort,
        toPort,
        ipProtocol,
      ]),
    [
      ["network-firewall-edge-ipv4-id", 443, 443, "tcp"],
      ["network-firewall-edge-ipv6-id", 443, 443, "tcp"],
    ],
  );
});

test("the edge's ranges are two sorted lists of a fixed size, so that a change is an update", async () => {
  const { recorded } = await declare();
  const lists = ofType(recorded, "aws:ec2/managedPrefixList:ManagedPrefixList");
  assert.deepEqual(Object.keys(lists).sort(), ["network-firewall-edge-ipv4", "network-firewall-edge-ipv6"]);
  const four = lists["network-firewall-edge-ipv4"];
  assert.equal(four?.addressFamily, "IPv4");
  assert.deepEqual(
    ((four?.entries ?? []) as { cidr: string }[]).map(({ cidr }) => cidr),
    ["192.0.2.0/24", "198.51.100.0/24"],
  );
  assert.deepEqual(
    Object.values(lists).map(({ maxEntries }) => maxEntries),
    [30, 30],
  );
});

test("tasks answer to the load balancer on each port once, databases to tasks on 3306", async () => {
  const { recorded } = await declare();
  const from = (to: string) =>
    Object.values(rules(recorded, "Ingress"))
      .filter(({ securityGroupId }) => securityGroupId === to)
      .map(({ fromPort, toPort, referencedSecurityGroupId }) => [fromPort, toPort, referencedSecurityGroupId])
      .sort();
  assert.deepEqual(from("network-firewall-tasks-id"), [
    [3000, 3000, "network-firewall-balancer-id"],
    [8000, 8000, "network-firewall-balancer-id"],
  ]);
  assert.deepEqual(from("network-firewall-databases-id"), [[3306, 3306, "network-firewall-tasks-id"]]);
});

test("nothing is open to the world, and only tasks may call anywhere", async () => {
  const { recorded } = await declare();
  for (const rule of Object.values(rules(recorded, "Ingress")))
    assert.ok(rule.cidrIpv4 === undefined && rule.cidrIpv6 === undefined);
  const everywhere = Object.entries(rules(recorded, "Egress")).filter(
    ([, rule]) => rule.cidrIpv4 !== undefined,
  );
  assert.deepEqual(
    everywhere.map(([name]) => name),
    ["network-firewall-tasks-to-anywhere"],
  );
  for (const group of Object.values(ofType(recorded, "aws:ec2/securityGroup:SecurityGroup")))
    assert.ok(group.ingress === undefined && group.egress === undefined);
});

test("without ports nothing reaches tasks or databases", async () => {
  const { recorded } = await declare({ ports: [], databasePorts: [] });
  assert.equal(Object.keys(rules(recorded, "Ingress")).length, 2);
});

test("flow logs are kept as long as asked, by a role that only the flow log service of this account takes", async () => {
  const { recorded } = await declare({ flowLogs: true });
  const log = ofType(recorded, "aws:ec2/flowLog:FlowLog")["network-flows"];
  assert.equal(log?.trafficType, "ALL");
  assert.equal(log?.vpcId, "network-id");
  const group = ofType(recorded, "aws:cloudwatch/logGroup:LogGroup")["network-flows"];
  assert.equal(group?.name, "/shop/prod/network");
  assert.equal(group?.retentionInDays, 14);
  const role = ofType(recorded, "aws:iam/role:Role")["network-flows-writer"];
  const [trust] = JSON.parse(role?.assumeRolePolicy as string).Statement;
  assert.equal(trust.Principal.Service, "vpc-flow-logs.amazonaws.com");
  assert.equal(trust.Condition.StringEquals["aws:SourceAccount"], "222222222222");
  const policy = ofType(recorded, "aws:iam/rolePolicy:RolePolicy")["network-flows-writer"];
  const [write] = JSON.parse(policy?.policy as string).Statement;
  assert.ok(write.Resource.every((arn: string) => arn.includes(":network-flows")));
});

test("without flow logs there is no log group and no role", async () => {
  const { recorded } = await declare();
  assert.ok(recorded.every(({ type }) => !/flowLog|logGroup|iam/.test(type)));
});
