import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Cron } from "croner";
import fc from "fast-check";
import { parse } from "yaml";
import { schedulerExpression } from "../components/cron";
import { ENVIRONMENTS } from "../config/settings";
import { exampleDeclared } from "./declared.test-helper";
import { ROOT } from "./project";

/*
 * What AWS says of the two nights on which clocks change (EventBridge Scheduler, user guide, "Daylight savings time
 * on EventBridge Scheduler"): a run at a time that the night leaves out is left out; one at a time that comes twice
 * happens once. Its backup plans take the same expression and a time zone beside it. GitHub's clock is UTC, always.
 */

const PARIS = "Europe/Paris";
const YEARS = [2026, 2027] as const;
/** When Paris has no 02:30, and when it has it twice. */
const SPRING = { 2026: "2026-03-29", 2027: "2027-03-28" } as const;
const AUTUMN = { 2026: "2026-10-25", 2027: "2027-10-31" } as const;
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** An instant by the clocks of a zone: `2026-03-29 03:07`. */
const clockOf = (zone: string) => {
  const numeric = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, ...numeric, ...time });
  return (at: Date) => format.format(at);
};

/** When AWS runs `cron(...)` in a local year: croner's instants, without those that it moves out of a missing hour. */
function runsOf(expression: string, zone: string, year: number): string[] {
  const [minute, hour, day, month, weekday] = fieldsOf(expression);
  const job = new Cron(
    [minute, hour, day, month, weekday].map((field) => field?.replace("?", "*")).join(" "),
    {
      paused: true,
      timezone: zone,
    },
  );
  const shown = clockOf(zone);
  const runs: string[] = [];
  let next = job.nextRun(new Date(Date.UTC(year - 1, 11, 30)));
  for (; next !== null && Number(shown(next).slice(0, 4)) <= year; next = job.nextRun(next)) {
    const said = shown(next);
    if (said.startsWith(`${year}`) && timesOf(expression).includes(said.slice(11))) runs.push(said);
  }
  return runs;
}

/** When it should run: every day of the calendar that the expression names, at each of its times. */
function expectedOf(expression: string, year: number): string[] {
  const [, , day, month, weekday] = fieldsOf(expression);
  const says = (field: string | undefined, value: string) =>
    field === "*" || field === "?" || field?.split(",").includes(value) === true;
  const days: string[] = [];
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += 86_400_000) {
    const date = new Date(at);
    const weekdayName = WEEKDAYS[date.getUTCDay()] as string;
    if (
      says(day, String(date.getUTCDate())) &&
      says(month, String(date.getUTCMonth() + 1)) &&
      says(weekday, weekdayName)
    )
      days.push(date.toISOString().slice(0, 10));
  }
  return days.flatMap((each) => timesOf(expression).map((time) => `${each} ${time}`));
}

function fieldsOf(expression: string): readonly string[] {
  const [, fields = ""] = /^cron\((.*) \*\)$/.exec(expression) ?? [];
  return fields.split(" ");
}

function timesOf(expression: string): readonly string[] {
  const [minutes = "", hours = ""] = fieldsOf(expression);
  const all = (field: string, count: number) =>
    field === "*" ? Array.from({ length: count }, (_, index) => String(index)) : field.split(",");
  const two = (number: string) => number.padStart(2, "0");
  return all(hours, 24).flatMap((hour) => all(minutes, 60).map((minute) => `${two(hour)}:${two(minute)}`));
}

/** A clock as it is declared to AWS. */
interface Declared {
  readonly name: string;
  readonly expression: string;
  readonly zone: string;
}

