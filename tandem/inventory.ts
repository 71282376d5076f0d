import { join } from "node:path";
import type { EnvironmentName } from "../config/settings";

import type { ResourceState } from "../rehearsal/stack-state";
import { ROOT } from "./project";

/** One line of an inventory: what exists under which name, and what decides who may reach or lose it. */
export interface Listed {
  readonly type: string;
  readonly name: string;
  readonly protected?: true;
  readonly security?: Readonly<Record<string, unknown>>;
}

/** Inputs that decide who reaches, reads, changes or loses something. */
const SECURITY = new Set(
  [
    "policy assumeRolePolicy policyArn managedPolicyArns principal sourceArn sourceAccount",
    "cidrIpv4 cidrIpv6 prefixListId referencedSecurityGroupId fromPort toPort ipProtocol mapPublicIpOnLaunch",
    "publiclyAccessible storageEncrypted kmsKeyId encrypted deletionProtection enableDeletionProtection",
    "skipFinalSnapshot deleteAutomatedBackups multiAz backupRetentionPeriod engineVersion iamDatabaseAuthenticationEnabled",
    "internal dropInvalidHeaderFields sslPolicy protocol defaultActions conditions",
    "blockPublicAcls blockPublicPolicy ignorePublicAcls restrictPublicBuckets objectLockEnabled rule versioningConfiguration",
    "forceDestroy forceDelete forceDestroyRecoveryWindow recoveryWindowInDays imageTagMutability retentionInDays",
    "minRetentionDays maxRetentionDays proxied settingId value phase rules decision includes enabled",
    "reviewers deploymentBranchPolicy preventSelfReview shaPinningRequired defaultWorkflowPermissions bypassActors",
    "executionRoleArn taskRoleArn networkConfiguration enableExecuteCommand readonlyRootFilesystem",
  ].flatMap((line) => line.split(" ")),
);

/** What a stack declares, of its resources in neutral words, in the order of type and name. */
export function inventory(resources: readonly ResourceState[]): readonly Listed[] {
  return resources
    .filter(({ custom }) => custom)
    .map(listed)
    .sort((a, b) => a.type.localeCompare(b.type) || a.name.localeCompare(b.name));
}

/** Where the inventory of an example's environment is kept. */
export const goldenFile = (example: string, environment: EnvironmentName) =>
  join(ROOT, "examples", example, `inventory.${environment}.golden.json`);

function listed({ type, urn, inputs, protect }: ResourceState): Listed {
  const security = Object.entries(inputs)
    .filter(([property]) => SECURITY.has(property))
    .map(([property, value]) => [property, value] as const)
    .sort(([a], [b]) => a.localeCompare(b));
  return {
    type,
    name: urn.split("::").at(-1) ?? "",
    ...(protect ? { protected: true as const } : {}),
    ...(security.length > 0 ? { security: Object.fromEntries(security) } : {}),
  };
}
