import assert from "node:assert/strict";
import { test } from "node:test";
import { lossInWords, type PlannedStep, protectionInWords, unacknowledged } from "./steps";

const NOW = "2026-11-22T08:00:00.000Z";
const INSTANCE = "aws:rds/instance:Instance";
const DATABASE: PlannedStep = { op: "replace", type: INSTANCE, name: "database-main-instance" };
const LOSSES: readonly (readonly [what: string, PlannedStep])[] = [
  ["databases.main", { ...DATABASE, replaces: ["dbName"] }],
  ["buckets.media", { op: "delete", type: "aws:s3/bucket:Bucket", name: "bucket-media" }],
  ["sites.web", { op: "delete", type: "aws:s3/bucket:Bucket", name: "site-web-files" }],
  ["registries.web", { op: "delete", type: "aws:ecr/repository:Repository", name: "registry-web" }],
  ["backups", { op: "delete", type: "aws:s3/bucket:Bucket", name: "backups-replica" }],
  ["backups", { op: "replace", type: "aws:backup/vault:Vault", name: "backups-vault-copy" }],
];

const said = (steps: readonly PlannedStep[], ...names: string[]) =>
  unacknowledged(steps, {
    environment: "prod",
    acknowledged: names.map((what) => ({ what, until: "2026-11-22", because: "it is meant" })),
    now: NOW,
  }).map(lossInWords);

const REMEDY = (what: string) =>
  `undo the change, or mean it: add { what: ${what}, until: <a day within 30 days>, because: <the reason> } to ` +
  "acknowledged in Pulumi.prod.yaml and bring production up without this change, which lifts the protection; " +
  "then make it and bring production up again.";

for (const [what, step] of LOSSES)
  test(`${step.op} of ${step.name} needs an acknowledgement of ${what}, and no other`, () => {
    assert.equal(said([step], "databases.other", "buckets.other", "registries.other").length, 1);
    assert.deepEqual(said([step], what), []);
  });

test("a loss says what it is, why it is refused and how to mean it", () => {
  const [main, media] = LOSSES.map(([, step]) => step) as [PlannedStep, PlannedStep];
  assert.deepEqual(said([main, media]), [
    "database main would be replaced by an empty one (because of dbName); what it holds would be lost, and " +
      `nothing acknowledges that. Remedy: ${REMEDY("databases.main")}`,
    "bucket media would be deleted; what it holds would be lost, and nothing acknowledges that. " +
      `Remedy: ${REMEDY("buckets.media")}`,
  ]);
});

test("what takes no data away is free, and so are the halves of a replacement that is told already", () => {
  const ops = ["create", "update", "same", "retain", "create-replacement", "delete-replaced"];
  assert.deepEqual(said(ops.map((op) => ({ ...DATABASE, op }))), []);
  assert.deepEqual(said([{ op: "delete", type: "aws:ecs/service:Service", name: "web_web" }]), []);
});

test("an expired acknowledgement covers nothing", () => {
  const acknowledged = [{ what: "databases.main", until: "2026-11-21", because: "it was meant" }];
  assert.equal(unacknowledged([DATABASE], { environment: "prod", acknowledged, now: NOW }).length, 1);
});

test("the sandbox is thrown away without a word", () => {
  const sandbox = { environment: "sandbox", acknowledged: [], now: NOW };
  assert.deepEqual(
    unacknowledged(
      LOSSES.map(([, step]) => step),
      sandbox,
    ),
    [],
  );
});

const URN = `urn:pulumi:prod::shop::tandem:database:Database$${INSTANCE}::database-main-instance`;
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";

test("an engine's refusal is told in the same words, whichever engine", () => {
  const [, step] = LOSSES[0] as [string, PlannedStep];
  assert.deepEqual([protectionInWords(`${URN} is protected and cannot be replaced (dbName)`)], said([step]));
  const engine = `unable to replace resource "${URN}"\nas it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag`;
  assert.deepEqual([protectionInWords(engine)], said([DATABASE]));
  const deleted = `resource "${URN}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the \`protect\` flag`;
  assert.deepEqual([protectionInWords(deleted)], said([{ ...DATABASE, op: "delete" }]));
});

test("what belongs to a bucket stands for the bucket", () => {
  const urn = `urn:pulumi:prod::shop::tandem:bucket:Bucket$${LIFECYCLE}::bucket-media-lifecycle`;
  assert.deepEqual(
    [protectionInWords(`${urn} is protected and cannot be deleted`)],
    said([LOSSES[1]?.[1] as PlannedStep]),
  );
});

test("any other message stays as it is", () => {
  for (const message of ["deletion protection is on", "branch main is protected", `${URN} is broken`])
    assert.equal(protectionInWords(message), message);
});
