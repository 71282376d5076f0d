import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { withFailureNotice } from "./notice";
import { job, type RunStep, type Workflow } from "./workflow";

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

/** A receiver that answers with these statuses in turn, the last one from then on. */
async function receiver(...statuses: number[]) {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      response.writeHead(statuses[Math.min(bodies.length, statuses.length - 1)] ?? 200).end();
      bodies.push(body);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as { port: number };
  return { bodies, url: `http://127.0.0.1:${port}/hook`, close: () => server.close() };
}

/** Runs the notice's script as a runner does. */
async function tell(env: Record<string, string>) {
  const summary = join(mkdtempSync(join(tmpdir(), "notice-")), "summary");
  const { run } = told.jobs.notice.steps[0] as RunStep;
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
    env: {
      PATH: process.env.PATH ?? "",
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_SERVER_URL: "https://github.test",
      GITHUB_REPOSITORY: "acme/shop",
      GITHUB_WORKFLOW: "deploy sandbox",
      GITHUB_REF_NAME: "main",
      GITHUB_RUN_ID: "42",
      NEEDS: JSON.stringify({
        build: { result: "failure", outputs: {} },
        test: { result: "success", outputs: { title: "a text that somebody wrote" } },
        copy: { result: "failure", outputs: {} },
        later: { result: "skipped", outputs: {} },
      }),
      ...env,
    },
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (part) => {
      printed += part;
    });
  const status = await new Promise<number | null>((ended) => child.on("close", ended));
  return { status, printed, summary: readFileSync(summary, "utf8") };
}

const jq = spawnSync("jq", ["--version"]).status === 0;
const skip = jq ? false : "jq is not installed: GitHub's runners have it";

test("it needs every job, and a name it cannot have is refused", () => {
  const notice = withFailureNotice(workflow({ build, other: build }), { webhookSecret: "HOOK" }).jobs.notice;
  assert.deepEqual(notice.needs, ["build", "other"]);
  assert.throws(() => withFailureNotice(told, { webhookSecret: "HOOK" }), /"notice"/);
});

test("it says repository, workflow, branch, failed jobs and run, and nothing else", { skip }, async () => {
  const { bodies, url, close } = await receiver(200);
  const { status, summary } = await tell({ WEBHOOK: url });
  close();
  assert.equal(status, 0);
  assert.deepEqual(
    bodies.map((body) => JSON.parse(body)),
    [
      {
        text: "acme/shop: deploy sandbox failed on main (build, copy) https://github.test/acme/shop/actions/runs/42",
      },
    ],
  );
  assert.match(summary, /was told/);
});

test("a branch's name changes nothing but its own words", { skip }, async () => {
  const branch = '<!channel>"}],x:`$(touch /tmp/x)`\\$'.concat("{{ secrets.HOOK }}&");
  const { bodies, url, close } = await receiver(200);
  await tell({ WEBHOOK: url, GITHUB_REF_NAME: branch });
  close();
  const [body] = bodies.map((text) => JSON.parse(text) as Record<string, string>);
  assert.deepEqual(Object.keys(body ?? {}), ["text"]);
  assert.ok(body?.text?.includes('&lt;!channel&gt;"}],x:`$(touch /tmp/x)`\\$'));
  assert.ok(body?.text?.includes("secrets.HOOK }}&amp; ("));
});

test("without a webhook the summary names the secret that is missing", { skip }, async () => {
  const { status, summary } = await tell({ WEBHOOK: "" });
  assert.equal(status, 0);
  assert.match(summary, /Nobody was told.*HOOK is missing/);
});

test("a webhook that fails once is asked again", { skip }, async () => {
  const { bodies, url, close } = await receiver(500, 200);
  const { summary } = await tell({ WEBHOOK: url });
  close();
  assert.equal(bodies.length, 2);
  assert.match(summary, /was told/);
});

test("a webhook that is down is written in the summary, without its address", { skip }, async () => {
  const { url, close } = await receiver(200);
  close();
  // What curl waits between its tries is not what is tested here.
  const { status, summary, printed } = await tell({ WEBHOOK: url, ...impatientCurl() });
  assert.equal(status, 0);
  assert.match(summary, /Nobody was told.*000/);
  assert.doesNotMatch(summary + printed, /127\.0\.0\.1/);
});

test("a webhook that is gone is written in the summary", { skip }, async () => {
  const { url, close } = await receiver(404);
  const { status, summary } = await tell({ WEBHOOK: url, ...impatientCurl() });
  close();
  assert.equal(status, 0);
  assert.match(summary, /Nobody was told.*404/);
});

/** A folder in front of PATH whose curl is the real one, told not to try again. */
function impatientCurl(): { PATH: string } {
  const folder = mkdtempSync(join(tmpdir(), "curl-"));
  const path = process.env.PATH ?? "";
  writeFileSync(join(folder, "curl"), `#!/usr/bin/env bash\nPATH='${path}' exec curl "$@" --retry 0\n`, {
    mode: 0o755,
  });
  return { PATH: `${folder}:${path}` };
}
