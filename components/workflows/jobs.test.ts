import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { dataWorkflow } from "./data";
import { formFields, jobsWorkflow } from "./jobs";
import { NOTICES } from "./notices.test-helper";
import type { RunStep, ToldWorkflow } from "./workflow";

const JOBS = {
  "s3ic-import": {
    inputs: { DUMP: { question: "Key of the dump" }, YEAR: { question: "Which year?", default: "2026" } },
  },
  "am-export": { inputs: { YEAR: { question: "Up to which year?", default: "2025" } } },
  "am-diff": { inputs: { MODE: { question: "How?", default: "fast" } } },
};

const buttons = jobsWorkflow({ environment: "prod", jobs: JOBS, notices: NOTICES });
const clock = dataWorkflow({
  environment: "prod",
  schedules: {
    ocr: { cron: "0 7 * * *" },
    "am-diff": { cron: "0 2 * * 0" },
    "ap-import": { cron: " 0  7 * * *" },
  },
  notices: NOTICES,
});

test("the form asks which job, and has a field for each variable that any of them asks for", () => {
  const { inputs } = buttons.on.workflow_dispatch as { inputs: Record<string, Record<string, unknown>> };
  assert.deepEqual(inputs.job, {
    description: "Which job to start in prod",
    type: "choice",
    required: true,
    options: ["am-diff", "am-export", "s3ic-import"],
  });
  assert.deepEqual(Object.keys(inputs), ["job", "DUMP", "MODE", "YEAR"]);
  assert.deepEqual(inputs.DUMP, {
    description: "s3ic-import: Key of the dump",
    type: "string",
    required: false,
  });
  assert.equal(inputs.MODE?.default, "fast");
});

test("a field that two jobs begin in different ways begins empty, and says what empty means", () => {
  assert.deepEqual(
    formFields(JOBS).find(({ name }) => name === "YEAR"),
    {
      name: "YEAR",
      description: "am-export: Up to which year? (empty: 2025); s3ic-import: Which year? (empty: 2026)",
      begins: "",
    },
  );
});

test("runs of one job wait for each other; another job's do not, and none is cut off", () => {
  assert.match(buttons.concurrency.group, /^jobs-prod-\$\{\{ inputs\.job \}\}$/);
  assert.equal(buttons.concurrency["cancel-in-progress"], false);
});

test("both files run in the environment of jobs, whose role opens nothing else", () => {
  for (const { jobs } of [buttons, clock])
    assert.deepEqual(
      [jobs.start?.environment, jobs.start?.permissions],
      ["prod-jobs", { "id-token": "write" }],
    );
});

test("GitHub's clock has each time once", () => {
  assert.deepEqual(clock.on, { schedule: [{ cron: "0 2 * * 0" }, { cron: "0 7 * * *" }] });
});

