import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeCloud, refusal } from "./context.test-helper";
import { rules } from "./s3";

const BUCKET = "aws:s3/bucket:Bucket";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
const REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
const NOTIFICATION = "aws:s3/bucketNotification:BucketNotification";
const ENABLED = { versioningConfiguration: { status: "Enabled" } };

function bucket(inputs = {}) {
  const cloud = new FakeCloud(rules);
  return { cloud, bucket: cloud.create(BUCKET, { bucket: "shop-data", ...inputs }) };
}

test("a bucket's names and addresses are those of its region", () => {
  const { outputs } = bucket({ region: "eu-west-1" }).bucket;
  assert.equal(outputs.arn, "arn:aws:s3:::shop-data");
  assert.equal(outputs.bucketRegionalDomainName, "shop-data.s3.eu-west-1.amazonaws.com");
});

test("a bucket's name is taken once", () => {
  const { cloud } = bucket();
  assert.throws(() => cloud.create(BUCKET, { bucket: "shop-data" }, "b"), refusal("BucketAlreadyOwnedByYou"));
});

test("a bucket that is not empty is kept, unless forceDestroy empties it", () => {
  const { cloud, bucket: full } = bucket();
  full.contents = { objects: ["report.csv"] };
  assert.throws(() => cloud.remove(full), refusal("BucketNotEmpty", /1 object/));
  cloud.update(full, { forceDestroy: true });
  cloud.remove(full);
});

test("forceDestroy does not break a compliance lock before its time", () => {
  const { cloud, bucket: full } = bucket({ forceDestroy: true, objectLockEnabled: true });
  full.contents = { objects: [{ key: "dump", mode: "COMPLIANCE", retainUntil: "2026-12-01T00:00:00.000Z" }] };
  assert.throws(() => cloud.remove(full), refusal("AccessDenied", /compliance/));
  cloud.now = "2026-12-02T00:00:00.000Z";
  cloud.remove(full);
});

test("a configuration of a bucket that does not exist is refused", () => {
  assert.throws(
    () => bucket().cloud.create(VERSIONING, { bucket: "none", ...ENABLED }),
    refusal("NoSuchBucket"),
  );
});

test("an object lock configuration needs a bucket with object lock", () => {
  const { cloud } = bucket();
  const rule = { defaultRetention: { mode: "GOVERNANCE", days: 30 } };
  const lock = () => cloud.create(LOCK, { bucket: "shop-data", rule });
  assert.throws(lock, refusal("InvalidBucketState", /objectLockEnabled/));
  cloud.create(VERSIONING, { bucket: "shop-data", ...ENABLED });
  lock();
});

test("an object lock configuration cannot be removed, nor versioning be suspended under it", () => {
  const inline = { objectLockConfiguration: { objectLockEnabled: "Enabled" }, objectLockEnabled: true };
  const { cloud, bucket: locked } = bucket(inline);
  const update = () => cloud.update(locked, { objectLockConfiguration: undefined });
  assert.throws(update, refusal("InvalidBucketState"));
  const versioning = cloud.create(VERSIONING, { bucket: "shop-data", ...ENABLED });
  const suspend = () => cloud.update(versioning, { versioningConfiguration: { status: "Suspended" } });
  assert.throws(suspend, refusal("InvalidBucketState"));
});

test("versioning that was enabled cannot be disabled", () => {
  const { cloud } = bucket();
  const versioning = cloud.create(VERSIONING, { bucket: "shop-data", ...ENABLED });
  const disable = () => cloud.update(versioning, { versioningConfiguration: { status: "Disabled" } });
  assert.throws(disable, refusal("InvalidArgument", /Suspended/));
});

test("a default retention is in days or in years", () => {
  const { cloud } = bucket({ objectLockEnabled: true });
  const rule = { defaultRetention: { mode: "GOVERNANCE", days: 30, years: 1 } };
  assert.throws(() => cloud.create(LOCK, { bucket: "shop-data", rule }), refusal("MalformedXML"));
});

test("replication needs versioning on both sides", () => {
  const { cloud } = bucket();
  cloud.create(BUCKET, { bucket: "copy" }, "copy");
  const rules = [{ status: "Enabled", destination: { bucket: "arn:aws:s3:::copy" } }];
  const replicate = () => cloud.create(REPLICATION, { bucket: "shop-data", rules });
  assert.throws(replicate, refusal("InvalidRequest", /source/));
  cloud.create(VERSIONING, { bucket: "shop-data", ...ENABLED });
  assert.throws(replicate, refusal("InvalidRequest", /destination/));
  cloud.create(VERSIONING, { bucket: "copy", ...ENABLED });
  replicate();
});

test("access logs need a bucket to go to", () => {
  const inputs = { bucket: "shop-data", targetBucket: "logs", targetPrefix: "" };
  const create = () => bucket().cloud.create("aws:s3/bucketLogging:BucketLogging", inputs);
  assert.throws(create, refusal("NoSuchBucket", /logs/));
});

test("a notification to a queue that does not exist is refused; one to EventBridge needs nothing", () => {
  const { cloud } = bucket();
  const queueArn = "arn:aws:sqs:eu-west-3:111122223333:intake";
  const queues = [{ queueArn, events: ["s3:ObjectCreated:*"] }];
  const create = (inputs: object) => () => cloud.create(NOTIFICATION, { bucket: "shop-data", ...inputs });
  assert.throws(create({ queues }), refusal("InvalidArgument", /intake/));
  create({ eventbridge: true })();
});

test("a policy for everybody is refused where public policies are blocked", () => {
  const { cloud } = bucket();
  const policy = JSON.stringify({
    Statement: [
      { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::shop-data/*" },
    ],
  });
  const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
  const block = { bucket: "shop-data", blockPublicPolicy: true };
  cloud.create("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", block);
  assert.throws(() => cloud.create(POLICY, { bucket: "shop-data", policy }), refusal("AccessDenied"));
  const deny = policy.replace("Allow", "Deny");
  cloud.create(POLICY, { bucket: "shop-data", policy: deny });
});

test("a policy that is no JSON is refused", () => {
  const create = () =>
    bucket().cloud.create("aws:s3/bucketPolicy:BucketPolicy", { bucket: "shop-data", policy: "{" });
  assert.throws(create, refusal("MalformedPolicy"));
});
