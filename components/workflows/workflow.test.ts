import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { withFailureNotice } from "./notice";
import { PINS } from "./pins";
import { expression, job, type Step, serialise, type Workflow } from "./workflow";

const steps: readonly Step[] = [
  { name: "Check out", uses: "actions/checkout", "timeout-minutes": 5 },
  { name: "Say", run: "echo one\necho two\n", "timeout-minutes": 2 },
];

const workflow = (jobs: Workflow["jobs"]) =>
  withFailureNotice(
    { name: "x", on: { push: {} }, concurrency: { group: "x", "cancel-in-progress": false }, jobs },
    { webhookSecret: "HOOK" },
  );

const build = job({ "runs-on": "ubuntu-24.04", permissions: {}, steps });

test("an action is written at its pinned commit, with its release in a comment", () => {
  const { sha, version } = PINS["actions/checkout"];
  const line = serialise(workflow({ build }))
    .split("\n")
    .find((text) => text.includes("uses:"));
  assert.equal(line?.trim(), `uses: actions/checkout@${sha} # ${version}`);
});

test("the order in which properties were written does not show", () => {
  const turned = Object.fromEntries(Object.entries(build).reverse()) as unknown as typeof build;
  assert.equal(serialise(workflow({ build: turned })), serialise(workflow({ build })));
});

test("writing does not change the data, so that it can be written again", () => {
  const data = workflow({ build });
  const before = structuredClone(data);
  assert.equal(serialise(data), serialise(data));
  assert.deepEqual(data, before);
});

test("a remark stands above the triggers, and is no part of the workflow", () => {
  const text = serialise({ ...workflow({ build }), remark: "no danger: nothing is fetched" });
  assert.match(text, /^on:\n {2}# no danger: nothing is fetched\n {2}push: \{\}$/m);
  assert.deepEqual(parse(text), parse(serialise(workflow({ build }))));
});

test("steps that are shared are written out, never as anchors", () => {
  const text = serialise(workflow({ build, again: build }));
  assert.doesNotMatch(text, /[&*][a-z]\d/);
  const { jobs } = parse(text);
  assert.deepEqual(jobs.build.steps, jobs.again.steps);
});

test("a script keeps its lines", () => {
  assert.equal(parse(serialise(workflow({ build }))).jobs.build.steps[1].run, "echo one\necho two\n");
});

test("the whole workflow has no permission and a shell that fails in pipes", () => {
  const written = parse(serialise(workflow({ build })));
  assert.deepEqual(written.permissions, {});
  assert.deepEqual(written.defaults, { run: { shell: "bash" } });
});

test("a job's time-out strikes after all of its steps' have", () => {
  assert.equal(build["timeout-minutes"], 12);
});

test("an expression is what GitHub takes for one", () => {
  assert.equal(expression("vars.A"), ["$", "{{ vars.A }}"].join(""));
});
