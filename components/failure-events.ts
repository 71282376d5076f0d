import * as pulumi from "@pulumi/pulumi";
import type { Scope } from "./names";

/** An event that tells of a failure, and what is said about it. */
export interface FailureEvent {
  readonly description: string;
  /** What EventBridge compares events with. */
  readonly pattern: pulumi.Input<Record<string, unknown>>;
  /** Where the words in angle brackets of `text` are found. */
  readonly paths: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * What only events tell: a deployment that ECS gave up, a backup or a copy that did not happen. One account
 * may hold both environments, so that each pattern names what is its own.
 */
export function failureEvents(
  scope: Scope,
  clusterName: pulumi.Input<string>,
  vaultName: pulumi.Input<string> | undefined,
): Record<string, FailureEvent> {
  const deployment = { "deployment-failed": deploymentFailed(scope, clusterName) };
  return vaultName === undefined
    ? deployment
    : {
        ...deployment,
        "backup-failed": backupFailed(scope, vaultName),
        "copy-failed": copyFailed(scope, vaultName),
      };
}

function deploymentFailed(scope: Scope, clusterName: pulumi.Input<string>): FailureEvent {
  const services = pulumi.interpolate`arn:aws:ecs:${scope.region}:${scope.accountId}:service/${clusterName}/`;
  return {
    description: "A deployment did not reach a steady state",
    pattern: services.apply((prefix) => ({
      source: ["aws.ecs"],
      "detail-type": ["ECS Deployment State Change"],
      resources: [{ prefix }],
      detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
    })),
    paths: { service: "$.resources[0]", reason: "$.detail.reason" },
    text: `${scope.project} ${scope.environment}: a deployment of <service> failed: <reason>`,
  };
}

function backupFailed(scope: Scope, vaultName: pulumi.Input<string>): FailureEvent {
  return {
    description: "A backup failed, expired or was aborted",
    pattern: pulumi.output(vaultName).apply((vault) => ({
      source: ["aws.backup"],
      "detail-type": ["Backup Job State Change"],
      detail: { state: ["FAILED", "EXPIRED", "ABORTED"], backupVaultName: [vault] },
    })),
    paths: { resource: "$.detail.resourceArn", state: "$.detail.state", reason: "$.detail.statusMessage" },
    text: `${scope.project} ${scope.environment}: the backup of <resource> is <state>: <reason>`,
  };
}

function copyFailed(scope: Scope, vaultName: pulumi.Input<string>): FailureEvent {
  const vault = pulumi.interpolate`arn:aws:backup:${scope.region}:${scope.accountId}:backup-vault:${vaultName}`;
  return {
    description: "A backup was not copied to the second region",
    pattern: vault.apply((arn) => ({
      source: ["aws.backup"],
      "detail-type": ["Copy Job State Change"],
      detail: { state: ["FAILED"], sourceBackupVaultArn: [arn] },
    })),
    paths: { resource: "$.detail.resourceArn", reason: "$.detail.statusMessage" },
    text: `${scope.project} ${scope.environment}: the copy of <resource>'s backup failed: <reason>`,
  };
}
