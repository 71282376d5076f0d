import { LIFTED } from "../../components/protected";
import { fields, list } from "../reading";
import type { Resource, Rule } from "../rule";

const DATABASE = "aws:rds/instance:Instance";
const BUCKET = "aws:s3/bucket:Bucket";

/** What holds data that no other `up` brings back. */
export const STATEFUL: readonly string[] = [
  DATABASE,
  BUCKET,
  "aws:backup/vault:Vault",
  "aws:ecr/repository:Repository",
];

const SEALED = ["AES256", "aws:kms", "aws:kms:dsse"];

/** Days that bridge a week's holiday before anybody notices. */
const BACKUP_DAYS = 7;

/** Data at rest is encrypted. Volumes of Fargate tasks always are. */
export const encryption: Rule = {
  name: "encryption-at-rest",
  why: "a disk, a snapshot or an object that leaves the account can be read by whoever holds it",
  remedy:
    "set storageEncrypted: true on a database, sseAlgorithm AES256 or aws:kms on a bucket, and leave a queue's encryption on",
  check: ({ type, props }) => {
    if (type === DATABASE) return props.storageEncrypted === true ? [] : ["its storage is not encrypted"];
    if (/^aws:s3\/bucketServerSideEncryptionConfiguration(V2)?:/.test(type)) return unsealed(props.rules);
    const open = type === "aws:sqs/queue:Queue" && props.sqsManagedSseEnabled === false;
    return open && !props.kmsMasterKeyId ? ["its messages are not encrypted"] : [];
  },
};

function unsealed(rules: unknown): string[] {
  const algorithms = list(rules).map(
    (rule) => fields(fields(rule).applyServerSideEncryptionByDefault).sseAlgorithm,
  );
  const sealed = algorithms.length > 0 && algorithms.every((each) => SEALED.includes(String(each)));
  return sealed ? [] : ["the bucket's objects are not encrypted by default"];
}

export const privateDatabase: Rule = {
  name: "private-database",
  why: "a database that the internet reaches is attacked within minutes, and a leaked password is then enough",
  remedy: "set publiclyAccessible: false and reach it from a task",
  check: ({ type, props }) =>
    type === DATABASE && props.publiclyAccessible === true ? ["the internet reaches it"] : [],
};

/** What production holds cannot be lost by one wrong command. */
export const protection: Rule = {
  name: "production-protection",
  why: "one wrong command must not take production's data or its only way in",
  remedy:
    "leave production's posture as stacks/postures.ts has it: protected, with a final snapshot and backups of a week or more; " +
    "what is to go all the same is named under acknowledged, with a last day and a reason",
  check: (resource) => (resource.environment === "prod" ? [...deletable(resource), ...losing(resource)] : []),
};

/** What the configuration acknowledges carries a tag: only then may its protection be off. */
function deletable({ type, props, protect }: Resource): string[] {
  if (type === "aws:lb/loadBalancer:LoadBalancer")
    return props.enableDeletionProtection === true ? [] : ["it can be deleted"];
  if (!STATEFUL.includes(type) || fields(props.tags)[LIFTED] !== undefined) return [];
  return [
    ...(type === DATABASE && props.deletionProtection !== true ? ["it can be deleted"] : []),
    ...(protect === false ? ["Pulumi would delete or replace it without a word"] : []),
  ];
}

/** How its data would be lost with it. */
function losing({ type, props }: Resource): string[] {
  if (type === DATABASE)
    return [
      ...(props.skipFinalSnapshot === true ? ["it would be deleted without a final snapshot"] : []),
      ...(props.deleteAutomatedBackups === false ? [] : ["its backups would be deleted with it"]),
      ...keptTooShort(props.backupRetentionPeriod),
    ];
  if (type === BUCKET)
    return props.forceDestroy === true ? ["a destroy would delete every object in it"] : [];
  return [];
}

function keptTooShort(days: unknown): string[] {
  const kept = typeof days === "number" ? days : 0;
  return kept >= BACKUP_DAYS ? [] : [`its backups are kept ${kept} days, fewer than ${BACKUP_DAYS}`];
}
