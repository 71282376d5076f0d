import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { keepsTheRules, WATCHING } from "./rules.test-helper";
import { watcherFile, watcherWorkflow } from "./watcher";
import { expression, type RunStep, serialise } from "./workflow";

const DEPLOY = { name: "deploy sandbox", file: ".github/workflows/deploy-sandbox.yml" };
const SITE = { name: "site blog sandbox", file: ".github/workflows/site-blog-sandbox.yml" };
const watcher = watcherWorkflow("sandbox", [SITE, DEPLOY], { webhookSecret: "HOOK" });
const [ask, told] = (watcher.jobs.look?.steps ?? []) as RunStep[];

keepsTheRules("watcher", watcher, WATCHING);

test("every workflow is watched by its name, and by its file where GitHub cannot read the name", () => {
  assert.deepEqual(watcher.on, {
    workflow_run: {
      workflows: [DEPLOY.file, SITE.file, DEPLOY.name, SITE.name],
      types: ["completed"],
    },
  });
  assert.equal(watcherFile("sandbox"), ".github/workflows/watch-sandbox.yml");
  const turned = watcherWorkflow("sandbox", [DEPLOY, SITE, DEPLOY], { webhookSecret: "HOOK" });
  assert.equal(serialise(turned), serialise(watcher));
});

test("it may read runs and nothing else, and says why it may be started by them", () => {
  assert.deepEqual(watcher.jobs.look?.permissions, { actions: "read" });
  assert.match(
    serialise(watcher),
    /^on:\n {2}# zizmor: ignore\[dangerous-triggers\] \w.*\n {2}workflow_run:$/m,
  );
});

test("it tells of the run that it looked at, not of its own", () => {
  assert.equal(told?.if, expression("steps.ask.outputs.silent == 'yes'"));
  assert.equal(told?.env?.WORKFLOW, expression("github.event.workflow_run.path"));
  assert.equal(told?.env?.BRANCH, expression("github.event.workflow_run.head_branch"));
  assert.match(told?.env?.URL ?? "", /\/actions\/runs\/\$\{\{ github\.event\.workflow_run\.id \}\}$/);
  assert.deepEqual(JSON.parse(told?.env?.NEEDS ?? ""), { "start-up": { result: "failure" } });
});

/** Asks as the runner does; `gh` answers with these lines in turn, and fails where one is empty. */
function asked(conclusion: string, ...answers: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "watcher-"));
  const program = (name: string, text: string) =>
    writeFileSync(join(folder, name), `#!/usr/bin/env bash\n${text}\n`, { mode: 0o755 });
  writeFileSync(join(folder, "answers"), answers.map((answer) => `${answer}\n`).join(""));
  program("sleep", "");
  program(
    "gh",
    `echo "$@" >> "${folder}/calls"
line="$(head -n 1 "${folder}/answers")"
sed -i 1d "${folder}/answers"
echo "$line"
[ -n "$line" ]`,
  );
  for (const file of ["output", "calls"]) writeFileSync(join(folder, file), "");
  const { status } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", ask?.run ?? ""], {
    env: {
      PATH: [folder, process.env.PATH].join(delimiter),
      GITHUB_REPOSITORY: "acme/shop",
      GITHUB_OUTPUT: join(folder, "output"),
      CONCLUSION: conclusion,
      RUN: "42",
    },
  });
  const [output, calls] = ["output", "calls"].map((file) => readFileSync(join(folder, file), "utf8"));
  return { status, silent: output === "silent=yes\n", calls: calls?.split("\n").filter((line) => line) };
}

test("a run that could not start is told without a question", () => {
  assert.deepEqual(asked("startup_failure"), { status: 0, silent: true, calls: [] });
});

test("a run that failed without a job is told, one with jobs is left to its own notice", () => {
  const question = "api repos/acme/shop/actions/runs/42/jobs --jq .total_count";
  assert.deepEqual(asked("failure", "0"), { status: 0, silent: true, calls: [question] });
  assert.deepEqual(asked("failure", "3"), { status: 0, silent: false, calls: [question] });
});

test("GitHub is asked again; when it never answers the watcher fails, which its own notice tells", () => {
  assert.deepEqual([asked("failure", "", "", "0").silent, asked("failure", "", "3").silent], [true, false]);
  const { status, silent, calls } = asked("failure");
  assert.deepEqual([status, silent, calls?.length], [1, false, 4]);
});
