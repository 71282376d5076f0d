import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../parse";
import { raw } from "../testing";

const read = (maintenance: object) =>
  parse(raw({ shared: { applications: { web: { maintenance } } } })).applications.web?.maintenance;

const FROM = "2026-12-01T08:00:00+01:00";
const UNTIL = "2026-12-01T12:00:00+01:00";

test("an application that says nothing of its maintenance has one all the same: the switch closes it", () => {
  const { applications } = parse(raw());
  assert.deepEqual(applications.web?.maintenance, { text: {}, allow: [] });
});

test("instants are read with their offset, in each spelling that YAML and Pulumi give them", () => {
  for (const from of [
    FROM,
    "2026-12-01T07:00:00Z",
    "2026-12-01 07:00:00 +0000 UTC",
    "2026-12-01 08:00:00 +0100 +0100",
  ])
    assert.equal(read({ from, until: UNTIL })?.from, "2026-12-01T07:00:00.000Z", from);
});

test("a maintenance that is over is legal: it ended by itself", () => {
  assert.equal(read({ until: "2020-01-01T00:00:00Z" })?.until, "2020-01-01T00:00:00.000Z");
});

for (const [what, maintenance, ...messages] of [
  [
    "an instant without offset",
    { until: "2026-12-01T12:00:00" },
    /maintenance\.until/,
    /with its offset from UTC/,
  ],
  ["a day", { until: "2026-12-01" }, /maintenance\.until/, /such as 2026-12-01T08:00:00\+01:00/],
  ["words", { until: "noon" }, /found {4}"noon"/],
  ["a beginning without an end", { from: FROM }, /maintenance\.from/, /add until: it ends by itself then/],
  ["an end before its beginning", { from: UNTIL, until: FROM }, /maintenance\.until/, /name a later end/],
  ["no address", { allow: ["office"] }, /maintenance\.allow\.0/, /192\.0\.2\.0\/24 or 2001:db8::\/48/],
  ["the whole world", { allow: ["0.0.0.0/0"] }, /not the whole world/],
  ["a contact that is neither mail nor link", { contact: "http://a.example" }, /begins with https:\/\//],
  ["a third language", { text: { de: "Zu" } }, /maintenance\.text\.de/, /fr, en/],
  ["a misspelt key", { untill: UNTIL }, /did you mean until/],
  ["a text that is too long", { text: { fr: "é".repeat(401) } }, /at most 400 characters/],
  ["a wait that is too short", { retryAfter: "30s" }, /at least 60s/],
] as const)
  test(`${what} is refused, and the message says what is allowed`, () => {
    for (const message of messages) assert.throws(() => read(maintenance), message as RegExp);
  });

test("what nobody reaches cannot be closed", () => {
  const nightly = { processes: { worker: {} }, maintenance: { from: FROM, until: UNTIL } };
  const read = () => parse(raw({ shared: { applications: { nightly } } }));
  assert.throws(read, /nightly\.maintenance[\s\S]*of what the public reaches/);
});
