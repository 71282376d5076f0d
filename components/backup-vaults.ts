import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { schedulerExpression } from "./cron";
import { physicalName, type Scope, tags } from "./names";
import { liftedTag } from "./protected";

export interface BackupVaultsArgs {
  readonly scope: Scope;
  /** When: five cron fields. */
  readonly cron: string;
  /** The IANA time zone that `cron` is read in. */
  readonly timeZone: string;
  /** Days that a backup is kept, here and in the second region. */
  readonly keep: number;
  /** The second region. */
  readonly copyRegion: string;
  /** Days before which nobody deletes a backup, short of a person who may lift the lock. 0 is no lock. */
  readonly lockDays: number;
  readonly databaseArns: readonly pulumi.Input<string>[];
  readonly bucketArns: readonly pulumi.Input<string>[];
  /** Whether a destroy deletes the backups too. */
  readonly forceDestroy: boolean;
  /** The last day on which the vaults may go all the same, empty. @default they may not */
  readonly liftedUntil?: string | undefined;
}

/** Databases and buckets in AWS Backup: a vault here, a vault in the second region, and when they are filled. */
export class BackupVaults extends pulumi.ComponentResource {
  public readonly vaultName: pulumi.Output<string>;
  public readonly vaultArn: pulumi.Output<string>;
  public readonly planId: pulumi.Output<string>;

  constructor(name: string, args: BackupVaultsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:backups:BackupVaults", name, {}, opts);
    const { scope } = args;

    const vault = lockedVault(this, name, args);
    const copy = lockedVault(this, `${name}-copy`, args, args.copyRegion);
    const plan = new aws.backup.Plan(
      name,
      {
        name: physicalName(scope, "backups", 50),
        rules: [planRule(args, vault.name, copy.arn)],
        tags: tags(scope, "backups"),
      },
      { parent: this },
    );
    const resources = [...args.databaseArns, ...args.bucketArns];
    if (resources.length > 0) {
      const { role, rights } = backupRole(this, name, args);
      new aws.backup.Selection(
        name,
        { planId: plan.id, iamRoleArn: role.arn, resources },
        { parent: this, dependsOn: rights },
      );
    }

    this.vaultName = vault.name;
    this.vaultArn = vault.arn;
    this.planId = plan.id;
    this.registerOutputs({ vaultName: this.vaultName, planId: this.planId });
  }
}

/** Without `changeableForDays` the lock is governance: a person with the right can lift it, nobody else can. */
function lockedVault(parent: BackupVaults, name: string, args: BackupVaultsArgs, region?: string) {
  const { scope, forceDestroy, liftedUntil } = args;
  const where = region === undefined ? {} : { region };
  const vault = new aws.backup.Vault(
    name,
    {
      ...where,
      name: physicalName(scope, "backups", 50),
      forceDestroy,
      tags: { ...tags(scope, "backups"), ...liftedTag(liftedUntil) },
    },
    { parent, protect: !forceDestroy && liftedUntil === undefined },
  );
  // A minimum above what the plan keeps would make every backup fail.
  const minRetentionDays = Math.min(args.lockDays, args.keep);
  if (minRetentionDays > 0)
    new aws.backup.VaultLockConfiguration(
      name,
      { ...where, backupVaultName: vault.name, minRetentionDays },
      { parent },
    );
  return vault;
}

function planRule(
  { cron, timeZone, keep }: BackupVaultsArgs,
  targetVaultName: pulumi.Output<string>,
  destinationVaultArn: pulumi.Output<string>,
) {
  const lifecycle = { deleteAfter: keep };
  return {
    ruleName: "daily",
    targetVaultName,
    schedule: schedulerExpression(cron),
    scheduleExpressionTimezone: timeZone,
    // Minutes: told as expired when it has not begun within the first, as aborted when not ended within the second.
    startWindow: 60,
    completionWindow: 720,
    lifecycle,
    copyActions: [{ destinationVaultArn, lifecycle }],
  };
}

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** AWS's own policies: what a backup of each kind needs changes with the service. */
const POLICIES = {
  databases: "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
  buckets: "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup",
} as const;

function backupRole(parent: BackupVaults, name: string, { scope, bucketArns }: BackupVaultsArgs) {
  const role = new aws.iam.Role(name, { assumeRolePolicy: TRUST, tags: tags(scope, "backups") }, { parent });
  // The first also copies to the second region, whatever was backed up.
  const kinds = bucketArns.length > 0 ? (["databases", "buckets"] as const) : (["databases"] as const);
  const rights = kinds.map(
    (kind) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-${kind}`,
        { role: role.name, policyArn: POLICIES[kind] },
        { parent },
      ),
  );
  return { role, rights };
}
