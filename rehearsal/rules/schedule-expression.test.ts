import assert from "node:assert/strict";
import { test } from "node:test";
import { isTimeZone, scheduleProblem } from "./schedule-expression";

test("expressions that AWS takes have no problem", () => {
  const good = [
    "cron(7 3 * * ? *)",
    "cron(0 0 ? * SUN *)",
    "cron(0/15 8-18 ? * MON-FRI *)",
    "cron(0 10 L * ? 2026-2030)",
    "cron(0 10 ? * 6#3 *)",
    "cron(0 2 1,15W * ? *)",
    "rate(1 hour)",
    "rate(5 minutes)",
    "at(2026-12-24T18:00:00)",
  ];
  for (const expression of good) assert.equal(scheduleProblem(expression), undefined, expression);
});

test("expressions that AWS does not take are told apart", () => {
  const bad = {
    "7 3 * * *": /none of cron/,
    "cron(7 3 * * *)": /5 fields/,
    "cron(7 3 * * * *)": /exactly one/,
    "cron(7 3 ? * ? *)": /exactly one/,
    "cron(60 3 * * ? *)": /minutes/,
    "cron(0 24 * * ? *)": /hours/,
    "cron(0 3 32 * ? *)": /day of month/,
    "cron(0 3 ? * 0 *)": /day of week/,
    "cron(0/0 3 * * ? *)": /minutes/,
    "rate(1 hours)": /write hour/,
    "rate(2 hour)": /write hours/,
    "rate(0 minutes)": /number/,
    "at(tomorrow)": /yyyy/,
  };
  for (const [expression, words] of Object.entries(bad))
    assert.match(scheduleProblem(expression) ?? "", words);
});

test("a kind that the service does not take is refused", () => {
  assert.match(scheduleProblem("at(2026-12-24T18:00:00)", ["cron", "rate"]) ?? "", /none of/);
});

test("time zones are those of IANA", () => {
  assert.ok(isTimeZone("Europe/Paris"));
  assert.ok(!isTimeZone("Europe/Pariss"));
});
