import assert from "node:assert/strict";
import { test } from "node:test";
import { PINS } from "./pins";

test("every action is pinned to a full commit and names its release", () => {
  for (const [action, { sha, version }] of Object.entries(PINS)) {
    assert.match(sha, /^[0-9a-f]{40}$/, action);
    assert.match(version, /^v\d+\.\d+\.\d+$/, action);
  }
});
