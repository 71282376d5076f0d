import type { CloudObject, RuleContext } from "../types";
import { alive, text } from "./aws";

export const BUCKET = "aws:s3/bucket:Bucket";
export const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";

/** The bucket of a name or ARN. */
export function bucketOf(ctx: RuleContext, nameOrArn: unknown): CloudObject | undefined {
  const name = text(nameOrArn)?.replace(/^arn:aws:s3:::/, "");
  return alive(ctx, BUCKET).find((o) => o.id === name);
}

/** Refuses a configuration of a bucket that does not exist. */
export function refuseNoBucket(ctx: RuleContext, nameOrArn: unknown): void {
  if (text(nameOrArn) === undefined || bucketOf(ctx, nameOrArn) !== undefined) return;
  ctx.refuse("NoSuchBucket", `there is no bucket "${nameOrArn}"`);
}

/** The configuration resource of one kind that a bucket has. */
export function configurationOf(ctx: RuleContext, type: string, bucket: unknown): CloudObject | undefined {
  return alive(ctx, type).find((o) => text(bucket) !== undefined && o.inputs.bucket === bucket);
}

/** True when the bucket keeps versions; a bucket with object lock does from its first day. */
export function isVersioned(ctx: RuleContext, bucket: CloudObject): boolean {
  const configuration = configurationOf(ctx, VERSIONING, bucket.id)?.inputs.versioningConfiguration;
  const status = (configuration as { status?: unknown } | undefined)?.status;
  if (status !== undefined) return status === "Enabled";
  const inline = bucket.inputs.versioning as { enabled?: unknown } | undefined;
  return bucket.inputs.objectLockEnabled === true || inline?.enabled === true;
}
