import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "./check";
import { type Props, UNKNOWN } from "./types";

const BUCKET = "aws:s3/bucket:Bucket";
const free = { taken: () => false, autonamed: () => false };

function on(type: string, news: Props, name = "media", more: { olds?: Props; taken?: () => boolean } = {}) {
  return check({ type, urn: `urn:pulumi:test::test::${type}::${name}`, news, ...free, ...more });
}

function reasons(type: string, news: Props): string {
  return on(type, news)
    .failures.map((f) => f.reason)
    .join("\n");
}

test("everything that is wrong is told at once", () => {
  const { failures } = on("aws:rds/parameterGroup:ParameterGroup", { famly: "mysql8.4", name: "UPPER" });
  assert.deepEqual(failures.map((f) => f.property).sort(), ["family", "famly", "name"]);
});

test("a misspelt property is told with the nearest that exists", () => {
  assert.match(reasons(BUCKET, { forceDestory: true }), /did you mean forceDestroy/);
});

test("a computed property cannot be set", () => {
  assert.match(reasons(BUCKET, { arn: "arn:aws:s3:::a" }), /arn is computed/);
});

test("a type that the rehearsal does not know is an error", () => {
  assert.throws(() => on("aws:s3/buckets:Buckets", {}), /unknown type aws:s3\/buckets:Buckets.*nearest/);
});

test("values outside the allowed ones are told, also inside lists", () => {
  assert.match(reasons(BUCKET, { acl: "open" }), /acl is "open"; allowed: private/);
  const rules = [{ objectOwnership: "Mine" }];
  const said = reasons("aws:s3/bucketOwnershipControls:BucketOwnershipControls", {
    bucket: "abc",
    rule: rules[0],
  });
  assert.match(said, /rule.objectOwnership is "Mine"/);
});

test("numbers are bounded, also when they are written as text", () => {
  const group = (healthyThreshold: unknown) => ({ healthCheck: { healthyThreshold } });
  const TYPE = "aws:lb/targetGroup:TargetGroup";
  assert.match(reasons(TYPE, group(11)), /must be at most 10; it is 11/);
  assert.match(reasons(TYPE, group("1")), /must be at least 2/);
  assert.equal(reasons(TYPE, group(2)), "");
});

test("an exception to a bound is accepted", () => {
  const secret = (recoveryWindowInDays: number) =>
    reasons("aws:secretsmanager/secret:Secret", { recoveryWindowInDays });
  assert.equal(secret(0), "");
  assert.match(secret(3), /must be at least 7 \(or 0\)/);
});

test("networks have no host bits and a mask that the service takes", () => {
  const subnet = (cidrBlock: string) => reasons("aws:ec2/subnet:Subnet", { vpcId: "vpc-1", cidrBlock });
  assert.equal(subnet("10.0.0.0/20"), "");
  assert.match(subnet("10.0.0.1/20"), /without host bits/);
  assert.match(subnet("10.0.0.0/29"), /16 to 28/);
});

test("documents must be JSON, references ARNs", () => {
  const policy = reasons("aws:s3/bucketPolicy:BucketPolicy", { bucket: "abc", policy: "{" });
  assert.match(policy, /policy must be valid JSON/);
  const alias = { name: "alias/a", targetKeyId: "k" };
  assert.equal(reasons("aws:kms/alias:Alias", alias), "");
  const listener = {
    certificateArn: "cert",
    listenerArn: "arn:aws:elasticloadbalancing:eu-west-3:1:listener/a",
  };
  assert.match(
    reasons("aws:lb/listenerCertificate:ListenerCertificate", listener),
    /certificateArn must be an ARN/,
  );
});

test("properties that exclude each other are told, and those of which one is needed", () => {
  const record = { zoneId: "z", name: "a", type: "CAA", ttl: 60, content: "x", data: { tag: "issue" } };
  assert.match(
    reasons("cloudflare:index/dnsRecord:DnsRecord", record),
    /content and data cannot both be set/,
  );
  const secret = { repository: "shop", secretName: "A" };
  assert.match(reasons("github:index/actionsSecret:ActionsSecret", secret), /exactly one of .*none is/);
  const ruleset = { kind: "zone", name: "a", phase: "http_ratelimit" };
  assert.match(reasons("cloudflare:index/ruleset:Ruleset", ruleset), /exactly one of accountId, zoneId/);
});

test("an unknown value is taken for a valid one", () => {
  assert.equal(reasons(BUCKET, { bucket: UNKNOWN, acl: UNKNOWN }), "");
  assert.equal(reasons("aws:lb/targetGroup:TargetGroup", { port: UNKNOWN, healthCheck: UNKNOWN }), "");
});

test("a secret's value reaches no message", () => {
  const secret = { repository: "shop", secretName: "A", value: "x", encryptedValue: "s3cr3t" };
  assert.doesNotMatch(reasons("github:index/actionsSecret:ActionsSecret", secret), /s3cr3t/);
  const parameter = { type: "SecureString", value: "s3cr3t", name: "aws-x", tier: "Best" };
  const said = reasons("aws:ssm/parameter:Parameter", parameter);
  assert.match(said, /tier is "Best"/);
  assert.doesNotMatch(said, /s3cr3t/);
});

test("defaults are filled in", () => {
  const group = on("aws:rds/subnetGroup:SubnetGroup", { subnetIds: ["a", "b"] });
  assert.equal(group.inputs.description, "Managed by Pulumi");
});

test("an automatic name is the logical one and seven digits, kept as long as the resource lives", () => {
  const { inputs } = on(BUCKET, {}, "Media");
  assert.match(String(inputs.bucket), /^media-[0-9a-f]{7}$/);
  assert.deepEqual(on(BUCKET, {}, "Media", { olds: inputs, taken: () => true }).inputs, inputs);
});

test("a replacement gets another automatic name", () => {
  const first = on(BUCKET, {}).inputs.bucket;
  const taken = (_p: string, value: string) => value === first;
  const again = check({
    ...free,
    type: BUCKET,
    urn: `urn:pulumi:test::test::${BUCKET}::media`,
    news: {},
    taken,
  });
  assert.notEqual(again.inputs.bucket, first);
});

test("a prefix takes the place of the automatic name", () => {
  const { inputs } = on("aws:secretsmanager/secret:Secret", { namePrefix: "shop/" });
  assert.match(String(inputs.name), /^shop\/\d{26}$/);
});

test("a name and its prefix exclude each other", () => {
  const both = { name: "shop", namePrefix: "shop" };
  assert.match(reasons("aws:secretsmanager/secret:Secret", both), /name and namePrefix cannot both be set/);
});

test("each service has its own form of automatic names", () => {
  const name = (type: string, news: Props = {}) => on(type, news).inputs;
  assert.match(
    String(name("aws:rds/instance:Instance", { instanceClass: "db.t4g.micro" }).identifier),
    /^media[0-9a-f]{7}$/,
  );
  assert.match(String(name("aws:kms/alias:Alias", { targetKeyId: "k" }).name), /^alias\/media-[0-9a-f]{7}$/);
  assert.match(String(name("aws:sqs/queue:Queue", { fifoQueue: true }).name), /^media-[0-9a-f]{7}\.fifo$/);
  assert.equal(name("aws:s3/bucketObjectv2:BucketObjectv2", { bucket: "abc" }).key, "media");
});

test("an automatic name that would be too long is told, not cut", () => {
  const { failures } = on(
    "aws:lb/loadBalancer:LoadBalancer",
    { subnets: ["a", "b"] },
    "a-rather-long-name-for-a-balancer",
  );
  assert.match(failures[0]?.reason ?? "", /41 characters, at most 32/);
});
