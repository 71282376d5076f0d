import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../config/parse";
import { raw } from "../config/testing";
import { liftedUntil, liftedWords } from "./protected";

const NOW = "2026-11-22T08:00:00.000Z";
const main = { what: "databases.main", until: "2026-12-01", because: "the schema gets its new name" };
const gone = { what: "buckets.old", until: "2026-12-02", because: "moved to the media bucket" };
const settings = parse(raw({ differences: { acknowledged: [main, gone] } }));

test("a protection is lifted for what is named, up to and with the last day", () => {
  const until = (what: string, now: string) => liftedUntil([main], what, now);
  assert.equal(until("databases.main", NOW), "2026-12-01");
  assert.equal(until("databases.main", "2026-12-01T23:59:59.000Z"), "2026-12-01");
  assert.equal(until("databases.main", "2026-12-02T00:00:00.000Z"), undefined);
  assert.equal(until("databases.other", NOW), undefined);
});

test("each lifted protection is told with its reason, and a name that stands for nothing too", () => {
  assert.deepEqual(liftedWords(settings, NOW), [
    "protection of database main is lifted until 2026-12-01: the schema gets its new name",
    "nothing here is called buckets.old: take it out of acknowledged once what it named is gone",
  ]);
  assert.deepEqual(liftedWords(settings, "2027-01-01T00:00:00.000Z"), []);
});
