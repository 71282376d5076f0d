import assert from "node:assert/strict";
import { test } from "node:test";
import { Cron } from "croner";
import fc from "fast-check";
import { schedulerExpression } from "./cron";

/** Every run of one local year, as instants. */
function runsOf(expression: string, timeZone: string, year: number): Date[] {
  const job = new Cron(expression, { timezone: timeZone, paused: true });
  const runs: Date[] = [];
  const from = new Cron(`0 0 1 1 *`, { timezone: timeZone, paused: true });
  const start = from.nextRun(new Date(Date.UTC(year - 1, 11, 20))) as Date;
  const end = from.nextRun(new Date(Date.UTC(year, 11, 20))) as Date;
  let next = job.nextRun(new Date(start.getTime() - 1000));
  while (next !== null && next < end) {
    runs.push(next);
    next = job.nextRun(next);
  }
  return runs;
}

const local = (timeZone: string) => {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    ...{
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    },
  } as Intl.DateTimeFormatOptions);
  return (at: Date) => format.format(at).split(", ") as [day: string, time: string];
};

for (const [cron, time] of [
  ["7 3 * * *", "03:07"],
  ["17 3 * * *", "03:17"],
] as const)
  test(`a backup at ${time} in Paris runs once on each of a year's days, at that minute, over both changes`, () => {
    for (const [year, days] of [
      [2026, 365],
      [2027, 365],
      [2028, 366],
    ] as const) {
      const runs = runsOf(cron, "Europe/Paris", year);
      const told = runs.map(local("Europe/Paris"));
      assert.equal(runs.length, days);
      assert.equal(new Set(told.map(([day]) => day)).size, days);
      assert.deepEqual([...new Set(told.map(([, at]) => at))], [time]);
      const gaps = runs
        .slice(1)
        .map((run, index) => (run.getTime() - (runs[index] as Date).getTime()) / 3_600_000);
      assert.deepEqual(
        [gaps.filter((gap) => gap === 23).length, gaps.filter((gap) => gap === 25).length],
        [1, 1],
      );
      assert.equal(gaps.filter((gap) => gap === 24).length, days - 3);
    }
    const [minute, hour] = cron.split(" ");
    assert.equal(schedulerExpression(cron), `cron(${minute} ${hour} * * ? *)`);
  });

test("in any zone a nightly minute that no change skips or repeats comes once a day, at its local minute", () => {
  const zones = [
    "UTC",
    "Europe/Paris",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Santiago",
    "Africa/Cairo",
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: 4, max: 22 }),
      fc.integer({ min: 0, max: 59 }),
      fc.integer({ min: 2024, max: 2030 }),
      (zone, hour, minute, year) => {
        const runs = runsOf(`${minute} ${hour} * * *`, zone, year).map(local(zone));
        const days = new Date(Date.UTC(year, 1, 29)).getUTCDate() === 29 ? 366 : 365;
        const time = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
        assert.equal(new Set(runs.map(([day]) => day)).size, days);
        assert.deepEqual([runs.length, ...new Set(runs.map(([, at]) => at))], [days, time]);
      },
    ),
    { numRuns: 12, seed: 6 },
  );
});
