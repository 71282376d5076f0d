import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeCloud, refusal, trust } from "./context.test-helper";
import { rules } from "./ec2";
import { rules as iam } from "./iam";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

function network() {
  const cloud = new FakeCloud({ ...rules, ...iam });
  const vpc = cloud.create(VPC, { cidrBlock: "10.0.0.0/16" });
  const subnet = cloud.create(SUBNET, {
    vpcId: vpc.id,
    cidrBlock: "10.0.0.0/24",
    availabilityZone: "eu-west-3b",
  });
  return { cloud, vpc, subnet };
}

test("ids and ARNs have AWS's shape, in the right region and account", () => {
  const { vpc, subnet } = network();
  assert.match(vpc.id, /^vpc-[0-9a-f]{17}$/);
  assert.equal(vpc.outputs.arn, `arn:aws:ec2:eu-west-3:111122223333:vpc/${vpc.id}`);
  assert.equal(subnet.outputs.availabilityZoneId, "euw3-az2");
});

test("a replacement that stands beside what it replaces gets another id", () => {
  const { cloud, vpc } = network();
  assert.notEqual(cloud.create(VPC, { cidrBlock: "10.1.0.0/16" }).id, vpc.id);
});

test("a subnet that overlaps another one of its VPC is refused", () => {
  const { cloud, vpc } = network();
  const inputs = { vpcId: vpc.id, cidrBlock: "10.0.0.128/25" };
  assert.throws(
    () => cloud.create(SUBNET, inputs, "b"),
    refusal("InvalidSubnet.Conflict", /10\.0\.0\.0\/24/),
  );
});

test("a subnet outside of its VPC is refused", () => {
  const { cloud, vpc } = network();
  const inputs = { vpcId: vpc.id, cidrBlock: "10.1.0.0/24" };
  assert.throws(() => cloud.create(SUBNET, inputs, "b"), refusal("InvalidSubnet.Range"));
});

test("a subnet of a VPC that does not exist is refused", () => {
  const { cloud } = network();
  const inputs = { vpcId: "vpc-nowhere", cidrBlock: "10.1.0.0/24" };
  assert.throws(() => cloud.create(SUBNET, inputs, "b"), refusal("InvalidVpcID.NotFound"));
});

test("a VPC is kept while something is inside, and goes when it is empty", () => {
  const { cloud, vpc, subnet } = network();
  assert.throws(() => cloud.remove(vpc), refusal("DependencyViolation", new RegExp(subnet.id)));
  cloud.remove(subnet);
  cloud.remove(vpc);
});

test("host names without DNS support are refused", () => {
  const inputs = { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true, enableDnsSupport: false };
  assert.throws(() => new FakeCloud(rules).create(VPC, inputs), refusal("InvalidParameterCombination"));
});

test("a public NAT gateway needs an address, and an address serves one gateway", () => {
  const { cloud, subnet } = network();
  const NAT = "aws:ec2/natGateway:NatGateway";
  assert.throws(() => cloud.create(NAT, { subnetId: subnet.id }), refusal("MissingParameter"));
  const eip = cloud.create("aws:ec2/eip:Eip", {});
  const nat = cloud.create(NAT, { subnetId: subnet.id, allocationId: eip.id });
  assert.equal(nat.outputs.publicIp, eip.outputs.publicIp);
  const again = { subnetId: subnet.id, allocationId: eip.id };
  assert.throws(() => cloud.create(NAT, again, "b"), refusal("Resource.AlreadyAssociated"));
  assert.throws(() => cloud.remove(eip), refusal("InvalidIPAddress.InUse"));
  assert.throws(() => cloud.remove(subnet), refusal("DependencyViolation"));
});

test("an internet gateway is kept while public addresses depend on it", () => {
  const { cloud, vpc, subnet } = network();
  const gateway = cloud.create("aws:ec2/internetGateway:InternetGateway", { vpcId: vpc.id });
  const eip = cloud.create("aws:ec2/eip:Eip", {});
  cloud.create("aws:ec2/natGateway:NatGateway", { subnetId: subnet.id, allocationId: eip.id });
  assert.throws(() => cloud.remove(gateway), refusal("DependencyViolation", /nat-/));
});

test("two routes of a table to one destination are refused", () => {
  const { cloud, vpc } = network();
  const ROUTE = "aws:ec2/route:Route";
  const table = cloud.create("aws:ec2/routeTable:RouteTable", { vpcId: vpc.id });
  const inputs = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-1" };
  assert.throws(
    () => cloud.create(ROUTE, { ...inputs, natGatewayId: "nat-1" }),
    refusal("InvalidParameterCombination", /gatewayId and natGatewayId/),
  );
  cloud.create(ROUTE, inputs);
  assert.throws(() => cloud.create(ROUTE, inputs, "b"), refusal("RouteAlreadyExists"));
});

test("a prefix list holds at most maxEntries and is kept while a rule uses it", () => {
  const { cloud, vpc } = network();
  const entries = [{ cidr: "192.0.2.0/24" }, { cidr: "198.51.100.0/24" }];
  const inputs = { addressFamily: "IPv4", maxEntries: 1, entries };
  assert.throws(() => cloud.create(LIST, inputs), refusal("InvalidParameterValue"));
  const list = cloud.create(LIST, { ...inputs, maxEntries: 2 });
  const group = cloud.create("aws:ec2/securityGroup:SecurityGroup", { vpcId: vpc.id, name: "web" });
  const rule = { securityGroupId: group.id, ipProtocol: "tcp", fromPort: 443, toPort: 443 };
  cloud.create(INGRESS, { ...rule, prefixListId: list.id });
  assert.throws(() => cloud.remove(list), refusal("DependencyViolation", /sgr-/));
  cloud.update(list, { maxEntries: 3 });
  assert.equal(list.outputs.version, 2);
});

test("flow logs to CloudWatch need a role that the service can assume", () => {
  const { cloud, vpc } = network();
  const FLOW = "aws:ec2/flowLog:FlowLog";
  const inputs = { vpcId: vpc.id, trafficType: "ALL" };
  assert.throws(() => cloud.create(FLOW, inputs), refusal("InvalidParameter", /iamRoleArn/));
  const role = cloud.create("aws:iam/role:Role", { name: "r", assumeRolePolicy: trust("ecs.amazonaws.com") });
  const wrong = { ...inputs, iamRoleArn: role.outputs.arn };
  assert.throws(() => cloud.create(FLOW, wrong), refusal("InvalidParameter", /cannot be assumed/));
});
