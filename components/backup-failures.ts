import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName, type Scope, tags } from "./names";

export interface BackupFailuresArgs {
  readonly scope: Scope;
  readonly vaultName: pulumi.Input<string>;
  readonly vaultArn: pulumi.Input<string>;
  /** Where they speak. */
  readonly topicArn: pulumi.Input<string>;
}

/**
 * Tells of every backup and copy of one vault that failed, expired or was aborted, and of single objects that a
 * backup left out. Once each: jobs speak through EventBridge, which alone knows all three ends, and objects
 * through the vault, because a job that misses some still counts as complete.
 */
export class BackupFailures extends pulumi.ComponentResource {
  constructor(name: string, args: BackupFailuresArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:backups:BackupFailures", name, {}, opts);
    const { scope, topicArn } = args;

    const rule = new aws.cloudwatch.EventRule(
      name,
      {
        name: physicalName(scope, "backup-failed", 64),
        description: "A backup or its copy failed, expired or was aborted",
        eventPattern: pulumi
          .all([args.vaultName, args.vaultArn])
          .apply(([vaultName, vaultArn]) => failurePattern(vaultName, vaultArn)),
        tags: tags(scope, "backup-failed"),
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      name,
      { rule: rule.name, arn: topicArn, inputTransformer: message(scope) },
      { parent: this },
    );
    new aws.backup.VaultNotifications(
      name,
      {
        backupVaultName: args.vaultName,
        snsTopicArn: topicArn,
        backupVaultEvents: ["S3_BACKUP_OBJECT_FAILED", "S3_RESTORE_OBJECT_FAILED"],
      },
      { parent: this },
    );

    this.registerOutputs({});
  }
}

/**
 * Ends that are no success, of this vault only: one account may hold both environments. An event names the
 * vault by name (backups) or by ARN (copies); what it leaves out must not make it silent.
 */
export function failurePattern(vaultName: string, vaultArn: string): string {
  const unsaid = { exists: false };
  return JSON.stringify({
    source: ["aws.backup"],
    "detail-type": ["Backup Job State Change", "Copy Job State Change"],
    detail: {
      state: ["FAILED", "EXPIRED", "ABORTED"],
      backupVaultName: [vaultName, unsaid],
      sourceBackupVaultArn: [vaultArn, unsaid],
    },
  });
}

function message({ project, environment }: Scope) {
  return {
    inputPaths: {
      kind: "$.detail-type",
      state: "$.detail.state",
      resource: "$.detail.resourceArn",
      reason: "$.detail.statusMessage",
    },
    inputTemplate: JSON.stringify(`${project} ${environment}: <kind>: <state> for <resource>. <reason>`),
  };
}
