import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { chosen, exportDump, listDumps } from "./dumps";
import { DUMP, NEW, NOW, OLD, place, said } from "./place.test-helper";
import { drill, refreshSandbox, restore } from "./tasks";

const patience = { asked: "1", wait: async () => {} };

test("dumps are listed the newest first with age and proof, and what has no manifest is none", async () => {
  const { where } = place({
    [`${OLD}/manifest.json`]: said({ time: "2026-11-21T02:17:00Z" }),
    [`${NEW}/manifest.json`]: said({ doubts: "it has 3 bytes" }),
    "dumps/main/20261122T031700Z/dump.sql.gz": "half",
    "dumps/main/20261122T041700Z/manifest.json": "{ half",
  });
  const dumps = await listDumps(where.cloud, "bucket", NOW);
  assert.deepEqual(
    dumps.map(({ backup, age, proved }) => [backup, age, proved]),
    [
      [NEW, 6 * 3600, false],
      [OLD, 30 * 3600, true],
    ],
  );
  assert.equal(chosen(dumps, "latest").backup, OLD, "the newest beyond doubt");
  assert.equal(chosen(dumps, NEW).backup, NEW);
  assert.throws(
    () => chosen(dumps, "dumps/main/x"),
    /no dump dumps\/main\/x\. The newest are: dumps\/main\/20261122T021700Z/,
  );
  assert.throws(() => chosen([], "latest"), /none at all/);
});

test("an export is checked, private, and gone where it is not what it says", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tandem-export-"));
  try {
    const { where, objects } = place({
      [`${NEW}/dump.sql.gz`]: String(DUMP),
      [`${NEW}/manifest.json`]: said(),
    });
    const wanted = chosen(await listDumps(where.cloud, "bucket", NOW), "latest");
    const done = await exportDump(where.cloud, "bucket", wanted, folder);
    assert.deepEqual(readFileSync(done.file), DUMP);
    assert.equal(statSync(done.folder).mode & 0o077, 0);
    objects[`${NEW}/dump.sql.gz`] = "other";
    await assert.rejects(exportDump(where.cloud, "bucket", wanted, folder), /checksum/);
    assert.equal(existsSync(done.folder), false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a restore asks the door for just what was said, and returns the answer", async () => {
  const { where, asked } = place({}, ['tandem-answer { "ok": true, "problems": [], "into": "Shop_x" }']);
  const wish = { backup: NEW, fromEnvironment: "sandbox", maxAge: 3600 };
  assert.deepEqual(await restore(where, "main", wish, patience), { ok: true, problems: [], into: "Shop_x" });
  assert.deepEqual(asked, [
    {
      do: "job",
      job: "restore--main",
      asked: "1",
      inputs: { BACKUP: NEW, FROM_ENVIRONMENT: "sandbox", MAX_AGE: "3600" },
    },
  ]);
});

test("a task that says nothing is a failure with its log, and a refusal of the door is told", async () => {
  const silent = place({}, ["no answer"]);
  assert.match(
    (await drill(silent.where, "main", { backup: "latest" }, patience)).problems[0] as string,
    /t1[\s\S]*\/log/,
  );
  assert.equal((silent.asked[0] as { inputs: Record<string, string> }).inputs.THROW_AWAY, "yes");
  const cloud = { ...silent.where.cloud, ask: async () => ({ refused: "It runs already." }) };
  await assert.rejects(
    drill({ ...silent.where, cloud }, "main", { backup: "latest" }, patience),
    /runs already/,
  );
});

test("a refresh carries the anonymised dump and nothing else, its manifest last", async () => {
  const at = "anonymised/main/20261122T100000Z";
  const production = place(
    { [`${NEW}/dump.sql.gz`]: "people", [`${at}/dump.sql.gz`]: "nobody", [`${at}/manifest.json`]: "m" },
    [`tandem-answer { "ok": true, "problems": [], "anonymised": "${at}" }`],
  );
  const sandbox = place({}, ['tandem-answer { "ok": true, "problems": [] }']);
  const done = await refreshSandbox(production.where, sandbox.where, "main", { backup: "latest" }, patience);
  assert.equal(done.ok, true);
  assert.deepEqual(Object.keys(sandbox.objects), [`${at}/dump.sql.gz`, `${at}/manifest.json`]);
  assert.deepEqual((sandbox.asked[0] as { job: string; inputs: object }).inputs, {
    BACKUP: at,
    FROM_ENVIRONMENT: "prod",
  });
});

test("a refresh whose rules lack a column ends before the sandbox is asked", async () => {
  const production = place({}, [
    'tandem-answer { "ok": false, "problems": ["column person.age is not declared"] }',
  ]);
  const sandbox = place({});
  const done = await refreshSandbox(production.where, sandbox.where, "main", { backup: "latest" }, patience);
  assert.deepEqual([done.ok, sandbox.asked.length], [false, 0]);
});
