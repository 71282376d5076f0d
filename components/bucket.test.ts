import assert from "node:assert/strict";
import { test } from "node:test";
import { Bucket, type BucketArgs } from "./bucket";
import { bucketPolicy } from "./bucket-policy";
import { type Recorded, record } from "./recorder";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };
const args: BucketArgs = { scope, role: "uploads", keepVersions: 30, forceDestroy: false };
const outputs = (type: string, name: string) =>
  type.endsWith(":Bucket") ? { bucket: `${name}-physical` } : {};

async function declare(more: Partial<BucketArgs> = {}) {
  const recorded = await record(() => new Bucket("uploads", { ...args, ...more }), outputs);
  const one = (type: string) => recorded.find((r) => r.type.endsWith(`:${type}`))?.inputs;
  const rule = (type: string) => (one(type) as { rules: [Record<string, unknown>] }).rules[0];
  return { recorded, one, rule };
}

const kinds = (recorded: readonly Recorded[]) => recorded.map(({ type }) => type.split(":")[2]);

test("a bucket is closed, owned, versioned, encrypted, TLS-only and has a lifecycle, in this order", async () => {
  const { recorded, one, rule } = await declare();
  assert.deepEqual(kinds(recorded), [
    "Bucket",
    "BucketPublicAccessBlock",
    "BucketOwnershipControls",
    "BucketVersioning",
    "BucketServerSideEncryptionConfiguration",
    "BucketPolicy",
    "BucketLifecycleConfiguration",
  ]);
  assert.equal(one("Bucket")?.forceDestroy, false);
  assert.equal(one("Bucket")?.objectLockEnabled, false);
  assert.deepEqual(one("BucketVersioning")?.versioningConfiguration, { status: "Enabled" });
  assert.deepEqual(one("BucketOwnershipControls")?.rule, { objectOwnership: "BucketOwnerEnforced" });
  const { bucket, ...closed } = one("BucketPublicAccessBlock") ?? {};
  assert.equal(bucket, "uploads-physical");
  assert.deepEqual(Object.values(closed), [true, true, true, true]);
  const encryption = rule("BucketServerSideEncryptionConfiguration");
  assert.deepEqual(encryption.applyServerSideEncryptionByDefault, { sseAlgorithm: "AES256" });
  assert.deepEqual(encryption.blockedEncryptionTypes, ["SSE-C"]);
});

test("the name of a bucket is left to the provider, so that it can be made again", async () => {
  const { one } = await declare();
  assert.equal(one("Bucket")?.bucket, undefined);
});

for (const [expire, expiration] of [
  [undefined, { expiredObjectDeleteMarker: true }],
  [90, { days: 90 }],
] as const)
  test(`with expire ${expire} old versions and broken uploads go, objects ${expire ? "too" : "stay"}`, async () => {
    const { rule } = await declare({ expire });
    const lifecycle = rule("BucketLifecycleConfiguration");
    assert.deepEqual(lifecycle.expiration, expiration);
    assert.deepEqual(lifecycle.noncurrentVersionExpiration, { noncurrentDays: 30 });
    assert.deepEqual(lifecycle.abortIncompleteMultipartUpload, { daysAfterInitiation: 7 });
  });

test("a lock is governance for the days asked, on a bucket born with it", async () => {
  const { one } = await declare({ lockDays: 14 });
  assert.equal(one("Bucket")?.objectLockEnabled, true);
  assert.deepEqual(one("BucketObjectLockConfiguration")?.rule, {
    defaultRetention: { mode: "GOVERNANCE", days: 14 },
  });
});

test("zero days are no lock", async () => {
  const { one } = await declare({ lockDays: 0 });
  assert.equal(one("Bucket")?.objectLockEnabled, false);
  assert.equal(one("BucketObjectLockConfiguration"), undefined);
});

test("access log and events are declared where asked", async () => {
  const { one } = await declare({ logBucket: "logs", eventBridge: true });
  assert.equal(one("BucketLogging")?.targetBucket, "logs");
  assert.equal(one("BucketLogging")?.targetPrefix, "s3/uploads/");
  assert.equal(one("BucketNotification")?.eventbridge, true);
});

test("in another region every part of it says so", async () => {
  const { recorded } = await declare({
    region: "eu-central-1",
    lockDays: 1,
    logBucket: "l",
    eventBridge: true,
  });
  assert.equal(recorded.length, 10);
  assert.ok(recorded.every(({ inputs }) => inputs.region === "eu-central-1"));
});

test("nobody reaches a bucket without TLS, and nobody else is let in", () => {
  const { Statement } = JSON.parse(bucketPolicy("arn:aws:s3:::b", scope));
  assert.deepEqual(Statement, [
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
});

test("the edge reads objects from its own addresses and with its key, both together", () => {
  const reader = { ranges: ["192.0.2.0/24"], key: "the-key" };
  const [, ...others] = JSON.parse(bucketPolicy("arn:aws:s3:::b", scope, false, reader)).Statement;
  assert.deepEqual(others, [
    {
      Sid: "EdgeReads",
      Effect: "Allow",
      Principal: "*",
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::b/*",
      Condition: {
        IpAddress: { "aws:SourceIp": ["192.0.2.0/24"] },
        StringEquals: { "aws:Referer": "the-key" },
      },
    },
  ]);
});

test("log writers put objects for this account only", () => {
  const [, ...writers] = JSON.parse(bucketPolicy("arn:aws:s3:::b", scope, true)).Statement;
  assert.deepEqual(
    writers.map(({ Principal }: { Principal: { Service: string } }) => Principal.Service),
    ["logging.s3.amazonaws.com", "logdelivery.elasticloadbalancing.amazonaws.com"],
  );
  for (const writer of writers) {
    assert.equal(writer.Action, "s3:PutObject");
    assert.match(JSON.stringify(writer.Condition), /222222222222/);
  }
});
