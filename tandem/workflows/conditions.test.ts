import assert from "node:assert/strict";
import { test } from "node:test";
import { deployWorkflow } from "../../components/workflows/deploy";
import { NOTICES } from "../../components/workflows/notices.test-helper";
import type { Job, ToldWorkflow } from "../../components/workflows/workflow";
import { endings, ofMatrix, passes, RESULTS, type Result } from "./conditions.test-helper";
import { WORKFLOWS } from "./files";

const CANCELLED = [false, true];

/** Every workflow, its own and those that it declares: one condition for them all. */
const TOLD: Readonly<Record<string, ToldWorkflow>> = {
  ...WORKFLOWS,
  deploy: deployWorkflow({
    notices: NOTICES,
    environment: "prod",
    branch: "main",
    applications: [],
    promotesFrom: "sandbox",
  }),
};
const CONDITION = deployWorkflow({
  notices: NOTICES,
  environment: "sandbox",
  branch: "main",
  applications: [],
}).jobs.notice.if;

for (const [name, { jobs }] of Object.entries(TOLD))
  test(`${name}: its notice has the condition of all notices`, () => {
    assert.equal(jobs.notice.if, CONDITION);
  });

/** A run that nobody cancelled, with a job that failed or, which GitHub calls cancelled, ran out of time. */
const mustTell = (cancelled: boolean, results: readonly Result[]) =>
  !cancelled && (results.includes("failure") || results.includes("cancelled"));

for (const jobs of [1, 2, 3])
  test(`${jobs} jobs, every ending of each: told exactly when one failed or ran out of time and nobody cancelled`, async () => {
    for (const cancelled of CANCELLED)
      for (const results of endings(jobs)) {
        const needs = Object.fromEntries(results.map((result, index) => [`job-${index}`, { result }]));
        const told = await passes(CONDITION, { cancelled, needs });
        assert.equal(told, mustTell(cancelled, results), `${results} ${cancelled}`);
      }
  });

test("a matrix of three legs beside a job: told exactly when a leg or the job failed or ran out of time", async () => {
  for (const cancelled of CANCELLED)
    for (const legs of endings(3))
      for (const result of RESULTS) {
        const needs = { matrix: { result: ofMatrix(legs) }, one: { result } };
        const told = await passes(CONDITION, { cancelled, needs });
        assert.equal(told, mustTell(cancelled, [...legs, result]), `${legs} ${result} ${cancelled}`);
      }
});

/** How GitHub says that a run ended. */
const CONCLUSIONS = [
  ...["success", "failure", "cancelled", "skipped", "neutral", "timed_out"],
  ...["action_required", "stale", "startup_failure"],
];

test("the watcher looks at runs of the default branch that failed or could not start, and at no others", async () => {
  const look = WORKFLOWS["watch-stack"]?.jobs.look;
  for (const conclusion of CONCLUSIONS)
    for (const branch of ["main", "feature", null])
      for (const from of ["acme/shop", "mallory/shop", null]) {
        const workflow_run = {
          conclusion,
          head_branch: branch,
          head_repository: from && { full_name: from },
        };
        const event = { workflow_run, repository: { default_branch: "main" } };
        assert.equal(
          await passes(look?.if, { github: { repository: "acme/shop", event } }),
          ["failure", "startup_failure"].includes(conclusion) && branch === "main" && from === "acme/shop",
          `${conclusion} ${branch} ${from}`,
        );
      }
});

test("the watcher tells only of what had no job: the rest has told it itself", async () => {
  const tell = WORKFLOWS["watch-stack"]?.jobs.look?.steps.at(-1);
  for (const [silent, expected] of [
    ["yes", true],
    ["", false],
  ] as const)
    assert.equal(await passes(tell?.if, { steps: { ask: { outputs: { silent } } } }), expected);
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
