import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError } from "../mistakes";
import { parse } from "../parse";
import { raw } from "../testing";

const clock = (changes: object) => ({ shared: { schedules: { nightly: { by: "github", ...changes } } } });
const inputs = (changes: object) => ({ shared: { jobs: { export: { inputs: changes } } } });
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`INPUT_${index}`, { question: "?" }]));
const EXPRESSION = ["$", "{{ secrets.X }}"].join("");

function mistakes(changes: object): readonly string[] {
  try {
    parse(raw(changes));
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.mistakes.map(({ path, allowed, remedy }) => `${path}: ${allowed}; ${remedy}`);
  }
}

for (const [what, changes, expected] of [
  ["another time zone", clock({ timeZone: "Europe/Paris" }), /^schedules\.nightly\.timeZone: UTC.*by: aws/],
  ["every minute", clock({ cron: "* * * * *" }), /^schedules\.nightly\.cron: .*5 minutes apart.*by: aws/],
  ["two times that are close", clock({ cron: "0,58 23,0 * * *" }), /5 minutes apart/],
  ["a sign that only EventBridge knows", clock({ cron: "0 7 L * *" }), /what GitHub's clock reads/],
  ["Sunday as 7", clock({ cron: "0 7 * * 7" }), /Sunday is 0/],
  ["more inputs than the form has fields", inputs(many(25)), /^jobs: at most 24.*same name/],
  [
    "the name that the form itself uses",
    inputs({ JOB: { question: "?" } }),
    /^jobs\.export\.inputs\.JOB: any name/,
  ],
  [
    "an input over a secret",
    inputs({ MAP_KEY: { question: "?" } }),
    /MAP_KEY: a variable that is no secret of web/,
  ],
  ["an input over the database's password", inputs({ DB_PASSWORD: { question: "?" } }), /no secret of web/],
  ["an expression in a question", inputs({ A: { question: EXPRESSION } }), /A\.question: a text without/],
  [
    "an expression as default",
    inputs({ A: { question: "?", default: EXPRESSION } }),
    /A\.default: a text without/,
  ],
  [
    "a default that the guard would refuse",
    inputs({ A: { question: "?", default: "x".repeat(1001) } }),
    /1000 characters/,
  ],
] as const)
  test(`refused: ${what}`, () => {
    const found = mistakes(changes);
    assert.match(found.join("\n"), new RegExp(expected.source, "m"));
  });

for (const [what, changes] of [
  ["GitHub's clock in UTC", clock({})],
  ["every five minutes", clock({ cron: "*/5 * * * *" })],
  ["weekdays by name", clock({ cron: "0 7 * * MON-FRI" })],
  ["as many inputs as the form has fields", inputs(many(24))],
  ["an input over a plain variable", inputs({ API_URL: { question: "?", default: "" } })],
] as const)
  test(`allowed: ${what}`, () => assert.deepEqual(mistakes(changes), []));
