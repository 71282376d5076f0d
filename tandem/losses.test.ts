import assert from "node:assert/strict";
import { test } from "node:test";
import type { Step } from "../rehearsal/run-types";
import { judged } from "./losses";
import { openProject } from "./project";

const NOW = "2026-11-22T08:00:00.000Z";
const type = "aws:rds/instance:Instance";
const gone: Step = {
  op: "delete",
  type,
  name: "database-main-instance",
  urn: `urn:pulumi:prod::oc-pizza::${type}::database-main-instance`,
};

test("a preview that takes data away from production fails by name, and one of the sandbox does not", () => {
  const project = openProject("oc-pizza");
  const preview = { steps: [gone], failures: [] };
  const [failure] = judged(preview, project, "prod", NOW).failures as { message: string }[];
  assert.match(failure?.message ?? "", /^database main would be deleted; .*acknowledged/);
  assert.deepEqual(judged(preview, project, "sandbox", NOW).failures, []);
  assert.equal(judged({ steps: [], failures: [] }, project, "prod", NOW).failures.length, 0);
});
