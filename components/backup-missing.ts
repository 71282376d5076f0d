import * as pulumi from "@pulumi/pulumi";
import type { Alarm } from "./metric-alarm";
import { createAlarm } from "./metric-alarm";
import type { Scope } from "./names";

export interface MissingBackupArgs {
  readonly scope: Scope;
  /** Seconds between two runs of the plan, at most. */
  readonly everySeconds: number;
  readonly vaultName: pulumi.Input<string>;
  /** Who is told. */
  readonly topicArn: pulumi.Input<string>;
}

const HOUR = 3600;

/** Hours that a run may begin and end later than the one before: the plan's start window is one of them. */
const SLACK = 2;

/** Hours over which CloudWatch looks back at most: seven days. */
const LONGEST = 168;

/**
 * Tells when no backup at all came out of the plan in the time in which it should have: a plan that stopped or
 * lost its selection fails at nothing, so that BackupFailures is silent too. Of one that fails beside others it
 * is BackupFailures that tells. A plan that is too rare for CloudWatch has no alarm, and the preview says so.
 */
export function declareMissingBackup(
  name: string,
  { scope, everySeconds, vaultName, topicArn }: MissingBackupArgs,
  parent: pulumi.Resource,
): void {
  const hours = hoursWithout(everySeconds);
  if (hours > LONGEST) {
    pulumi.log.warn(TOO_RARE, parent);
    return;
  }
  createAlarm(name, { scope, key: "no-backup", alarm: missingBackup(vaultName, hours), topicArn }, parent);
}

const TOO_RARE =
  "backups.cron leaves more than 6 days between two backups, and CloudWatch alarms look back 7 days at most: " +
  "backups that fail are told, one that never starts is not. Back up twice a week or more often to have it told.";

/** Hours without a backup from which on one is missing. */
export const hoursWithout = (everySeconds: number): number => Math.ceil(everySeconds / HOUR) + SLACK;

function missingBackup(vaultName: pulumi.Input<string>, hours: number): Alarm {
  return {
    description:
      "No backup was completed in the time between two of them: look at the plan, its selection and its role.",
    namespace: "AWS/Backup",
    metric: "NumberOfBackupJobsCompleted",
    dimensions: { BackupVaultName: vaultName },
    statistic: "Sum",
    period: HOUR,
    periods: hours,
    beyond: { below: 1 },
    missing: "missing",
  };
}
