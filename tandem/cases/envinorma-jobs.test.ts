import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { Cron } from "croner";
import { GuardedCloud, type Task } from "../../components/guard/cloud.test-helper";
import type { Settings } from "../../config/settings";
import type { Props } from "../../rehearsal/types";
import { InProcess } from "../in-process";
import { jobRequest } from "../job-request";
import { openProject, settingsOf } from "../project";
import { askDoor } from "../rehearsed-door";
import { containers, refuseFailed } from "./rehearsed.test-helper";

const project = openProject("envinorma");
const way = new InProcess(project);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A Sunday: everything is due on it. */
const SUNDAY = Date.parse("2026-11-22T00:00:00Z");

let settings: Settings;
before(async () => {
  settings = settingsOf(project, "sandbox");
  refuseFailed(await way.run("sandbox", "up"));
});

const inputsOf = (type: string, name: string): Props => {
  const found = way.memory.cloud.objects(type).find(({ inputs }) => inputs.name === name);
  assert.ok(found, `${type} ${name} is declared`);
  return found.inputs;
};

/** A guard with what this environment really declares for it. */
function guarded(): GuardedCloud {
  const families = [
    ...Object.keys(settings.schedules).map((key) => `envinorma-sandbox-schedule-${key}`),
    ...Object.keys(settings.jobs).map((key) => `envinorma-sandbox-job-${key}`),
  ];
  const definitions = families.map((family) => {
    const [container = {}] = containers(way.memory, family);
    return [family, { labels: container.dockerLabels as Record<string, string> }] as const;
  });
  const lambda = inputsOf("aws:lambda/function:Function", "envinorma-sandbox-guard");
  const { variables } = lambda.environment as { variables: Record<string, string> };
  return new GuardedCloud(SUNDAY, Object.fromEntries(definitions), variables);
}

