import assert from "node:assert/strict";
import { test } from "node:test";
import { deployWorkflow } from "../../components/workflows/deploy";
import { NOTICES } from "../../components/workflows/notices.test-helper";
import type { Job } from "../../components/workflows/workflow";
import { passes } from "./conditions.test-helper";
import { WORKFLOWS } from "./files";

const RESULTS = ["success", "failure", "cancelled", "skipped"] as const;

const told: readonly (readonly [string, Job])[] = [
  ...Object.entries(WORKFLOWS),
  [
    "deploy",
    deployWorkflow({
      notices: NOTICES,
      environment: "prod",
      branch: "main",
      applications: [],
      promotesFrom: "sandbox",
    }),
  ] as const,
].map(([name, { jobs }]) => [name, jobs.notice as Job]);

for (const [name, notice] of told)
  test(`${name}: somebody is told exactly when a job failed and nobody cancelled the run`, async () => {
    for (const cancelled of [false, true])
      for (const one of RESULTS)
        for (const other of RESULTS) {
          const needs = { one: { result: one }, other: { result: other } };
          const expected = !cancelled && [one, other].includes("failure");
          assert.equal(
            await passes(notice.if, { cancelled, needs }),
            expected,
            `${one} ${other} ${cancelled}`,
          );
        }
  });

const ROLES = { PREVIEW_ROLE_ARN_SANDBOX: "a", PREVIEW_ROLE_ARN_PROD: "b" };

/** A run for a pull request; reviews are what the jobs before left. */
const proposed = (from: string, login: string, vars: object, reviews: readonly string[] = []) => ({
  github: {
    repository: "acme/shop",
    event: { pull_request: { head: { repo: { full_name: from } }, user: { login } } },
  },
  vars,
  needs: {
    preview: { outputs: { review: reviews[0] ?? "" } },
    rehearsal: { outputs: { review: reviews[1] ?? "" } },
  },
});
const { preview, rehearsal, comment }: Readonly<Record<string, Job | undefined>> =
  WORKFLOWS.preview?.jobs ?? {};

for (const [title, from, login, vars, where, comments] of [
  ["a branch of the repository", "acme/shop", "ana", ROLES, "preview", true],
  ["a branch, before roles are there", "acme/shop", "ana", {}, "rehearsal", true],
  ["a fork", "mallory/shop", "mallory", ROLES, "rehearsal", false],
  ["a fork whose user has the repository's name", "shop/acme", "acme", ROLES, "rehearsal", false],
  ["Dependabot", "acme/shop", "dependabot[bot]", ROLES, "rehearsal", false],
] as const)
  test(`${title} is reviewed by ${where}, ${comments ? "in a comment" : "in the summary"}`, async () => {
    const run = proposed(from, login, vars, ["12", ""]);
    assert.equal(await passes(preview?.if, run), where === "preview");
    assert.equal(await passes(rehearsal?.if, run), where === "rehearsal");
    assert.equal(await passes(comment?.if, run), comments);
  });

test("without a review, or in a cancelled run, nothing is commented", async () => {
  const run = (...reviews: string[]) => proposed("acme/shop", "ana", ROLES, reviews);
  assert.equal(await passes(comment?.if, run()), false);
  assert.equal(await passes(comment?.if, run("", "12")), true);
  assert.equal(await passes(comment?.if, { ...run("12"), cancelled: true }), false);
});

test("what was reviewed is looked for, unless somebody took it on himself", async () => {
  const condition = WORKFLOWS["up-sandbox"]?.jobs.sandbox?.steps.find((step) =>
    step.name.startsWith("Find"),
  )?.if;
  assert.equal(await passes(condition, {}), true);
  assert.equal(await passes(condition, { inputs: { "accept-unreviewed": false } }), true);
  assert.equal(await passes(condition, { inputs: { "accept-unreviewed": true } }), false);
});

test("until the state has a place, nothing that needs an account runs", async () => {
  for (const [name, job] of [
    ["up-sandbox", "sandbox"],
    ["up-prod", "show"],
    ["drift", "prod"],
    ["secret-ages", "ages"],
  ] as const) {
    const condition = WORKFLOWS[name]?.jobs[job]?.if;
    assert.equal(await passes(condition, {}), false, name);
    assert.equal(await passes(condition, { vars: { PULUMI_BACKEND_URL: "s3://state" } }), true, name);
  }
});
