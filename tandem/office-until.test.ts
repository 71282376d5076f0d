import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandError } from "./errors";
import { onTheClock, untilOf } from "./office-until";

const PARIS = { timeZone: "Europe/Paris" };

for (const [said, now, until] of [
  ["22:00", "2026-11-23T17:30:00Z", "2026-11-23T21:00:00.000Z"],
  ["22:00", "2026-07-23T17:30:00Z", "2026-07-23T20:00:00.000Z"],
  ["01:00", "2026-11-23T20:00:00Z", "2026-11-24T00:00:00.000Z"],
  ["02:30", "2026-10-24T22:00:00Z", "2026-10-25T00:30:00.000Z"],
  ["2026-11-23T22:00:00+01:00", "2026-11-23T17:30:00Z", "2026-11-23T21:00:00.000Z"],
] as const)
  test(`at ${now}, ${said} in Paris is ${until}`, () => assert.equal(untilOf(said, now, PARIS), until));

for (const [said, now] of [
  ["24:00", "2026-11-23T17:30:00Z"],
  ["8pm", "2026-11-23T17:30:00Z"],
  ["2026-11-23T22:00:00", "2026-11-23T17:30:00Z"],
  ["2026-11-23T17:00:00Z", "2026-11-23T17:30:00Z"],
  ["2026-11-25T17:30:00Z", "2026-11-23T17:30:00Z"],
  // The night in which the clocks leave it out.
  ["02:30", "2026-03-28T22:00:00Z"],
] as const)
  test(`at ${now}, ${said} is refused, with what is allowed`, () =>
    assert.throws(
      () => untilOf(said, now, PARIS),
      (error: CommandError) =>
        error instanceof CommandError && /such as 22:00 \(Europe\/Paris\)/.test(error.message),
    ));

test("people read an instant by the clocks of the office", () => {
  assert.equal(onTheClock("2026-11-23T21:00:00.000Z", PARIS), "Mon 23 Nov, 22:00 (Europe/Paris)");
  assert.equal(onTheClock("2026-07-05T22:05:00.000Z", PARIS), "Mon 6 Jul, 00:05 (Europe/Paris)");
});
