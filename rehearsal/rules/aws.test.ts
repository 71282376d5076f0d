import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Props, UNKNOWN } from "../types";
import { nameIn, nameOf, number, regionalId, text, texts } from "./aws";
import { FakeCloud } from "./context.test-helper";
import { rules } from "./index";

interface Facts {
  readonly required?: readonly string[];
  readonly outputs?: readonly string[];
}

const FACTS = join(__dirname, "..", "facts");
const types = readdirSync(FACTS)
  .filter((file) => file.startsWith("aws-"))
  .flatMap((file) => Object.entries<Facts>(JSON.parse(readFileSync(join(FACTS, file), "utf8"))));

test("every AWS type that has facts has a rule, and every rule has facts", () => {
  const ruled = Object.keys(rules).filter((type) => type.startsWith("aws:"));
  assert.deepEqual(ruled.sort(), types.map(([type]) => type).sort());
});

test("every output that a provider computes is computed", () => {
  for (const [type, facts] of types) {
    const inputs: Props = Object.fromEntries((facts.required ?? []).map((name) => [name, "x"]));
    const ctx = new FakeCloud(rules).context(type, "x", inputs);
    const outputs = rules[type]?.outputs?.(ctx, inputs, rules[type]?.id?.(ctx, inputs) ?? "x") ?? {};
    const missing = (facts.outputs ?? []).filter((name) => !(name in outputs));
    assert.deepEqual(missing, [], type);
  }
});

test("a reference that a preview does not know yet decides nothing", () => {
  const cloud = new FakeCloud(rules);
  const unknowns: Record<string, Props> = {
    "aws:ec2/subnet:Subnet": { vpcId: UNKNOWN, cidrBlock: "10.0.0.0/24" },
    "aws:lb/loadBalancer:LoadBalancer": { name: "shop", subnets: [UNKNOWN], securityGroups: [UNKNOWN] },
    "aws:lb/listener:Listener": {
      loadBalancerArn: UNKNOWN,
      port: 443,
      protocol: "HTTPS",
      certificateArn: UNKNOWN,
    },
    "aws:rds/subnetGroup:SubnetGroup": { name: "data", subnetIds: [UNKNOWN] },
    "aws:ecs/service:Service": { name: "web", cluster: UNKNOWN, taskDefinition: UNKNOWN, desiredCount: 1 },
    "aws:iam/rolePolicy:RolePolicy": { role: UNKNOWN, name: "a", policy: UNKNOWN },
    "aws:s3/bucketPolicy:BucketPolicy": { bucket: UNKNOWN, policy: UNKNOWN },
    "aws:backup/selection:Selection": { iamRoleArn: UNKNOWN, planId: UNKNOWN, name: "data" },
  };
  for (const [type, inputs] of Object.entries(unknowns)) cloud.create(type, inputs);
});

test("values that are unknown or of another kind read as absent", () => {
  assert.equal(text(`arn:${UNKNOWN}`), undefined);
  assert.equal(text(3), undefined);
  assert.deepEqual(texts(["a", UNKNOWN, 1]), ["a"]);
  assert.equal(number("30"), 30);
  assert.equal(number("soon"), undefined);
});

test("a regional name is its own id at home and carries its region elsewhere", () => {
  const ctx = (region: string) => new FakeCloud({}).context("t", "x", { region });
  assert.equal(regionalId(ctx("eu-west-3"), "shop"), "shop");
  const far = regionalId(ctx("us-east-1"), "shop");
  assert.equal(far, "shop@us-east-1");
  assert.equal(nameIn(far), "shop");
});

test("a name comes from the input, or follows the prefix, or the resource's own name", () => {
  const ctx = new FakeCloud({}).context("t", "web", {});
  assert.equal(nameOf(ctx, { name: "shop" }), "shop");
  assert.match(nameOf(ctx, { namePrefix: "shop-" }), /^shop-[0-9a-f]{8}$/);
  assert.match(nameOf(ctx, {}), /^web-[0-9a-f]{8}$/);
});
