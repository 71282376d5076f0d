import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeCloud, refusal } from "./context.test-helper";
import { rules } from "./ec2";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const HTTPS = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };

function groups() {
  const cloud = new FakeCloud(rules);
  const vpc = cloud.create("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
  const web = cloud.create(GROUP, { vpcId: vpc.id, name: "web" }, "web");
  const data = cloud.create(GROUP, { vpcId: vpc.id, name: "data" }, "data");
  return { cloud, vpc, web, data };
}

test("a group's name is unique in its VPC, whatever the case", () => {
  const { cloud, vpc } = groups();
  assert.throws(
    () => cloud.create(GROUP, { vpcId: vpc.id, name: "WEB" }, "x"),
    refusal("InvalidGroup.Duplicate"),
  );
});

test("the same rule twice is refused", () => {
  const { cloud, web } = groups();
  const inputs = { ...HTTPS, securityGroupId: web.id, cidrIpv4: "192.0.2.0/24" };
  cloud.create(INGRESS, inputs, "a");
  assert.throws(() => cloud.create(INGRESS, inputs, "b"), refusal("InvalidPermission.Duplicate", /sgr-/));
  cloud.create(INGRESS, { ...inputs, cidrIpv4: "198.51.100.0/24" }, "c");
});

test("a rule names exactly one source", () => {
  const { cloud, web } = groups();
  const inputs = { ...HTTPS, securityGroupId: web.id };
  assert.throws(() => cloud.create(INGRESS, inputs), refusal("InvalidParameterCombination", /cidrIpv4/));
});

test("a rule needs its ports, except for every protocol", () => {
  const { cloud, web } = groups();
  const inputs = { securityGroupId: web.id, cidrIpv4: "0.0.0.0/0" };
  assert.throws(() => cloud.create(INGRESS, { ...inputs, ipProtocol: "tcp" }), refusal("MissingParameter"));
  const all = { ...inputs, ipProtocol: "-1", fromPort: 443, toPort: 443 };
  assert.throws(() => cloud.create(INGRESS, all), refusal("InvalidParameterValue"));
  cloud.create(INGRESS, { ...inputs, ipProtocol: "-1" });
});

test("a rule of a group that does not exist is refused", () => {
  const inputs = { ...HTTPS, securityGroupId: "sg-nowhere", cidrIpv4: "0.0.0.0/0" };
  assert.throws(() => groups().cloud.create(INGRESS, inputs), refusal("InvalidGroup.NotFound"));
});

test("a group that a rule of another group names is kept; its own rules do not keep it", () => {
  const { cloud, web, data } = groups();
  cloud.create(INGRESS, { ...HTTPS, securityGroupId: data.id, referencedSecurityGroupId: web.id }, "a");
  cloud.create(INGRESS, { ...HTTPS, securityGroupId: data.id, referencedSecurityGroupId: data.id }, "b");
  assert.throws(() => cloud.remove(web), refusal("DependencyViolation", /sgr-/));
  cloud.remove(data);
});
