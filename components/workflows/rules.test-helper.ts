import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { serialise, type ToldWorkflow } from "./workflow";

export interface WrittenStep {
  name: string;
  if?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
  "timeout-minutes"?: number;
}

export interface WrittenJob {
  needs?: string[];
  if?: string;
  environment?: string;
  permissions?: Record<string, string>;
  "timeout-minutes": number;
  "continue-on-error"?: boolean;
  steps: WrittenStep[];
}

const EXPRESSION = ["$", "{{"].join("");
const NOTICE_IF = `${EXPRESSION} !cancelled() && (contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled')) }}`;

/** Where a workflow keeps to a rule in another way; its own tests say how. */
export interface Exceptions {
  /** Permissions that a job of it needs besides reading the repository and taking on a role. */
  readonly permissions?: readonly string[];
  /** Jobs that take on a role without a protected environment. */
  readonly openRoles?: readonly string[];
  /** Jobs that stand in a protected environment for a secret of it, and take on no role. */
  readonly keys?: readonly string[];
  /** What it reads of the event; none of it is text that somebody writes freely. */
  readonly reads?: readonly string[];
  /** Whether the runs of others start it: then none of its jobs may fetch or run anything of theirs. */
  readonly watches?: boolean;
}

/** For watchers: whoever can start a run chooses the branch's name and, with the right to write, the file's. */
export const WATCHING: Exceptions = {
  permissions: ["actions: read"],
  reads: [
    ...["id", "conclusion", "head_branch", "path", "head_repository.full_name"].map(
      (key) => `github.event.workflow_run.${key}`,
    ),
    "github.event.repository.default_branch",
  ],
  watches: true,
};

/** What every workflow of tandem keeps to, whatever it does. */
export function keepsTheRules(title: string, workflow: ToldWorkflow, exceptions: Exceptions = {}): void {
  const allowed = ["contents: read", "id-token: write", ...(exceptions.permissions ?? [])];
  describe(title, () => {
    const text = serialise(workflow);
    const written = parse(text) as { permissions: object; jobs: Record<string, WrittenJob> };
    const jobs = Object.entries(written.jobs);
    const steps = jobs.flatMap(([job, { steps }]) => steps.map((step) => [job, step] as const));

    test("every action is pinned to a full commit", () => {
      for (const [job, { uses }] of steps)
        if (uses !== undefined) assert.match(uses, /^[\w-]+(\/[\w-]+)+@[0-9a-f]{40}$/, job);
      const lines = text.split("\n").filter((line) => /^\s+(- )?uses:/.test(line));
      for (const line of lines) assert.match(line, / # v\d+\.\d+\.\d+$/);
    });

    test("no job may more than it has to", () => {
      assert.deepEqual(written.permissions, {});
      for (const [job, { permissions }] of jobs) {
        assert.ok(permissions, `${job} says nothing of permissions`);
        for (const [what, how] of Object.entries(permissions))
          assert.ok(allowed.includes(`${what}: ${how}`), job);
      }
    });

    test("a job that takes on a role runs in a protected environment, and no other has a token for it", () => {
      for (const [job, { environment, permissions, steps }] of jobs) {
        const assumes = steps.some(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@"));
        assert.equal(permissions?.["id-token"] === "write", assumes, job);
        const guarded = assumes || exceptions.keys?.includes(job) === true;
        if (!exceptions.openRoles?.includes(job)) assert.equal(environment !== undefined, guarded, job);
      }
    });

    test("no working copy keeps the job's token", () => {
      for (const [job, { uses, with: inputs }] of steps)
        if (uses?.startsWith("actions/checkout@")) assert.equal(inputs?.["persist-credentials"], false, job);
    });

    test("every step ends in time, and before its job does", () => {
      for (const [job, { name, "timeout-minutes": minutes }] of steps)
        assert.ok(Number.isInteger(minutes) && Number(minutes) > 0, `${job}: ${name}`);
      for (const [job, { steps, "timeout-minutes": minutes }] of jobs)
        assert.ok(
          minutes > steps.reduce((sum, step) => sum + Number(step["timeout-minutes"]), 0),
          `${job}: the job would be the first to run out of time`,
        );
    });

    test("no failure is hidden", () => {
      assert.doesNotMatch(text, /continue-on-error/);
    });

    test("a script takes nothing from an expression", () => {
      for (const [job, { name, run }] of steps)
        assert.ok(!run?.includes(EXPRESSION), `${job}: ${name} puts an expression into its script`);
    });

    test("nothing that an outsider writes freely is read at all", () => {
      const read = [
        ...text.matchAll(/\bgithub\.(?:event\b[\w.]*|head_ref|base_ref|actor|triggering_actor)/g),
      ];
      for (const [what] of read) assert.ok(exceptions.reads?.includes(what), what);
      assert.doesNotMatch(text, /pull_request_target/);
      if (!exceptions.watches) assert.doesNotMatch(text, /workflow_run/);
      else assert.doesNotMatch(text, /uses:|github\.sha|head_sha|git (clone|fetch)|gh run|artifact/);
    });

    test("no account, address or role stands in the file", () => {
      assert.doesNotMatch(text, /\b\d{12}\b|amazonaws\.com|arn:aws/);
    });

    test("a last job tells of every other job's failure and time-out, and only of those", () =>
      tellsOfFailures(text));
  });
}

/** What the text of every workflow has, whoever declares it: one notice, after every other job. */
export function tellsOfFailures(text: string): void {
  const { notice, ...others } = (parse(text) as { jobs: Record<string, WrittenJob> }).jobs;
  assert.ok(notice, "it has no notice: withFailureNotice gives it one");
  assert.deepEqual([...(notice.needs ?? [])].sort(), Object.keys(others).sort());
  assert.equal(notice.if, NOTICE_IF);
  assert.deepEqual(notice.permissions, {});
  assert.equal(notice.environment, undefined);
  assert.deepEqual(
    notice.steps.map(({ name, uses, if: when }) => [name, uses, when]),
    [["Tell that it failed", undefined, undefined]],
  );
  for (const [job, { needs }] of Object.entries(others)) assert.ok(!needs?.includes("notice"), job);
}
