import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../parse";
import { raw } from "../testing";

const GUN = { variables: ["GUN_API_URL", "MAP_KEY"], check: "gun-check" };
const CHECK = { application: "web", command: "check" };
const read = (gun: object, jobs: object = { "gun-check": CHECK }) =>
  parse(
    raw({
      shared: {
        applications: {
          web: { variables: { GUN_API_URL: "https://gun.example" }, sources: { gun } },
          office: { processes: { web: {} } },
        },
        jobs,
      },
    }),
  );

test("a source is variables and secrets of the application, and a job that checks it", () => {
  assert.deepEqual(read(GUN).applications.web?.sources, { gun: GUN });
  assert.deepEqual(parse(raw()).applications.web?.sources, {});
});

test("its check may have inputs with defaults", () => {
  const inputs = { LEAST: { question: "How many?", default: "1000" } };
  assert.ok(read(GUN, { "gun-check": { ...CHECK, inputs } }));
});

for (const [what, gun, jobs, ...messages] of [
  ["nothing that changes", { ...GUN, variables: [] }, undefined, /gun\.variables/, /at least one/],
  [
    "a variable that the application does not receive",
    { ...GUN, variables: ["GUN_URL"] },
    undefined,
    /gun\.variables\.0/,
    /"GUN_URL"/,
    /GUN_API_URL, MAP_KEY, SECRET_KEY/,
  ],
  ["no check", { variables: ["GUN_API_URL"] }, undefined, /gun\.check/],
  ["a check that is no job", { ...GUN, check: "look" }, undefined, /gun\.check/, /"look"/],
  [
    "another application's job",
    GUN,
    { "gun-check": { ...CHECK, application: "office" } },
    /a job of office/,
    /a job of web/,
  ],
  [
    "a job that asks for something",
    GUN,
    { "gun-check": { ...CHECK, inputs: { DUMP: { question: "Which?" } } } },
    /asks for DUMP/,
  ],
] as const)
  test(`refused: ${what}`, () => {
    assert.throws(
      () => read(gun, jobs),
      ({ message }: Error) => {
        for (const each of messages) assert.match(message, each);
        return true;
      },
    );
  });
