import type { Props, Rule, RuleContext, Rules } from "../types";
import { alive, isOwn, lookup, record, records, text } from "./aws";
import { admitsService, refuseUntrusted } from "./policy-document";
import { bucketOf, isVersioned, refuseNoBucket, VERSIONING } from "./s3-lookups";

/** A configuration of a bucket: it has the bucket's name as its id, and needs the bucket. */
function configuration(extra: (ctx: RuleContext, inputs: Props) => void = () => {}): Rule {
  return {
    id: (_, inputs) => text(inputs.bucket) ?? "bucket",
    outputs: (ctx) => ({ region: ctx.region }),
    refuseWrite(ctx, inputs) {
      refuseNoBucket(ctx, inputs.bucket);
      extra(ctx, inputs);
    },
  };
}

const versioning: Rule = {
  ...configuration(),
  refuseUpdate(ctx, inputs, existing) {
    const status = record(inputs.versioningConfiguration).status;
    const before = record(existing.inputs.versioningConfiguration).status;
    if (status === "Disabled" && before !== "Disabled") {
      ctx.refuse("InvalidArgument", "versioning that was once enabled can only be Suspended, never Disabled");
    }
    if (status === "Suspended" && bucketOf(ctx, inputs.bucket)?.inputs.objectLockEnabled === true) {
      ctx.refuse("InvalidBucketState", "versioning cannot be suspended on a bucket with object lock");
    }
  },
};

/** Deleting it is no refusal: the default retention goes, the lock and every locked object stay. */
const objectLock: Rule = {
  ...configuration(refuseRetention),
  refuseCreate(ctx, inputs) {
    const bucket = bucketOf(ctx, inputs.bucket);
    if (bucket === undefined || isVersioned(ctx, bucket)) return;
    ctx.refuse(
      "InvalidBucketState",
      `${bucket.id} has no object lock: set objectLockEnabled on the bucket, or enable its versioning first`,
    );
  },
  refuseUpdate(ctx, inputs, existing) {
    if (existing.inputs.rule !== undefined && inputs.rule === undefined) {
      ctx.refuse(
        "InvalidBucketState",
        "a default retention can be changed but not taken out of the configuration",
      );
    }
  },
};

function refuseRetention(ctx: RuleContext, inputs: Props): void {
  const rule = record(inputs.rule).defaultRetention;
  if (rule === undefined) return;
  const given = ["days", "years"].filter((name) => record(rule)[name] !== undefined);
  if (given.length !== 1)
    ctx.refuse("MalformedXML", "a default retention is given in days or in years, not both");
}

function refuseReplication(ctx: RuleContext, inputs: Props): void {
  const source = bucketOf(ctx, inputs.bucket);
  if (source && !isVersioned(ctx, source)) {
    ctx.refuse("InvalidRequest", `replication needs versioning on the source ${source.id}`);
  }
  refuseUntrusted(ctx, inputs.role, "s3.amazonaws.com", "InvalidRequest");
  for (const rule of records(inputs.rules)) {
    const destination = record(rule.destination);
    // A bucket of another account cannot be looked into.
    const account = text(destination.account);
    if (account === undefined || account === ctx.account) refuseDestination(ctx, destination.bucket);
    if (rule.filter !== undefined && rule.deleteMarkerReplication === undefined) {
      ctx.refuse("InvalidRequest", "a replication rule with a filter must say its deleteMarkerReplication");
    }
  }
}

/** Source: S3's replication failure reasons `DstBucketNotFound` and `DstBucketUnversioned`. */
function refuseDestination(ctx: RuleContext, value: unknown): void {
  refuseNoBucket(ctx, value);
  const bucket = bucketOf(ctx, value);
  if (bucket && !isVersioned(ctx, bucket)) {
    ctx.refuse("InvalidRequest", `replication needs versioning on the destination ${bucket.id}`);
  }
}

/** S3 asks the topic, the queue or the function whether it may speak to it, at once. */
function refuseNotification(ctx: RuleContext, inputs: Props): void {
  for (const { topicArn } of records(inputs.topics)) {
    const topic = refuseNoTarget(ctx, "aws:sns/topic:Topic", topicArn);
    const policy = lookup(ctx, "aws:sns/topicPolicy:TopicPolicy", "arn", topicArn);
    if (topic) refuseSilent(ctx, topicArn, [topic.inputs.policy, policy?.inputs.policy]);
  }
  for (const { queueArn } of records(inputs.queues)) {
    const queue = refuseNoTarget(ctx, "aws:sqs/queue:Queue", queueArn);
    const policy = lookup(ctx, "aws:sqs/queuePolicy:QueuePolicy", "queueUrl", queue?.outputs.url);
    if (queue) refuseSilent(ctx, queueArn, [queue.inputs.policy, policy?.inputs.policy]);
  }
  for (const { lambdaFunctionArn } of records(inputs.lambdaFunctions)) {
    const target = refuseNoTarget(ctx, "aws:lambda/function:Function", lambdaFunctionArn);
    const names = [target?.outputs.name, target?.outputs.arn];
    const allowed = alive(ctx, "aws:lambda/permission:Permission").some(
      (o) => o.inputs.principal === "s3.amazonaws.com" && names.includes(o.inputs.function),
    );
    if (target && !allowed) ctx.refuse("InvalidArgument", `${lambdaFunctionArn} does not let S3 invoke it`);
  }
}

function refuseNoTarget(ctx: RuleContext, type: string, value: unknown) {
  const wanted = text(value);
  if (wanted === undefined || !isOwn(ctx, wanted)) return undefined;
  return (
    lookup(ctx, type, "arn", wanted) ??
    ctx.refuse("InvalidArgument", `the destination ${wanted} does not exist`)
  );
}

function refuseSilent(ctx: RuleContext, target: unknown, policies: readonly unknown[]): void {
  if (policies.some((policy) => admitsService(policy, "s3.amazonaws.com"))) return;
  ctx.refuse("InvalidArgument", `${target} does not let S3 publish: allow s3.amazonaws.com in its policy`);
}

export const rules: Rules = {
  [VERSIONING]: versioning,
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": objectLock,
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": configuration(refuseReplication),
  "aws:s3/bucketNotification:BucketNotification": configuration(refuseNotification),
  "aws:s3/bucketLogging:BucketLogging": configuration((ctx, inputs) =>
    refuseNoBucket(ctx, inputs.targetBucket),
  ),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": configuration(refuseTransitions),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": configuration(),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": configuration(),
};

function refuseTransitions(ctx: RuleContext, inputs: Props): void {
  const transitions = records(inputs.rules).flatMap((rule) => records(rule.transitions));
  const isUnclear = (each: Props) => (each.date === undefined) === (each.days === undefined);
  if (transitions.some(isUnclear))
    ctx.refuse("MalformedXML", "a transition has a date or a number of days, not both");
}