/** Runs a workflow's scripts one after the other, as GitHub does, with a stand-in for `aws`. */
function runs(workflow: ToldWorkflow, values: Record<string, string>, answers: readonly unknown[]) {
  const folder = mkdtempSync(join(tmpdir(), "buttons-"));
  try {
    const path = (name: string) => join(folder, name);
    writeFileSync(path("asked"), "");
    writeFileSync(path("summary"), "");
    for (const [index, answer] of answers.entries())
      writeFileSync(path(`answer-${index + 1}`), JSON.stringify(answer));
    // Keeps its words and the payload, answers what it is told to, and fails where it is told nothing.
    writeFileSync(
      path("aws"),
      `#!/bin/bash
jq --compact-output --null-input --slurpfile payload "$RUNNER_TEMP/payload.json" \\
  '{ words: $ARGS.positional, payload: $payload[0] }' --args -- "$@" >> "$FOLDER/asked"
cp "$FOLDER/answer-$(wc -l < "$FOLDER/asked")" "\${@: -1}"
`,
    );
    chmodSync(path("aws"), 0o755);
    const context = (text: string) =>
      text.replace(/\$\{\{ (?:inputs|vars|github\.event)\.(\w+) \}\}/g, (_, name) => values[name] ?? "");
    let status = 0;
    let said = "";
    for (const step of workflow.jobs.start?.steps ?? []) {
      if (!("run" in step) || status !== 0) continue;
      const env = Object.entries((step as RunStep).env ?? {}).map(([name, text]) => [name, context(text)]);
      const {
        status: ended,
        stdout,
        stderr,
      } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run], {
        encoding: "utf8",
        env: {
          ...Object.fromEntries(env),
          PATH: `${folder}:${process.env.PATH}`,
          FOLDER: folder,
          RUNNER_TEMP: folder,
          GITHUB_STEP_SUMMARY: path("summary"),
          GITHUB_RUN_ID: "77",
          GITHUB_RUN_ATTEMPT: "2",
        },
      });
      status = ended ?? 1;
      said += stdout + stderr;
    }
    const asked = readFileSync(path("asked"), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as { words: string[]; payload: Record<string, unknown> });
    return { status, said, asked, summary: readFileSync(path("summary"), "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const STARTED = {
  started: {
    task: "f00",
    timeout: 14_400,
    logGroup: "/shop/prod/web/job/s3ic-import",
    logStream: "app/app/f00",
  },
};
const FILLED = { job: "s3ic-import", DUMP: "s3ic/2026.zip", MODE: "fast", GUARD_FUNCTION: "shop-prod-jobs" };

test("a press hands the guard exactly the job, its own inputs and the press's name", () => {
  const { status, asked, summary } = runs(buttons, { ...FILLED, YEAR: "2024" }, [STARTED]);
  assert.equal(status, 0);
  assert.deepEqual(
    asked.map(({ payload }) => payload),
    [{ do: "job", job: "s3ic-import", asked: "77-2", inputs: { DUMP: "s3ic/2026.zip", YEAR: "2024" } }],
  );
  assert.deepEqual(asked[0]?.words.slice(0, 4), ["lambda", "invoke", "--function-name", "shop-prod-jobs"]);
  assert.match(summary, /Job s3ic-import was started: task f00\. This run does not wait for it\./);
  assert.match(
    summary,
    /aws logs tail \/shop\/prod\/web\/job\/s3ic-import --log-stream-names app\/app\/f00 --follow/,
  );
});

test("what a person types reaches the guard byte for byte, whatever a shell or jq would make of it", () => {
  const DUMP = ["\"; echo pwned; ' $(id) `id` \\n $", "{{ x }}\nline two ç €", "} -- % #"].join("");
  const { asked, said } = runs(buttons, { ...FILLED, DUMP }, [STARTED]);
  assert.deepEqual(asked[0]?.payload.inputs, { DUMP });
  assert.doesNotMatch(said, /uid=/);
});

test("an input of another job is refused before anything starts, and what its form began with is no input", () => {
  const strange = runs(buttons, { ...FILLED, job: "am-export", MODE: "slow", YEAR: "2024" }, [STARTED]);
  assert.equal(strange.status, 1);
  assert.match(strange.said, /::error::Job am-export does not ask for DUMP, MODE: leave empty/);
  assert.deepEqual(strange.asked, []);
  const left = runs(buttons, { ...FILLED, job: "am-export", DUMP: "" }, [STARTED]);
  assert.equal(left.status, 0);
  assert.deepEqual(left.asked[0]?.payload.inputs, {});
});

for (const [what, answers, said] of [
  [
    "a refusal",
    [{ refused: "Job s3ic-import runs already:\n 100%" }],
    /::error::Job s3ic-import was not started: Job s3ic-import runs already:%0A 100%25$/m,
  ],
  [
    "a failure of the function",
    [{ errorType: "Error", errorMessage: "no capacity" }],
    /not started: no capacity/,
  ],
  ["an empty answer", [null], /not started: the guard gave no answer/],
  ["a guard that cannot be asked", [], /not started: the guard could not be asked/],
] as const)
  test(`${what} ends the run in red with its reason, and claims no start`, () => {
    const run = runs(buttons, FILLED, answers);
    assert.equal(run.status, 1);
    assert.match(run.said, said);
    assert.equal(run.summary, "");
  });

test("at its time the clock starts every schedule of that time, once for the run, whatever became of the others", () => {
  const values = { schedule: "0 7 * * *", GUARD_FUNCTION: "shop-prod-jobs" };
  const { status, asked, said, summary } = runs(clock, values, [{ refused: "runs already" }, STARTED]);
  assert.deepEqual(
    asked.map(({ payload }) => payload),
    ["ap-import", "ocr"].map((schedule) => ({ do: "start", schedule, due: "run-77" })),
  );
  assert.equal(status, 1);
  assert.match(said, /::error::Schedule ap-import was not started: runs already/);
  assert.match(summary, /^Schedule ocr was started/);
  assert.equal(runs(clock, values, [STARTED, STARTED]).status, 0);
});

test("a time that the file does not know ends in red: nothing is silently not started", () => {
  assert.notEqual(runs(clock, { schedule: "5 5 5 5 *" }, [STARTED]).status, 0);
});
