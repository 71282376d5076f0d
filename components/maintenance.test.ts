import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../config/parse";
import { raw } from "../config/testing";
import { Maintenance } from "./maintenance";
import { signature } from "./maintenance-pass";
import { ofType, record } from "./recorder";

const KEY = "k".repeat(48);
const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };

async function declare() {
  const made: Maintenance[] = [];
  const recorded = await record(
    () =>
      made.push(
        new Maintenance("maintenance", {
          scope,
          applications: parse(raw()).applications,
          forceDestroy: false,
        }),
      ),
    (type) => (type.includes("randomPassword") ? { result: KEY } : {}),
  );
  return { recorded, maintenance: made[0] as Maintenance };
}

/** A secret as the recorder sees it: with or without its mark. */
const plain = (value: unknown) => (value as { secret?: unknown } | undefined)?.secret ?? value;

test("the switches lie in a private bucket of their own, whose former positions are kept for a month", async () => {
  const { recorded } = await declare();
  const buckets = ofType(recorded, "aws:s3/bucket:Bucket");
  assert.deepEqual(Object.keys(buckets), ["maintenance-switches"]);
  const [access] = Object.values(ofType(recorded, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"));
  assert.equal(access?.restrictPublicBuckets, true);
  const lifecycles = ofType(recorded, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
  const [rule] = (lifecycles["maintenance-switches-lifecycle"]?.rules ?? []) as Record<string, unknown>[];
  assert.deepEqual(rule?.noncurrentVersionExpiration, { noncurrentDays: 30 });
});

test("the edge reads them with a key that only it can say", async () => {
  const policies = ofType((await declare()).recorded, "aws:s3/bucketPolicy:BucketPolicy");
  const policy = JSON.parse(String(plain(policies["maintenance-switches-policy"]?.policy)));
  assert.deepEqual(policy.Statement[1].Condition, {
    IpAddress: { "aws:SourceIp": ["192.0.2.0/24"] },
    StringEquals: { "aws:Referer": signature(KEY, "switches") },
  });
});

test("the key of passes is kept where whoever may make one finds it, encrypted", async () => {
  const [parameter] = Object.values(ofType((await declare()).recorded, "aws:ssm/parameter:Parameter"));
  assert.deepEqual(
    [parameter?.name, parameter?.type, plain(parameter?.value)],
    ["/shop/prod/maintenance-key", "SecureString", KEY],
  );
});

test("the monitor's address is a secret", async () => {
  const { healthPath } = (await declare()).maintenance as unknown as {
    healthPath: { isSecret: Promise<boolean>; promise(): Promise<string> };
  };
  assert.equal(await healthPath.isSecret, true);
  assert.equal(await healthPath.promise(), `/.well-known/tandem/health/${signature(KEY, "health")}`);
});
