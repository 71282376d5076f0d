import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { NOTICES } from "../../components/workflows/notices.test-helper";
import { keepsTheRules, WATCHING } from "../../components/workflows/rules.test-helper";
import type { Job } from "../../components/workflows/workflow";
import { ROOT } from "../project";
import { WORKFLOWS, workflowFiles, workflowsFor } from "./files";

const READS = [
  "github.event.pull_request.number",
  "github.event.pull_request.base.sha",
  "github.event.pull_request.head.repo.full_name",
  // A login takes letters, digits and hyphens only, and is compared, never printed.
  "github.event.pull_request.user.login",
];

const EXCEPTIONS = {
  check: { reads: READS },
  preview: { reads: READS, permissions: ["pull-requests: write"], openRoles: ["preview"] },
  "up-sandbox": { permissions: ["pull-requests: read", "actions: write"] },
  "watch-stack": WATCHING,
} as const;

for (const [name, workflow] of Object.entries(WORKFLOWS))
  keepsTheRules(name, workflow, EXCEPTIONS[name as keyof typeof EXCEPTIONS]);

for (const [path, text] of Object.entries(workflowFiles()))
  test(`${path} is what npm run workflows writes`, () => {
    assert.equal(readFileSync(join(ROOT, path), "utf8"), text);
  });

test("no workflow stands in the repository that is not written", () => {
  const written = Object.keys(workflowFiles()).map((path) => path.split("/").at(-1));
  for (const file of readdirSync(join(ROOT, ".github", "workflows"))) assert.ok(written.includes(file), file);
});

test("this repository's notices go where the project's go, with secrets of its own", () => {
  const notices = { ...NOTICES, format: "mattermost" as const, channel: "ops", mentions: ["everyone"] };
  for (const { jobs } of Object.values(workflowsFor({ ...notices, webhook: "A", smtp: "B" }))) {
    const { CHANNEL, MENTIONS, MAILS, WEBHOOK, SMTP } = jobs.notice.steps[0]?.env ?? {};
    assert.deepEqual([CHANNEL, MENTIONS, MAILS], ["ops", "@channel", "team@shop.example"]);
    assert.match(`${WEBHOOK} ${SMTP}`, /secrets\.NOTICE_WEBHOOK \}\} .*secrets\.NOTICE_SMTP \}\}/);
  }
});

test("the watcher watches every other workflow of this repository, by name and by file", () => {
  const { "watch-stack": watcher, ...others } = WORKFLOWS;
  const trigger = watcher?.on.workflow_run as { workflows: string[] } | undefined;
  const expected = Object.entries(others).flatMap(([file, { name }]) => [
    name,
    `.github/workflows/${file}.yml`,
  ]);
  assert.deepEqual([...(trigger?.workflows ?? [])].sort(), expected.sort());
});

const jobsOf = (name: string) => Object.entries(WORKFLOWS[name]?.jobs ?? {});
const jobOf = (workflow: string, name: string) => WORKFLOWS[workflow]?.jobs[name] as Job;
const text = (value: unknown) => JSON.stringify(value);

test("what a pull request proposes never runs in a job whose token can write", () => {
  for (const name of ["check", "preview"])
    for (const [title, { permissions, steps }] of jobsOf(name)) {
      const writes = Object.entries(permissions).filter(
        ([what, how]) => how === "write" && what !== "id-token",
      );
      if (writes.length === 0) continue;
      assert.equal(title, "comment");
      const [checkOut] = steps;
      assert.ok(checkOut && "uses" in checkOut);
      assert.match(String(checkOut.with?.ref), /pull_request\.base\.sha/);
    }
});

test("a pull request reaches read-only roles and no key that changes anything", () => {
  for (const name of ["check", "preview"])
    for (const [title, job] of jobsOf(name)) {
      assert.equal(job.environment, undefined, title);
      assert.doesNotMatch(text(job), /UP_ROLE|STACK_GITHUB_TOKEN|CLOUDFLARE_API_TOKEN \}/, title);
    }
});

test("a fork's run sees no secret at all: it is reviewed on the rehearsal", () => {
  assert.doesNotMatch(text(jobOf("preview", "rehearsal")), /secrets\.|vars\.(?!PREVIEW_ROLE)/);
  assert.doesNotMatch(text(jobOf("check", "check")), /secrets\.|vars\./);
});

test("a review is kept before the job of a failed preview ends", () => {
  const names = jobOf("preview", "preview").steps.map((step) => step.name);
  assert.deepEqual(names.slice(-3), ["Review", "Keep review.md", "End as the previews did"]);
});

test("what changes an environment is never cut off, and one at a time", () => {
  assert.deepEqual(
    ["up-sandbox", "up-prod"].map((name) => WORKFLOWS[name]?.concurrency),
    [
      // A release that a push overtook while both wait would be lost.
      { group: "up-sandbox", "cancel-in-progress": false, queue: "max" },
      { group: "up-prod", "cancel-in-progress": false },
    ],
  );
});

test("production is changed behind its GitHub environment only", () => {
  for (const [title, job] of Object.entries(WORKFLOWS).flatMap(([name]) => jobsOf(name)))
    if (/tandem promote|--stack prod --real/.test(text(job))) assert.equal(job.environment, "prod", title);
  assert.equal(jobOf("up-prod", "prod").environment, "prod");
});

test("a reviewer approves what was shown, and what is done is held against it", () => {
  const [show, prod] = [jobOf("up-prod", "show"), jobOf("up-prod", "prod")];
  assert.equal(show.environment, "watch");
  assert.doesNotMatch(text(show), /UP_ROLE|STACK_GITHUB_TOKEN|secrets\.CLOUDFLARE_API_TOKEN/);
  assert.deepEqual(prod.needs, ["show"]);
  const names = prod.steps.map(({ name }) => name);
  const order = ["Fetch review.md", "Find the images", "Copy the images", "Promote", "Say what runs"];
  assert.deepEqual(
    names.filter((name) => order.includes(name)),
    order,
  );
  assert.match(text(prod.steps.find(({ name }) => name === "Promote")), /--reviewed .*review\.md/);
});

test("an input reaches its script through the environment, as one word", () => {
  const promote = jobOf("up-prod", "prod").steps.find(({ name }) => name === "Promote");
  assert.ok(promote && "run" in promote);
  assert.match(promote.run, /words\+=\(--back "\$BACK"\)/);
});

test("drift is looked for without writing, where nobody has to approve", () => {
  for (const stack of ["sandbox", "prod"]) {
    const { environment, steps } = jobOf("drift", stack);
    assert.equal(environment, "watch");
    assert.match(text(steps.at(-1)), /pulumi preview --stack \w+ --refresh --expect-no-changes/);
  }
  assert.doesNotMatch(text(WORKFLOWS.drift), /pulumi (up|refresh|destroy)/);
});
