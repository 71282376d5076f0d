import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../parse";
import { raw } from "../testing";

/** Far away, so that the calendar of whoever runs the tests is behind it. */
const NOW = "2096-03-01T09:00:00.000Z";

const acknowledged = (until: string, what = "databases.main") => ({
  differences: { acknowledged: [{ what, until, because: "the schema gets its new name" }] },
});
const read = (until: string, what?: string, now: string | undefined = NOW) =>
  parse({ ...raw(acknowledged(until, what)), ...(now === "" ? {} : { now }) });

test("an acknowledgement holds up to and with its last day, at most 30 days ahead", () => {
  assert.equal(read("2096-03-01").acknowledged.length, 1);
  assert.equal(read("2096-03-31").acknowledged.length, 1);
});

test("an expired acknowledgement is refused: the protection is back", () => {
  assert.throws(() => read("2096-02-29"), {
    message: [
      "The configuration of prod has one mistake; nothing was touched.",
      "",
      "  Pulumi.prod.yaml  acknowledged.0.until",
      '    found    "2096-02-29"',
      "    allowed  a day to come: it expired on 2096-02-29, the protection of databases.main is back",
      "    remedy   remove it, or renew it with a reason",
    ].join("\n"),
  });
});

test("an acknowledgement further ahead than 30 days is refused with the last day that is allowed", () => {
  assert.throws(() => read("2096-04-01"), /allowed {2}a day within 30 days, 2096-03-31 at the latest/);
});

test("what an acknowledgement names need not be declared: it may be gone", () => {
  assert.equal(read("2096-03-02", "buckets.old").acknowledged[0]?.what, "buckets.old");
});

test("whoever reads the configuration without a clock leaves the days to the run", () => {
  assert.equal(read("2020-01-01", undefined, "").acknowledged.length, 1);
});

test("a day without quotes, which Pulumi turns into an instant, is that day", () => {
  for (const said of ["2096-03-02T00:00:00Z", "2096-03-02 00:00:00 +0000 UTC"])
    assert.equal(read(said).acknowledged[0]?.until, "2096-03-02");
});
