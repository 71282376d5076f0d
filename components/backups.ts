import * as pulumi from "@pulumi/pulumi";
import { BackupFailures } from "./backup-failures";
import { declareMissingBackup } from "./backup-missing";
import { BackupVaults } from "./backup-vaults";
import { Bucket } from "./bucket";
import type { Scope } from "./names";
import { Replication } from "./replication";

export interface BackupsArgs {
  readonly scope: Scope;
  /** When databases and buckets are backed up: five cron fields. */
  readonly cron: string;
  /** The IANA time zone that `cron` is read in. */
  readonly timeZone: string;
  /** The longest time between two runs of `cron`, in seconds: a backup is missing when more has passed. */
  readonly everySeconds: number;
  /** Days that a backup is kept. */
  readonly keep: number;
  /** The second region, where every backup has a copy. */
  readonly copyRegion: string;
  /** Days before which nobody deletes a backup, short of a person who may lift the lock. 0 is no lock. */
  readonly lockDays: number;
  readonly databaseArns: readonly pulumi.Input<string>[];
  readonly bucketArns: readonly pulumi.Input<string>[];
  /** Where failures speak. */
  readonly topicArn: pulumi.Input<string>;
  /** Whether a destroy deletes the backups too. */
  readonly forceDestroy: boolean;
  /** The last day on which buckets and vaults may go all the same, empty. @default they may not */
  readonly liftedUntil?: string | undefined;
  /** Days that the log of who touched the backups is kept. @default 365 */
  readonly logDays?: number | undefined;
}

/**
 * What brings the environment back: AWS Backup for databases and buckets, and a locked bucket for dumps that
 * the application's own tools write. All of it twice, in two regions, and nothing of it deleted before its time.
 */
export class Backups extends pulumi.ComponentResource {
  /** The locked bucket for dumps. */
  public readonly bucket: pulumi.Output<string>;
  public readonly bucketArn: pulumi.Output<string>;
  /** Its copy in the second region. */
  public readonly replicaBucket: pulumi.Output<string>;
  /** Where the access log of the locked bucket goes. */
  public readonly logBucket: pulumi.Output<string>;
  public readonly vaultName: pulumi.Output<string>;
  public readonly planId: pulumi.Output<string>;

  constructor(name: string, args: BackupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:backups:Backups", name, {}, opts);
    const { scope, topicArn, everySeconds } = args;
    const parent = { parent: this };

    const logs = new Bucket(`${name}-logs`, logSettings(args), parent);
    const dumps = dumpSettings(args);
    const bucket = new Bucket(name, { ...dumps, role: "backups", logBucket: logs.bucket }, parent);
    const replica = new Bucket(
      `${name}-replica`,
      // Without a log: S3 writes logs within a region only, and nobody but replication touches the copy.
      { ...dumps, role: "backups-replica", region: args.copyRegion },
      parent,
    );
    new Replication(`${name}-replication`, { scope, source: bucket, destination: replica }, parent);
    const vaults = new BackupVaults(`${name}-vault`, args, parent);
    const { vaultName, vaultArn } = vaults;
    new BackupFailures(`${name}-failed`, { scope, vaultName, vaultArn, topicArn }, parent);
    if (args.databaseArns.length + args.bucketArns.length > 0)
      declareMissingBackup(name, { scope, everySeconds, vaultName, topicArn }, this);

    this.bucket = bucket.bucket;
    this.bucketArn = bucket.arn;
    this.replicaBucket = replica.bucket;
    this.logBucket = logs.bucket;
    this.vaultName = vaultName;
    this.planId = vaults.planId;
    this.registerOutputs({
      bucket: this.bucket,
      replicaBucket: this.replicaBucket,
      vaultName,
      planId: this.planId,
    });
  }
}

/** No lock: S3 delivers no logs into a bucket that locks what arrives. */
function logSettings({ scope, forceDestroy, liftedUntil, logDays = 365 }: BackupsArgs) {
  const ending = { expire: logDays, forceDestroy, liftedUntil };
  return { scope, role: "backups-logs", keepVersions: 1, receivesLogs: true, ...ending };
}

function dumpSettings({ scope, keep, lockDays, forceDestroy, liftedUntil }: BackupsArgs) {
  return {
    scope,
    expire: keep,
    // The lock holds what is deleted or overwritten too early; once it ends, a day of grace is enough.
    keepVersions: 1,
    lockDays: Math.min(lockDays, keep),
    forceDestroy,
    liftedUntil,
  };
}
