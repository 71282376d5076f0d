import assert from "node:assert/strict";
import { test } from "node:test";
import { failurePattern } from "./backup-failures";
import { hoursWithout } from "./backup-missing";
import { Backups, type BackupsArgs } from "./backups";
import { tags } from "./names";
import { ofType, record } from "./recorder";
import { replicationPolicy } from "./replication";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };
const args: BackupsArgs = {
  scope,
  cron: "17 3 * * *",
  timeZone: "Europe/Paris",
  everySeconds: 90_000,
  keep: 30,
  copyRegion: "eu-central-1",
  lockDays: 14,
  databaseArns: ["arn:aws:rds:eu-west-3:222222222222:db:shop-prod-main"],
  bucketArns: ["arn:aws:s3:::uploads"],
  topicArn: "arn:aws:sns:eu-west-3:222222222222:shop-prod-notices",
  forceDestroy: false,
};
const outputs = (type: string, name: string) =>
  type.endsWith("s3/bucket:Bucket") ? { bucket: `${name}-physical`, arn: `arn:aws:s3:::${name}` } : {};
const declare = (more: Partial<BackupsArgs> = {}) =>
  record(() => new Backups("backups", { ...args, ...more }), outputs);

test("dumps go into a locked bucket with a locked copy in the second region", async () => {
  const recorded = await declare();
  const locks = ofType(recorded, "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration");
  assert.deepEqual(Object.keys(locks).sort(), ["backups-lock", "backups-replica-lock"]);
  for (const { rule } of Object.values(locks))
    assert.deepEqual(rule, { defaultRetention: { mode: "GOVERNANCE", days: 14 } });
  const buckets = ofType(recorded, "aws:s3/bucket:Bucket");
  assert.deepEqual(
    Object.entries(buckets)
      .map(([key, { region, forceDestroy }]) => [key, region, forceDestroy])
      .sort(),
    [
      ["backups", undefined, false],
      ["backups-logs", undefined, false],
      ["backups-replica", "eu-central-1", false],
    ],
  );
});

test("every version is copied, deletions are not", async () => {
  const [config] = Object.values(
    ofType(await declare(), "aws:s3/bucketReplicationConfig:BucketReplicationConfig"),
  );
  assert.equal(config?.bucket, "backups-physical");
  const [rule] = (config as { rules: Record<string, unknown>[] }).rules;
  assert.equal(rule?.status, "Enabled");
  assert.deepEqual(rule?.deleteMarkerReplication, { status: "Disabled" });
  assert.deepEqual(rule?.destination, { bucket: "arn:aws:s3:::backups-replica" });
});

test("the replication role reads one bucket, writes the other and deletes nothing", () => {
  const { Statement } = JSON.parse(replicationPolicy("arn:from", "arn:to"));
  const by = (resource: string) =>
    Statement.filter((s: { Resource: string }) => s.Resource.startsWith(resource)).flatMap(
      (s: { Action: string[] }) => s.Action,
    );
  assert.ok(by("arn:from").every((action: string) => /^s3:(Get|List)/.test(action)));
  assert.deepEqual(by("arn:to"), ["s3:ReplicateObject", "s3:ReplicateTags"]);
});

test("who touched the backups is logged into a bucket without a lock", async () => {
  const recorded = await declare();
  const logging = ofType(recorded, "aws:s3/bucketLogging:BucketLogging");
  assert.deepEqual(Object.keys(logging), ["backups-log"]);
  assert.equal(logging["backups-log"]?.targetBucket, "backups-logs-physical");
  assert.equal(ofType(recorded, "aws:s3/bucket:Bucket")["backups-logs"]?.objectLockEnabled, false);
  const policy = ofType(recorded, "aws:s3/bucketPolicy:BucketPolicy")["backups-logs-policy"];
  assert.match(policy?.policy as string, /logging\.s3\.amazonaws\.com/);
});

test("there is a vault in each region, both locked in governance mode", async () => {
  const recorded = await declare();
  const vaults = ofType(recorded, "aws:backup/vault:Vault");
  assert.equal(vaults["backups-vault"]?.name, "shop-prod-backups");
  assert.equal(vaults["backups-vault"]?.region, undefined);
  assert.equal(vaults["backups-vault-copy"]?.region, "eu-central-1");
  assert.ok(Object.values(vaults).every(({ forceDestroy }) => forceDestroy === false));
  const locks = ofType(recorded, "aws:backup/vaultLockConfiguration:VaultLockConfiguration");
  assert.equal(Object.keys(locks).length, 2);
  for (const lock of Object.values(locks)) {
    assert.equal(lock.minRetentionDays, 14);
    assert.equal(lock.changeableForDays, undefined);
  }
});

for (const [lockDays, keep, expected] of [
  [30, 7, 7],
  [14, 30, 14],
] as const)
  test(`a lock of ${lockDays} days over backups kept ${keep} holds ${expected}`, async () => {
    const recorded = await declare({ lockDays, keep });
    const vault = ofType(recorded, "aws:backup/vaultLockConfiguration:VaultLockConfiguration")[
      "backups-vault"
    ];
    assert.equal(vault?.minRetentionDays, expected);
    const lock = ofType(recorded, "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration");
    assert.deepEqual(lock["backups-lock"]?.rule, {
      defaultRetention: { mode: "GOVERNANCE", days: expected },
    });
  });

