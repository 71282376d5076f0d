import assert from "node:assert/strict";
import { test } from "node:test";
import { GuardedCloud } from "./cloud.test-helper";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const IMPORT = "shop-prod-job-s3ic-import";

const cloud = () =>
  new GuardedCloud(NOW, {
    [IMPORT]: { labels: { "tandem.timeout": "14400", "tandem.inputs": "DUMP,YEAR?" } },
    "shop-prod-job-export": { labels: { "tandem.timeout": "3600" } },
    "shop-prod-job-early": { labels: {}, image: "registry/web:not-released" },
    "shop-prod-schedule-ocr": { labels: { "tandem.timeout": "7200" } },
    "shop-prod-schedule-scrape": { labels: { "tandem.timeout": "600", "tandem.by": "github" } },
  });

const press = (more: object = {}) => ({
  do: "job",
  job: "s3ic-import",
  inputs: { DUMP: "s3ic/2026 11.zip" },
  asked: "77-1",
  ...more,
});

test("a job starts with its inputs as variables of the container, byte for byte, and says where its log is", async () => {
  const clouds = cloud();
  const value = ["quote \" ' $HOME `id` $", "{{ x }} ç \n line"].join("");
  const answer = await clouds.door(press({ inputs: { DUMP: value, YEAR: "2025" } }));
  assert.deepEqual(answer, {
    started: { task: "1", timeout: 14_400, logGroup: `/shop/prod/${IMPORT}`, logStream: "app/app/1" },
  });
  assert.deepEqual(clouds.tasks[0]?.overrides, {
    containerOverrides: [
      {
        name: "app",
        environment: [
          { name: "DUMP", value },
          { name: "YEAR", value: "2025" },
        ],
      },
    ],
  });
  assert.deepEqual(
    [clouds.tasks[0]?.group, clouds.tasks[0]?.startedBy],
    [`family:${IMPORT}`, "s3ic-import/77-1"],
  );
});

test("a second press while it runs starts nothing and says what runs; once it ended, it starts again", async () => {
  const clouds = cloud();
  await clouds.door(press());
  assert.deepEqual(await clouds.door(press({ asked: "78-1" })), {
    refused:
      "Job s3ic-import runs already (task 1, s3ic-import/77-1), and no two may overlap: no second one was started.",
  });
  await clouds.door(press({ job: "export", inputs: {}, asked: "79-1" }));
  assert.equal(clouds.tasks.length, 2);
  for (const task of clouds.tasks) clouds.end(task, 0);
  await clouds.door(press({ asked: "80-1" }));
  assert.equal(clouds.tasks.length, 3);
  assert.deepEqual(clouds.notices, []);
});

test("the same press twice is one start, also when the task ended in between", async () => {
  const clouds = cloud();
  const first = await clouds.door(press());
  assert.deepEqual(await clouds.door(press()), first);
  for (const task of clouds.tasks) clouds.end(task, 0);
  assert.deepEqual(await clouds.door(press()), first);
  assert.equal(clouds.tasks.length, 1);
});

for (const [what, more, why] of [
  [
    "a job that is not declared",
    { job: "drop-everything", inputs: {} },
    /^There is no job "drop-everything"\.$/,
  ],
  ["a name that would be another family", { job: "../schedule-ocr" }, /is no job's name/],
  ["a list that reads like a name", { job: ["s3ic-import"] }, /is no job's name/],
  ["a name that is no text", { job: { toString: 1 } }, /is no job's name/],
  ["a job without a release", { job: "early", inputs: {} }, /its application has no release yet/],
  [
    "an input that is not declared",
    { inputs: { DUMP: "x", PATH: "/tmp" } },
    /has no input "PATH".*DUMP, YEAR/,
  ],
  [
    "an input out of the prototype",
    { inputs: { DUMP: "x", constructor: "y" } },
    /has no input "constructor"/,
  ],
  ["an input for a job that asks nothing", { job: "export" }, /has no input "DUMP".*asks for: nothing/],
  ["a missing input", { inputs: { YEAR: "2025" } }, /^Job s3ic-import needs DUMP\.$/],
  ["an empty input", { inputs: { DUMP: "" } }, /^Job s3ic-import needs DUMP\.$/],
  ["an input that is no text", { inputs: { DUMP: 7 } }, /Input DUMP .* is no text/],
  ["an input that is too long", { inputs: { DUMP: "x".repeat(1001) } }, /longer than 1000 characters/],
  ["an input with a zero byte", { inputs: { DUMP: "a\0b" } }, /zero byte/],
  ["inputs that are a list", { inputs: ["x"] }, /no object of names/],
  ["a press without a name", { asked: undefined }, /asked is nothing/],
  ["a press with a strange name", { asked: "a b" }, /asked is "a b"/],
] as const)
  test(`refused in words, and nothing starts: ${what}`, async () => {
    const clouds = cloud();
    const { refused } = (await clouds.door(press(more))) as { refused: string };
    assert.match(refused, why);
    assert.equal(clouds.asked.RunTask, undefined);
    assert.deepEqual(clouds.notices, []);
  });

test("a start that ECS refuses fails the call: whoever pressed is told, and nobody besides", async () => {
  const clouds = cloud();
  clouds.refusing.RunTask = 1;
  await assert.rejects(clouds.door(press()), /RunTask is out of order/);
  assert.deepEqual(clouds.notices, []);
});

for (const event of [
  { do: "sweep" },
  { do: "watch", schedules: {} },
  { do: "ended" },
  { source: "aws.ecs", detail: {} },
])
  test(`the door does nothing for ${JSON.stringify(event)}`, async () => {
    const clouds = cloud();
    await assert.rejects(clouds.door(event), /is nothing that is done here: job, start/);
    assert.deepEqual(clouds.asked, {});
  });

const due = (schedule: string, run = "run-5") => ({ do: "start", schedule, due: run });

test("GitHub's clock starts its own schedules, once for each run, and the watch knows of it", async () => {
  const clouds = cloud();
  const first = (await clouds.door(due("scrape"))) as { started: { task: string } };
  assert.equal(first.started.task, "1");
  assert.deepEqual(await clouds.door(due("scrape")), first);
  assert.equal(clouds.tasks.length, 1);
  assert.deepEqual(clouds.metrics[0], { name: "Handled", schedule: "scrape", at: NOW });
});

for (const schedule of ["ocr", "nothing"])
  test(`GitHub cannot start ${schedule}, nor say that it was started`, async () => {
    const clouds = cloud();
    const { refused } = (await clouds.door(due(schedule))) as { refused: string };
    assert.equal(refused, `There is no schedule "${schedule}" that GitHub starts.`);
    assert.deepEqual([clouds.tasks, clouds.metrics], [[], []]);
  });

test("a run that GitHub starts into the one before is refused there: its red run is the notice, and the only one", async () => {
  const clouds = cloud();
  await clouds.door(due("scrape"));
  const { refused } = (await clouds.door(due("scrape", "run-6"))) as { refused: string };
  assert.match(refused, /Schedule scrape runs already/);
  assert.equal(clouds.tasks.length, 1);
  assert.deepEqual(clouds.notices, []);
  assert.equal(clouds.metrics.filter(({ name }) => name === "Handled").length, 2);
});
