import assert from "node:assert/strict";
import { test } from "node:test";
import { rules as acm } from "./acm";
import { FakeCloud, refusal } from "./context.test-helper";
import { rules as ec2 } from "./ec2";
import { rules } from "./lb";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const GROUP = "aws:lb/targetGroup:TargetGroup";
const LISTENER = "aws:lb/listener:Listener";
const RULE = "aws:lb/listenerRule:ListenerRule";
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const CLOSED = [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "403" } }];

function edge() {
  const cloud = new FakeCloud({ ...rules, ...ec2, ...acm, [RECORD]: {} });
  const vpc = cloud.create("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
  const subnets = ["a", "b", "c"].map((zone, index) => {
    const availabilityZone = `eu-west-3${zone === "c" ? "a" : zone}`;
    const inputs = { vpcId: vpc.id, cidrBlock: `10.0.${index}.0/24`, availabilityZone };
    return cloud.create("aws:ec2/subnet:Subnet", inputs, zone).id;
  });
  const [a = "", b = "", c = ""] = subnets;
  const balancer = cloud.create(BALANCER, { name: "shop", subnets: [a, b] });
  const group = cloud.create(GROUP, {
    name: "web",
    port: 8000,
    protocol: "HTTP",
    vpcId: vpc.id,
    targetType: "ip",
  });
  const listen = (inputs: object, name = "main") =>
    cloud.create(
      LISTENER,
      { loadBalancerArn: balancer.id, port: 80, defaultActions: CLOSED, ...inputs },
      name,
    );
  return { cloud, vpc, a, b, c, balancer, group, listen };
}

test("ARNs, suffixes and host names have AWS's shape", () => {
  const { balancer, group, vpc } = edge();
  assert.match(String(balancer.outputs.arnSuffix), /^app\/shop\/[0-9a-f]{16}$/);
  assert.match(String(balancer.outputs.dnsName), /^shop-\d+\.eu-west-3\.elb\.amazonaws\.com$/);
  assert.match(String(group.outputs.arnSuffix), /^targetgroup\/web\/[0-9a-f]{16}$/);
  assert.equal(balancer.outputs.vpcId, vpc.id);
});

test("names of load balancers and target groups are taken once", () => {
  const { cloud, vpc, a, b } = edge();
  const balancer = { name: "shop", subnets: [a, b] };
  assert.throws(() => cloud.create(BALANCER, balancer, "x"), refusal("DuplicateLoadBalancerName"));
  const group = { name: "web", port: 80, protocol: "HTTP", vpcId: vpc.id };
  assert.throws(() => cloud.create(GROUP, group, "x"), refusal("DuplicateTargetGroupName"));
});

test("an application load balancer stands in two zones, with one subnet in each", () => {
  const { cloud, a, c } = edge();
  const create = (subnets: string[]) => () => cloud.create(BALANCER, { name: "x", subnets }, "x");
  assert.throws(create([a]), refusal("ValidationError", /two zones/));
  assert.throws(create([a, c]), refusal("InvalidConfigurationRequest", /eu-west-3a, eu-west-3a/));
  assert.throws(create([a, "subnet-none"]), refusal("SubnetNotFound"));
});

test("a security group that does not exist is refused", () => {
  const { cloud, a, b } = edge();
  const inputs = { name: "x", subnets: [a, b], securityGroups: ["sg-none"] };
  assert.throws(() => cloud.create(BALANCER, inputs, "x"), refusal("InvalidSecurityGroup"));
});

test("deletion protection keeps the load balancer", () => {
  const { cloud, balancer } = edge();
  cloud.update(balancer, { enableDeletionProtection: true });
  assert.throws(() => cloud.remove(balancer), refusal("OperationNotPermitted"));
});

test("a load balancer listens once on a port", () => {
  const { listen } = edge();
  listen({});
  assert.throws(() => listen({}, "b"), refusal("DuplicateListener", /port 80/));
});

test("an HTTPS listener needs a certificate that is issued", () => {
  const { cloud, listen } = edge();
  const https = { port: 443, protocol: "HTTPS" };
  assert.throws(() => listen(https), refusal("CertificateNotFound", /needs/));
  const certificate = cloud.create("aws:acm/certificate:Certificate", {
    domainName: "a.example",
    validationMethod: "DNS",
  });
  const open = () => listen({ ...https, certificateArn: certificate.id });
  assert.throws(open, refusal("UnsupportedCertificate", /not issued/));
  const [option] = certificate.outputs.domainValidationOptions as Record<string, unknown>[];
  cloud.create(RECORD, { name: option?.resourceRecordName, content: option?.resourceRecordValue });
  open();
  const none = `${certificate.id}0`;
  assert.throws(() => listen({ ...https, port: 8443, certificateArn: none }), refusal("CertificateNotFound"));
});

test("a priority is taken once on a listener, and the next one is chosen where none is given", () => {
  const { cloud, listen, group } = edge();
  const listenerArn = listen({}).id;
  const actions = [{ type: "forward", targetGroupArn: group.id }];
  cloud.create(RULE, { listenerArn, actions, priority: 10 }, "a");
  const again = () => cloud.create(RULE, { listenerArn, actions, priority: 10 }, "b");
  assert.throws(again, refusal("PriorityInUse", /10/));
  assert.equal(cloud.create(RULE, { listenerArn, actions }, "c").outputs.priority, 11);
});

test("a target group is kept while a rule sends requests to it, with whatever weight", () => {
  const { cloud, listen, group } = edge();
  const forward = { targetGroups: [{ arn: group.id, weight: 0 }] };
  const rule = cloud.create(RULE, { listenerArn: listen({}).id, actions: [{ type: "forward", forward }] });
  assert.throws(() => cloud.remove(group), refusal("ResourceInUse", /listener-rule/));
  cloud.remove(rule);
  cloud.remove(group);
});

test("an action to a target group that does not exist is refused", () => {
  const { listen, group } = edge();
  const create = (action: object) => () => listen({ defaultActions: [{ type: "forward", ...action }] });
  assert.throws(create({ targetGroupArn: `${group.id}0` }), refusal("TargetGroupNotFound"));
  assert.throws(create({}), refusal("ValidationError", /targetGroupArn/));
});

test("a listener of a load balancer, and a rule of a listener, that do not exist are refused", () => {
  const { cloud, listen, balancer } = edge();
  assert.throws(() => listen({ loadBalancerArn: `${balancer.id}0` }), refusal("LoadBalancerNotFound"));
  const inputs = { listenerArn: "arn:none", actions: CLOSED };
  assert.throws(() => cloud.create(RULE, inputs), refusal("ListenerNotFound"));
});

test("a target group for addresses needs port, protocol and VPC", () => {
  const create = () => edge().cloud.create(GROUP, { name: "x", targetType: "ip", port: 80 }, "x");
  assert.throws(create, refusal("ValidationError", /protocol, vpcId/));
});

test("a plain listener takes no certificates", () => {
  const { cloud, listen } = edge();
  const inputs = {
    listenerArn: listen({}).id,
    certificateArn: "arn:aws:acm:eu-west-3:111122223333:certificate/x",
  };
  const create = () => cloud.create("aws:lb/listenerCertificate:ListenerCertificate", inputs);
  assert.throws(create, refusal("InvalidConfigurationRequest"));
});
