import assert from "node:assert/strict";
import { test } from "node:test";
import { runbookAnchor, withRunbook } from "./runbook";

for (const [role, anchor] of [
  ["application-errors", "application-errors"],
  ["guard-silent", "guard-silent"],
  ["service-back-office_web-unhealthy", "service-unhealthy"],
  ["database-main-storage", "database-storage"],
  ["schedule-dump--main-silent", "schedule-silent"],
  ["intake-s3ic-late", "intake-late"],
] as const)
  test(`what to do about ${role} stands at ${anchor}`, () => assert.equal(runbookAnchor(role), anchor));

test("the way to the runbook follows what happened", () => {
  assert.equal(
    withRunbook("The disk is full.", "database-main-storage"),
    "The disk is full. What to do: docs/runbook.md#database-storage",
  );
});
