import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Memory } from "../in-process";
import { openProject } from "../project";
import { variant } from "../variant";
import { changes, type Outcome } from "../way";
import { copied, lines, objectsOf, standing, under } from "./rehearsed.test-helper";

/** Data in production goes only where the configuration says that it is meant, and until when. */

const example = openProject("oc-pizza");
const PRODUCTION = "222222222222";
const INSTANCE = "aws:rds/instance:Instance";
const BUCKET = "aws:s3/bucket:Bucket";

/** A database and a bucket that no release touches. */
const OLD = { databases: { archive: { name: "Archive" } }, buckets: { old: {} } };
/** Replaces the database. */
const RENAMED = { ...OLD, databases: { archive: { name: "Archive_2" } } };
/** Deletes the bucket. */
const EMPTIED = { databases: OLD.databases };

const meant = (what: string) => ({ what, until: "2026-12-01", because: "the archive gets its new name" });
const ACKNOWLEDGED = { acknowledged: [meant("databases.archive"), meant("buckets.old")] };
const LIFTED = ["database archive", "bucket old"].map(
  (name) => `protection of ${name} is lifted until 2026-12-01: the archive gets its new name`,
);

const REMEDY = (what: string) =>
  `Remedy: undo the change, or mean it: add { what: ${what}, until: <a day within 30 days>, because: <the reason> } to ` +
  "acknowledged in Pulumi.prod.yaml and bring production up without this change, which lifts the protection; " +
  "then make it and bring production up again.";

/** Production with its data, and the same with its protection lifted. */
let memory: Memory;
let lifted: { readonly memory: Memory; readonly outcome: Outcome };

before(async () => {
  const differences = { differences: OLD };
  memory = (await standing(variant(example, { sandbox: differences, prod: differences }))).memory;
  const way = production({ ...OLD, ...ACKNOWLEDGED });
  lifted = { outcome: await way.run("prod", "up"), memory: way.memory };
});

/** Production as it stands, or as another run left it, under these differences. */
function production(differences: object, from: Memory = memory) {
  const sandbox = { differences: OLD };
  return under(variant(example, { sandbox, prod: { differences } }), copied(from));
}

const said = ({ failures }: Outcome) => failures.map(({ message }) => message);

const databases = (of: Memory) =>
  objectsOf(of, INSTANCE, PRODUCTION)
    .filter(({ inputs }) => inputs.identifier === "oc-pizza-prod-archive")
    .map(({ id, inputs }) => `${id} ${String(inputs.dbName)}`);
const buckets = (of: Memory) => objectsOf(of, BUCKET, PRODUCTION).length;

test("all that holds data is protected in production, a bucket with what closes it, and nothing in the sandbox", () => {
  const protectedIn = (stack: "sandbox" | "prod") =>
    (memory.stacks[stack]?.resources ?? []).filter(({ protect, custom }) => protect && custom);
  const names = protectedIn("prod").map(({ urn }) => urn.split("::").at(-1) ?? "");
  const part = /-(access|owner|versions|encryption|policy|lifecycle|lock|log)$/;
  assert.deepEqual(names.filter((name) => !part.test(name)).sort(), [
    "backups",
    "backups-logs",
    "backups-replica",
    "backups-vault",
    "backups-vault-copy",
    "bucket-media",
    "bucket-old",
    "database-archive-instance",
    "database-main-instance",
    "maintenance-switches",
    "registry-web",
  ]);
  assert.ok(names.includes("bucket-media-access") && names.includes("bucket-media-policy"));
  assert.deepEqual(protectedIn("sandbox"), []);
});

test("a change that would replace production's database is refused by name", async () => {
  const way = production(RENAMED);
  assert.deepEqual(said(await way.run("prod", "up")), [
    "database archive would be replaced by an empty one (because of dbName); what it holds would be lost, and " +
      `nothing acknowledges that. ${REMEDY("databases.archive")}`,
  ]);
  assert.deepEqual(databases(way.memory), databases(memory));
});

test("a bucket of production that is no longer declared stays, and closed", async () => {
  const way = production(EMPTIED);
  const outcome = await way.run("prod", "up");
  assert.deepEqual(said(outcome), [
    "bucket old would be deleted; what it holds would be lost, and nothing acknowledges that. " +
      REMEDY("buckets.old"),
  ]);
  assert.deepEqual(
    lines(outcome).filter((line) => line.includes(" bucket-old")),
    [],
  );
  assert.equal(buckets(way.memory), buckets(memory));
});

test("an acknowledgement does not lift and replace at once: the protection is lifted first", async () => {
  const way = production({ ...RENAMED, ...ACKNOWLEDGED });
  const [refusal, ...more] = said(await way.run("prod", "preview"));
  assert.match(refusal ?? "", /^database archive would be replaced by an empty one/);
  assert.deepEqual(more, []);
});

test("the first up lifts the protections of what is acknowledged, and says so", () => {
  assert.deepEqual(said(lifted.outcome), []);
  assert.deepEqual(lines(lifted.outcome).sort(), [
    "update Bucket bucket-old tags",
    "update Instance database-archive-instance deletionProtection tags",
  ]);
  for (const words of LIFTED) assert.ok(lifted.outcome.warnings.includes(words), words);
});

test("the second up replaces and deletes; without the acknowledgement the protection is back", async () => {
  const second = production({ databases: RENAMED.databases, ...ACKNOWLEDGED }, lifted.memory);
  const done = await second.run("prod", "up");
  assert.deepEqual(said(done), []);
  const steps = lines(done);
  assert.ok(steps.some((line) => line.startsWith("replace Instance database-archive-instance")));
  assert.ok(steps.includes("delete Bucket bucket-old"));
  assert.match(databases(second.memory).join(), /^\S+ Archive_2$/);
  assert.equal(buckets(second.memory), buckets(memory) - 1);
  const gone = "nothing here is called buckets.old: take it out of acknowledged once what it named is gone";
  assert.ok(done.warnings.includes(gone));

  const third = production({ databases: RENAMED.databases }, second.memory);
  const back = await third.run("prod", "up");
  assert.deepEqual(said(back), []);
  assert.deepEqual(lines(back), ["update Instance database-archive-instance deletionProtection tags"]);
});

test("a lifted protection whose acknowledgement is gone does not let a preview through", async () => {
  const way = production(RENAMED, lifted.memory);
  const refused = said(await way.run("prod", "preview"));
  assert.match(refused.join("\n"), /^database archive would be replaced by an empty one/);
});

test("an expired acknowledgement is refused before anything is touched", async () => {
  const way = production({ ...OLD, acknowledged: [meant("databases.archive")] });
  way.memory.cloud.clock.set("2026-12-02T00:00:00.000Z");
  const outcome = await way.run("prod", "up");
  const words = said(outcome).join("\n");
  assert.match(words, /it expired on 2026-12-01, the protection of databases\.archive is back/);
  assert.match(words, /remove it, or renew it with a reason/);
  assert.deepEqual(changes(outcome.steps), []);
});

test("the sandbox replaces and deletes what it likes", async () => {
  const sandbox = { differences: { databases: RENAMED.databases } };
  const way = under(variant(example, { sandbox }), copied(memory));
  const outcome = await way.run("sandbox", "up");
  assert.deepEqual(said(outcome), []);
  const steps = lines(outcome);
  assert.ok(steps.some((line) => line.startsWith("replace Instance database-archive-instance")));
  assert.ok(steps.includes("delete Bucket bucket-old"));
});
