import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bucketPolicy, type EdgeReader } from "./bucket-policy";
import { type Scope, tags } from "./names";
import { liftedTag } from "./protected";

export interface BucketArgs {
  readonly scope: Scope;
  /** What it is for: part of its tags. */
  readonly role: string;
  /** Days that a replaced or deleted version is kept. */
  readonly keepVersions: number;
  /** Days after which an object is deleted. @default never */
  readonly expire?: number | undefined;
  /**
   * Days that nobody deletes a version, short of a person who may bypass governance. It can be made longer or
   * shorter later, but a bucket is born with a lock or without one. @default no lock
   */
  readonly lockDays?: number | undefined;
  /** Name of the bucket that receives its access log. @default no log */
  readonly logBucket?: pulumi.Input<string> | undefined;
  /** Whether it receives the access logs of other buckets and of load balancers. @default false */
  readonly receivesLogs?: boolean | undefined;
  /** Whether a destroy deletes what is in it. Otherwise nothing of the bucket goes or is replaced. */
  readonly forceDestroy: boolean;
  /** The last day on which it may go all the same, empty. @default it may not */
  readonly liftedUntil?: string | undefined;
  /** @default the environment's region */
  readonly region?: string | undefined;
  /** The edge, where it reads the objects by plain HTTPS. @default it does not */
  readonly reader?: pulumi.Input<EdgeReader> | undefined;
  /** Whether its events reach EventBridge. @default false */
  readonly eventBridge?: boolean | undefined;
}

/** A private bucket: versioned, encrypted, reached over TLS only, and with an end for what nobody needs. */
export class Bucket extends pulumi.ComponentResource {
  /** Its physical name, handed over once it is versioned, encrypted and closed. */
  public readonly bucket: pulumi.Output<string>;
  public readonly arn: pulumi.Output<string>;

  constructor(name: string, args: BucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:bucket:Bucket", name, {}, { ...opts, protect: isProtected(args) });
    const { scope, role, forceDestroy, liftedUntil } = args;
    const region = args.region === undefined ? {} : { region: args.region };

    const made = new aws.s3.Bucket(
      name,
      {
        ...region,
        forceDestroy,
        objectLockEnabled: locked(args),
        tags: { ...tags(scope, role), ...liftedTag(liftedUntil) },
      },
      { parent: this },
    );
    const target = { bucket: made.bucket, ...region };
    // One after the other: S3 answers 409 to settings of one bucket that arrive at once.
    const after = (previous: pulumi.Resource) => ({ parent: this, dependsOn: [previous] });

    const access = new aws.s3.BucketPublicAccessBlock(
      `${name}-access`,
      { ...target, ...CLOSED },
      after(made),
    );
    const owner = new aws.s3.BucketOwnershipControls(
      `${name}-owner`,
      { ...target, rule: { objectOwnership: "BucketOwnerEnforced" } },
      after(access),
    );
    const versions = new aws.s3.BucketVersioning(
      `${name}-versions`,
      { ...target, versioningConfiguration: { status: "Enabled" } },
      after(owner),
    );
    const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      { ...target, rules: ENCRYPTION },
      after(versions),
    );
    const document = pulumi
      .all([made.arn, args.reader])
      .apply(([arn, reader]) => bucketPolicy(arn, scope, args.receivesLogs, reader));
    const policy = new aws.s3.BucketPolicy(
      `${name}-policy`,
      { ...target, policy: document },
      after(encryption),
    );
    const lifecycle = new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { ...target, rules: [lifecycleRule(args)] },
      after(policy),
    );
    const lock = locked(args)
      ? new aws.s3.BucketObjectLockConfiguration(
          `${name}-lock`,
          { ...target, rule: { defaultRetention: { mode: "GOVERNANCE", days: args.lockDays } } },
          after(lifecycle),
        )
      : lifecycle;
    const log = args.logBucket
      ? new aws.s3.BucketLogging(
          `${name}-log`,
          { ...target, targetBucket: args.logBucket, targetPrefix: `s3/${name}/` },
          after(lock),
        )
      : lock;
    if (args.eventBridge)
      new aws.s3.BucketNotification(`${name}-events`, { ...target, eventbridge: true }, after(log));

    this.bucket = policy.bucket;
    this.arn = pulumi.all([made.arn, policy.id]).apply(([arn]) => arn);
    this.registerOutputs({ bucket: this.bucket, arn: this.arn });
  }
}

const CLOSED = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};

/** S3's own keys: a key of ours would cost $1 a month and protect against nobody who may read the bucket. */
const ENCRYPTION = [
  {
    applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
    // A writer's own key would make objects that no backup and no replica can read.
    blockedEncryptionTypes: ["SSE-C"],
  },
];

/** All that belongs to it: a bucket that is kept and no longer closed would be worse than one that is gone. */
function isProtected({ forceDestroy, liftedUntil }: BucketArgs): boolean {
  return !forceDestroy && liftedUntil === undefined;
}

function locked({ lockDays }: BucketArgs): boolean {
  return lockDays !== undefined && lockDays > 0;
}

function lifecycleRule({ keepVersions, expire }: BucketArgs) {
  return {
    id: "keep",
    status: "Enabled",
    filter: { prefix: "" },
    noncurrentVersionExpiration: { noncurrentDays: keepVersions },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    // Expiring an object of a versioned bucket only hides it; the markers left over go by themselves then,
    // and S3 takes one of the two settings.
    expiration: expire === undefined ? { expiredObjectDeleteMarker: true } : { days: expire },
  };
}
