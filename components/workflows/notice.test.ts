import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { noticeTarget, targetOf, withFailureNotice } from "./notice";
import { receiver, skip, telling } from "./notice/telling.test-helper";
import { NOTICES } from "./notices.test-helper";
import { expression, job, type RunStep, type Workflow } from "./workflow";

const build = job({
  "runs-on": "ubuntu-24.04",
  permissions: {},
  steps: [{ name: "Build", run: "true", "timeout-minutes": 1 }],
});
const workflow = (jobs: Workflow["jobs"]): Workflow => ({
  name: "deploy sandbox",
  on: { push: {} },
  concurrency: { group: "x", "cancel-in-progress": false },
  jobs,
});
const told = withFailureNotice(workflow({ build }), { webhookSecret: "HOOK" });
const step = told.jobs.notice.steps[0] as RunStep;

let server: Awaited<ReturnType<typeof receiver>>;
before(async () => {
  server = await receiver();
});
after(() => server.close());

test("it needs every job, and a name it cannot have is refused", () => {
  const notice = withFailureNotice(workflow({ build, other: build }), { webhookSecret: "HOOK" }).jobs.notice;
  assert.deepEqual(notice.needs, ["build", "other"]);
  assert.throws(() => withFailureNotice(told, { webhookSecret: "HOOK" }), /"notice"/);
});

test("it reads names and results, and nothing else of the run", () => {
  const { MENTIONS: _, ...env } = step.env ?? {};
  assert.deepEqual(env, {
    REPOSITORY: expression("github.repository"),
    WORKFLOW: expression("github.workflow"),
    BRANCH: expression("github.ref_name"),
    URL: `${expression("github.server_url")}/${expression("github.repository")}/actions/runs/${expression("github.run_id")}`,
    NEEDS: expression("toJSON(needs)"),
    WEBHOOK: expression("secrets.HOOK"),
  });
});

test("the ways that are configured are taken, and where none is the missing webhook is told", () => {
  const mail = { secret: "NOTICE_SMTP_PROD", to: NOTICES.mails };
  const ways = (notices: object) => {
    const { webhookSecret, mail } = noticeTarget("prod", { ...NOTICES, ...notices });
    return { webhookSecret, mail };
  };
  assert.deepEqual(ways({}), { webhookSecret: "NOTICE_WEBHOOK_PROD", mail: undefined });
  assert.deepEqual(ways({ webhook: "W" }), { webhookSecret: "NOTICE_WEBHOOK_PROD", mail: undefined });
  assert.deepEqual(ways({ smtp: "S" }), { webhookSecret: undefined, mail });
  assert.deepEqual(ways({ webhook: "W", smtp: "S" }), { webhookSecret: "NOTICE_WEBHOOK_PROD", mail });
  assert.equal(targetOf({ webhook: "A", smtp: "B" }, { ...NOTICES, smtp: "S" }).mail?.secret, "B");
});

test("it says repository, workflow, branch, failed jobs and run, and nothing else", { skip }, async () => {
  const { bodies, url } = server.hook();
  const { status, summary } = await telling(step, { WEBHOOK: url });
  assert.equal(status, 0);
  assert.deepEqual(
    bodies.map((body) => JSON.parse(body)),
    [
      {
        text: "acme/shop: deploy sandbox failed on main (build, copy (time-out)) https://github.test/acme/shop/actions/runs/42",
      },
    ],
  );
  assert.equal(summary, "This failure was told: the webhook answered 200.\n");
});

test("the webhook's URL stands on no command line, and neither it nor its answer is printed", {
  skip,
}, async () => {
  const { url } = server.hook([404]);
  const { words, summary, printed } = await telling(step, { WEBHOOK: url });
  assert.match(words, /--config -/);
  assert.doesNotMatch(words + summary + printed, /hook-|127\.0\.0\.1|an answer/);
});

/** What the webhook answers in turn, how often it is asked, and what the summary says. */
const OUTCOMES: readonly (readonly [string, number[], number, RegExp])[] = [
  ["takes it", [204], 1, /^This failure was told: the webhook answered 204\.$/],
  ["fails twice", [500, 500, 200], 3, /^This failure was told: the webhook answered 200\.$/],
  ["has too many requests at first", [429, 200], 2, /^This failure was told: the webhook answered 200\.$/],
  ["fails again and again", [503], 4, /^Nobody was told of this failure: the webhook answered 503\.$/],
  ["is gone", [404], 1, /^Nobody was told of this failure: the webhook answered 404\.$/],
  ["leads elsewhere", [302], 1, /^Nobody was told of this failure: the webhook answered 302\.$/],
];
for (const [title, answers, times, expected] of OUTCOMES)
  test(`a webhook that ${title}: ${times === 1 ? "asked once" : `asked ${times} times`}`, {
    skip,
  }, async () => {
    const { url, bodies } = server.hook(answers);
    const { status, summary } = await telling(step, { WEBHOOK: url });
    assert.equal(status, 0);
    assert.equal(bodies.length, times);
    assert.equal(new Set(bodies).size, 1);
    assert.match(summary.trimEnd(), expected);
  });

test("a slow webhook is waited for, and told once", { skip }, async () => {
  const { url, bodies } = server.hook([200], 300);
  const { summary } = await telling(step, { WEBHOOK: url });
  assert.equal(bodies.length, 1);
  assert.match(summary, /^This failure was told/);
});

test("a webhook that does not answer, or is down, leaves the run as it is", { skip }, async () => {
  const never = server.hook([200], 600_000).url;
  const down = await receiver();
  const { url } = down.hook();
  down.close();
  for (const [address, words] of [
    [never, "--max-time 0.1"],
    [url, ""],
  ] as const) {
    const { status, summary } = await telling(step, { WEBHOOK: address }, { curl: words });
    assert.equal(status, 0);
    assert.equal(summary, "Nobody was told of this failure: the webhook did not answer (000).\n");
  }
});

test("without a webhook the summary names the secret that is missing", { skip }, async () => {
  const { status, summary } = await telling(step, {});
  assert.equal(status, 0);
  assert.equal(summary, "Nobody was told of this failure: the repository secret HOOK is missing.\n");
});

test("whatever goes wrong in the script, the step ends well and says so", { skip }, async () => {
  const { status, summary } = await telling(step, { NEEDS: "{" });
  assert.equal(status, 0);
  assert.match(summary, /^Nobody was told of this failure: the message could not be made/);
});