describe("the two jobs that people start", () => {
  test("S3IC import starts with its dump, AM export with nothing; each says where its log is", async () => {
    const { cloud } = way.memory;
    const started = await askDoor(
      cloud,
      settings,
      jobRequest(settings, "s3ic-import", ["DUMP=s3ic/a=b.zip"]),
    );
    assert.deepEqual(
      [started.timeout, started.logGroup],
      [4 * 3600, "/envinorma/sandbox/web/job/s3ic-import"],
    );
    const other = await askDoor(cloud, settings, jobRequest(settings, "am-export", []));
    assert.equal(other.logGroup, "/envinorma/sandbox/back-office/job/am-export");
  });

  test("ECS is handed exactly the declared family, and the dump as variable of its container", async () => {
    const clouds = guarded();
    await clouds.door({
      do: "job",
      ...jobRequest(settings, "s3ic-import", ["DUMP=s3ic/a=b.zip"]),
      asked: "7-1",
    });
    const [task] = clouds.tasks;
    assert.equal(task?.group, "family:envinorma-sandbox-job-s3ic-import");
    assert.deepEqual(task?.overrides, {
      containerOverrides: [{ name: "app", environment: [{ name: "DUMP", value: "s3ic/a=b.zip" }] }],
    });
  });

  for (const [what, job, words, said] of [
    ["a job that is none", "s3ic-imprt", [], /no job s3ic-imprt\. Did you mean s3ic-import\?/],
    ["an input that is none", "s3ic-import", ["DUMB=x"], /no input DUMB\. Did you mean DUMP\?/],
    ["a missing input", "s3ic-import", [], /needs DUMP=\.\.\. \(Key of the S3IC dump/],
    ["an empty input", "s3ic-import", ["DUMP="], /needs DUMP=/],
    ["an input twice", "s3ic-import", ["DUMP=a", "DUMP=b"], /DUMP is said twice/],
    ["a word that is no input", "am-export", ["now"], /now is no NAME=value/],
    ["an input for a job that asks nothing", "am-export", ["DUMP=a"], /asks for nothing/],
  ] as const)
    test(`${what} is a clear error before anything starts`, () =>
      assert.throws(() => jobRequest(settings, job, words), said));
});

/** Minutes that each task runs and how it ends; without an end it hangs. */
const FATES: Readonly<Record<string, { readonly minutes: number; readonly code: number }>> = {
  "schedule-ocr": { minutes: 61, code: 0 },
  "schedule-ap-import": { minutes: 5, code: 1 },
  "schedule-am-upload": { minutes: 3, code: 0 },
  "job-s3ic-import": { minutes: 200, code: 2 },
  "job-am-export": { minutes: 2, code: 0 },
};

const kindOf = ({ group }: Task) => group.replace("family:envinorma-sandbox-", "");

/** Ends what is to end by now, by itself. */
function live(clouds: GuardedCloud): void {
  for (const task of clouds.tasks.filter(({ ended }) => !ended)) {
    const fate = FATES[kindOf(task)];
    const ran = clouds.now - Date.parse(task.createdAt);
    if (fate && ran >= fate.minutes * MINUTE) clouds.end(task, fate.code);
  }
}

test("over a whole Sunday each failure, time-out and missed run gives exactly one notice, and nothing else any", async () => {
  const clouds = guarded();
  const { input } = inputsOf("aws:scheduler/schedule:Schedule", "envinorma-sandbox-guard_watch")
    .target as Props;
  const crons = Object.entries(settings.schedules).map(
    ([key, { cron }]) => [key, new Cron(cron, { paused: true, timezone: "UTC" })] as const,
  );
  for (const [key, cron] of crons) {
    clouds.clocks[`envinorma-sandbox-${key}`] = { on: true, since: "2026-01-01T00:00:00Z" };
    // The week before, all went well.
    for (
      let run = cron.nextRun(new Date(SUNDAY - 7 * 24 * HOUR - 1));
      run !== null && run.getTime() < SUNDAY;
      run = cron.nextRun(run)
    )
      clouds.metrics.push({ name: "Handled", schedule: key, at: run.getTime() });
  }
  await clouds.until(SUNDAY + 24 * HOUR - MINUTE, (now) => {
    live(clouds);
    // Until ten past midnight ECS has no room: the backup is tried, and given up.
    clouds.refusing.RunTask = now < SUNDAY + 10 * MINUTE ? 9 : 0;
    for (const [key, cron] of crons) {
      const due = new Date(now).toISOString();
      const isDue = cron.nextRun(new Date(now - 1))?.getTime() === now;
      // The diff of the Sunday never comes. All others come twice: Scheduler delivers at least once.
      if (isDue && key !== "am-diff")
        for (const _ of "12") clouds.deliver({ do: "start", schedule: key, due });
    }
    if (now % (15 * MINUTE) === 0) clouds.deliver(JSON.parse(String(input)));
    if (now === SUNDAY + 9 * HOUR) void clouds.door({ do: "job", job: "am-export", asked: "1-1" });
    if (now === SUNDAY + 10 * HOUR)
      void clouds
        .door({ do: "job", job: "s3ic-import", inputs: { DUMP: "a" }, asked: "2-1" })
        .then(() => clouds.door({ do: "job", job: "s3ic-import", inputs: { DUMP: "b" }, asked: "3-1" }));
  });

  assert.deepEqual(clouds.notices.map(({ subject }) => subject).sort(), [
    "envinorma-sandbox: job s3ic-import did not end well",
    "envinorma-sandbox: schedule ap-import did not end well",
    "envinorma-sandbox: schedule data-backup missed a run",
    "envinorma-sandbox: schedule inactive-users did not end well",
  ]);
  assert.match(
    clouds.notices.find(({ subject }) => /inactive/.test(subject))?.message ?? "",
    /Time-out: .* 1800 s/,
  );
  const started = clouds.tasks.map(kindOf).sort();
  assert.deepEqual(started, [
    "job-am-export",
    "job-s3ic-import",
    "schedule-am-upload",
    "schedule-ap-import",
    "schedule-inactive-users",
    "schedule-ocr",
  ]);
  assert.deepEqual(clouds.queue, []);

  // The silent one: its alarm is one as long as no half hour passes without a measurement.
  const overdue = clouds.metrics.filter(({ name }) => name === "Overdue");
  assert.deepEqual([...new Set(overdue.map(({ schedule }) => schedule))], ["am-diff"]);
  assert.equal(overdue[0]?.at, SUNDAY + 3 * HOUR + 15 * MINUTE);
  overdue.slice(1).forEach(({ at }, index) => {
    assert.equal(at - (overdue[index]?.at ?? 0), 15 * MINUTE);
  });
});

test("OCR runs its hour, is not ended before two hours, is ended after, and no second one runs beside it", async () => {
  const clouds = guarded();
  const seven = SUNDAY + 7 * HOUR;
  const start = (due: number) => ({ do: "start", schedule: "ocr", due: new Date(due).toISOString() });
  clouds.now = seven;
  for (const _ of "12") clouds.deliver(start(seven));
  await clouds.until(seven + 30 * MINUTE);
  for (const _ of "12") clouds.deliver(start(seven + 30 * MINUTE));
  await clouds.until(seven + 2 * HOUR - MINUTE);
  assert.deepEqual(
    clouds.tasks.map(({ ended, startedBy }) => [ended ?? false, startedBy]),
    [[false, "ocr/2026-11-22T07-00-00-000Z"]],
  );
  assert.deepEqual(
    clouds.notices.map(({ subject }) => subject),
    ["envinorma-sandbox: schedule ocr missed a run"],
  );
  await clouds.until(seven + 2 * HOUR + 2 * MINUTE);
  assert.equal(clouds.tasks[0]?.ended, true);
  assert.equal(clouds.notices.length, 2);
  assert.match(clouds.notices[1]?.message ?? "", /Time-out: ended after more than 7200 s/);
});

describe("a dump's check, which its arrival starts", () => {
  const arrival = {
    do: "job",
    job: "s3ic-check",
    inputs: { OBJECT: "s3ic/2026-11.zip" },
    asked: "mark-of-v1",
  };
  for (const [what, code, said] of [
    ["that finds the dump malformed is one notice", 1, /^envinorma-sandbox: job s3ic-check.*exit code 1\)/],
    ["that hangs is ended after its quarter of an hour, and is one notice", undefined, /Time-out: .* 900 s/],
    ["that finds it good is none", 0, undefined],
  ] as const)
    test(`${what}, however often the arrival is heard of`, async () => {
      const clouds = guarded();
      for (const _ of "12") await clouds.door(arrival);
      const [task, ...others] = clouds.tasks;
      assert.deepEqual(others, []);
      await clouds.until(SUNDAY + 5 * MINUTE);
      if (task !== undefined && code !== undefined) clouds.end(task, code);
      await clouds.until(SUNDAY + 30 * MINUTE);
      assert.equal(clouds.notices.length, said === undefined ? 0 : 1);
      if (said !== undefined) assert.match(clouds.notices[0]?.message ?? "", said);
    });
});