test("without a lock nothing is locked", async () => {
  assert.ok((await declare({ lockDays: 0 })).every(({ type }) => !/[lL]ockConfiguration/.test(type)));
});

test("the plan runs in the team's own time zone and copies each backup", async () => {
  const plan = ofType(await declare(), "aws:backup/plan:Plan")["backups-vault"];
  assert.equal(plan?.name, "shop-prod-backups");
  const [rule] = (plan as { rules: Record<string, unknown>[] }).rules;
  assert.equal(rule?.schedule, "cron(17 3 * * ? *)");
  assert.equal(rule?.scheduleExpressionTimezone, "Europe/Paris");
  assert.equal(rule?.targetVaultName, "shop-prod-backups");
  assert.deepEqual(rule?.lifecycle, { deleteAfter: 30 });
  assert.deepEqual(rule?.copyActions, [
    {
      destinationVaultArn: "arn:aws:test:eu-west-3:111111111111:backups-vault-copy",
      lifecycle: { deleteAfter: 30 },
    },
  ]);
});

test("databases and buckets are selected, by a role with AWS's own backup policies", async () => {
  const recorded = await declare();
  const selection = ofType(recorded, "aws:backup/selection:Selection")["backups-vault"];
  assert.deepEqual(selection?.resources, [...args.databaseArns, ...args.bucketArns]);
  const attached = ofType(recorded, "aws:iam/rolePolicyAttachment:RolePolicyAttachment");
  assert.deepEqual(
    Object.values(attached)
      .map(({ policyArn }) => policyArn)
      .sort(),
    [
      "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup",
      "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
    ],
  );
});

test("with nothing to back up there is no selection and no role for it", async () => {
  const recorded = await declare({ databaseArns: [], bucketArns: [] });
  assert.deepEqual(ofType(recorded, "aws:backup/selection:Selection"), {});
  assert.deepEqual(Object.keys(ofType(recorded, "aws:iam/role:Role")), ["backups-replication"]);
});

test("a failed, expired or aborted backup or copy of this vault speaks to the topic", async () => {
  const recorded = await declare();
  const [rule] = Object.values(ofType(recorded, "aws:cloudwatch/eventRule:EventRule"));
  assert.equal(rule?.name, "shop-prod-backup-failed");
  assert.equal(rule?.scheduleExpression, undefined);
  const pattern = JSON.parse(rule?.eventPattern as string);
  assert.deepEqual(pattern.detail.state, ["FAILED", "EXPIRED", "ABORTED"]);
  const [target] = Object.values(ofType(recorded, "aws:cloudwatch/eventTarget:EventTarget"));
  assert.equal(target?.arn, args.topicArn);
  assert.equal(target?.rule, "shop-prod-backup-failed");
});

test("the other environment's vault in the same account stays silent here", () => {
  const { detail } = JSON.parse(failurePattern("shop-prod-backups", "arn:vault"));
  assert.deepEqual(detail.backupVaultName, ["shop-prod-backups", { exists: false }]);
  assert.deepEqual(detail.sourceBackupVaultArn, ["arn:vault", { exists: false }]);
});

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

test("no completed backup in the time between two of them is told, and a new environment's silence is not", async () => {
  assert.deepEqual(ofType(await declare(), ALARM), {
    "backups-no-backup": {
      name: "shop-prod-no-backup",
      alarmDescription:
        "No backup was completed in the time between two of them: look at the plan, its selection and its role. What to do: docs/runbook.md#no-backup",
      namespace: "AWS/Backup",
      metricName: "NumberOfBackupJobsCompleted",
      dimensions: { BackupVaultName: "shop-prod-backups" },
      statistic: "Sum",
      period: 3600,
      evaluationPeriods: 27,
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      treatMissingData: "missing",
      alarmActions: [args.topicArn],
      insufficientDataActions: [args.topicArn],
      tags: tags(scope, "no-backup"),
    },
  });
});

for (const [every, everySeconds, hours] of [
  ["hour", 3600, 3],
  ["hour and a half", 5400, 4],
  ["day", 86_400, 26],
  ["day of 25 hours", 90_000, 27],
] as const)
  test(`a backup of every ${every} is missing after ${hours} hours`, () => {
    assert.equal(hoursWithout(everySeconds), hours);
  });

test("backups too rare for CloudWatch's seven days have no alarm that AWS would refuse", async () => {
  assert.deepEqual(ofType(await declare({ everySeconds: 7 * 86_400 }), ALARM), {});
  const within = ofType(await declare({ everySeconds: 166 * 3600 }), ALARM)["backups-no-backup"];
  assert.equal(Number(within?.evaluationPeriods) * Number(within?.period), 7 * 86_400);
});

test("where nothing is backed up nothing is missing", async () => {
  assert.deepEqual(ofType(await declare({ databaseArns: [], bucketArns: [] }), ALARM), {});
  const bucketsOnly = await declare({ databaseArns: [] });
  assert.deepEqual(Object.keys(ofType(bucketsOnly, ALARM)), ["backups-no-backup"]);
});

test("the vault itself tells of objects only, so that no job is told twice", async () => {
  const [told] = Object.values(ofType(await declare(), "aws:backup/vaultNotifications:VaultNotifications"));
  assert.deepEqual(told?.backupVaultEvents, ["S3_BACKUP_OBJECT_FAILED", "S3_RESTORE_OBJECT_FAILED"]);
  assert.equal(told?.snsTopicArn, args.topicArn);
});