async function awsClocksOf(example: string): Promise<Declared[]> {
  const both = await exampleDeclared(example);
  return ENVIRONMENTS.flatMap((environment) =>
    both[environment].stack.resources.flatMap(({ type, urn, inputs }): Declared[] => {
      const name = `${environment} ${urn.split("::").at(-1)}`;
      const named = (expression: unknown, zone: unknown) => ({
        name,
        expression: String(expression),
        zone: String(zone ?? "UTC"),
      });
      if (type === "aws:scheduler/schedule:Schedule")
        return [named(inputs.scheduleExpression, inputs.scheduleExpressionTimezone)];
      if (type === "aws:backup/plan:Plan")
        return (inputs.rules as Record<string, unknown>[]).map((rule) =>
          named(rule.schedule, rule.scheduleExpressionTimezone),
        );
      return [];
    }),
  ).filter(({ expression }) => expression.startsWith("cron("));
}

/** Every cron of a workflow, wherever it stands. */
function githubCrons(text: string): string[] {
  const { on } = parse(text) as { on?: { schedule?: readonly { cron: string }[] } };
  return (on?.schedule ?? []).map(({ cron }) => cron);
}

describe("over two years, with both changes of the clocks", () => {
  for (const time of ["03:07", "03:17", "00:00", "02:30"])
    test(`${time} in Paris comes every day${time === "02:30" ? " that has it, and once on the day that has it twice" : ""}`, () => {
      const [hour, minute] = time.split(":").map(Number);
      const expression = schedulerExpression(`${minute} ${hour} * * *`);
      for (const year of YEARS) {
        const expected = expectedOf(expression, year);
        assert.equal(expected.length, 365);
        const left = time === "02:30" ? [`${SPRING[year]} ${time}`] : [];
        assert.deepEqual(
          runsOf(expression, PARIS, year),
          expected.filter((run) => !left.includes(run)),
        );
        assert.ok(expected.includes(`${AUTUMN[year]} ${time}`));
      }
    });

  for (const example of ["envinorma", "oc-pizza", "osuny-site"])
    test(`whatever AWS's clocks start for ${example} comes on each of its days, at its minute`, async () => {
      const clocks = await awsClocksOf(example);
      if (example !== "osuny-site") assert.ok(clocks.length > 2);
      // Both environments say much the same: each clock is walked through once.
      const distinct = new Map(clocks.map((clock) => [`${clock.expression} ${clock.zone}`, clock]));
      for (const { name, expression, zone } of distinct.values())
        for (const year of YEARS)
          assert.deepEqual(runsOf(expression, zone, year), expectedOf(expression, year), name);
    });

  test("what GitHub's clock starts comes on each of its days, in UTC", async () => {
    const folder = join(ROOT, ".github", "workflows");
    const own = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
    const { sandbox, prod } = await exampleDeclared("envinorma");
    const committed = [...sandbox.stack.resources, ...prod.stack.resources].flatMap(({ type, inputs }) =>
      type === "github:index/repositoryFile:RepositoryFile" && String(inputs.file).endsWith(".yml")
        ? [String(inputs.content)]
        : [],
    );
    const crons = new Set([...own, ...committed].flatMap(githubCrons));
    assert.ok(crons.size >= 2);
    for (const cron of crons)
      for (const year of YEARS) {
        const expression = schedulerExpression(cron);
        assert.deepEqual(runsOf(expression, "UTC", year), expectedOf(expression, year), cron);
      }
  });

  test("any daily or weekly cron in Paris comes on each of its days, but where the clocks leave its minute out", () => {
    const sets = (from: number, to: number, most: number) =>
      fc.uniqueArray(fc.integer({ min: from, max: to }), { minLength: 1, maxLength: most });
    const days = fc.oneof(fc.constant("*"), sets(0, 6, 7).map(String));
    fc.assert(
      fc.property(
        ...([sets(0, 59, 2), sets(0, 23, 2), days, fc.constantFrom(...YEARS)] as const),
        (minutes, hours, weekdays, year) => {
          const expression = schedulerExpression(`${minutes} ${hours} * * ${weekdays}`);
          const left = (run: string) => run.startsWith(`${SPRING[year]} 02:`);
          assert.deepEqual(
            runsOf(expression, PARIS, year).sort(),
            expectedOf(expression, year)
              .filter((run) => !left(run))
              .sort(),
          );
        },
      ),
      { numRuns: 24, seed: 6 },
    );
  });
});
