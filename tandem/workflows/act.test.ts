import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { deployWorkflow } from "../../components/workflows/deploy";
import { NOTICES } from "../../components/workflows/notices.test-helper";
import { siteWorkflow } from "../../components/workflows/site";
import { AWS } from "../../components/workflows/site.test-helper";
import { serialise } from "../../components/workflows/workflow";
import { site as settingsOfSite } from "../../config/schema/site";
import { act, type Rehearsal, receiver, run } from "./act.test-helper";

/** The real one, for what is no stand-in's. */
const CURL = spawnSync("bash", ["-c", "command -v curl"], { encoding: "utf8" }).stdout.trim();

const skip = "skip" in act ? act.skip : false;

const DIGEST = `sha256:${"a".repeat(64)}`;

/** An application that is tested in its image and released by the stack's repository. */
const deploy: Rehearsal = {
  workflow: serialise(
    deployWorkflow({
      environment: "sandbox",
      branch: "main",
      notices: { ...NOTICES, webhook: "NOTICE_WEBHOOK" },
      applications: [
        {
          key: "web",
          directory: ".",
          proof: { variables: {}, generated: [], given: [], databases: [], test: ["./test"] },
        },
      ],
      stack: { repository: "acme/stack", shared: false },
    }),
  ),
  files: { Dockerfile: "FROM scratch" },
  actions: { "docker/build-push-action": `echo "digest=${DIGEST}" >> "$GITHUB_OUTPUT"` },
  programs: {
    docker: '[ "$FAILS" != docker ]',
    gh: '[ "$FAILS" != gh ] && printf "%s\\n" "$@" > "$SAID"',
  },
  variables: { REGISTRY_WEB: "registry.shop.example/web" },
  secrets: { STACK_DISPATCH_TOKEN: "token" },
};

/** A site that is compiled and put into a bucket, for which a folder stands. */
const site: Rehearsal = {
  workflow: serialise(
    siteWorkflow({
      environment: "sandbox",
      key: "main",
      branch: "main",
      notices: { ...NOTICES, webhook: "NOTICE_WEBHOOK" },
      settings: settingsOfSite.parse({ host: "shop.example", compile: "bash compile" }),
    }),
  ),
  files: {
    compile:
      '#!/usr/bin/env bash\n[ "$FAILS" != compile ] || exit 1\nmkdir public && echo "$BASE_URL" > public/index.html\n',
  },
  programs: {
    aws: `if [ "$FAILS" = aws ] && [ "$1" = s3 ]; then exit 1; fi\n${AWS}`,
    curl: `case "$*" in
  *https://shop.example/*) jq --raw-output --join-output .release "$BUCKET/current.json" ;;
  *) exec "${CURL}" "$@" ;;
esac`,
  },
  variables: { SITE_BUCKET: "site", AWS_REGION: "eu-west-3", AWS_ROLE_ARN: "role" },
};

const hooked = (rehearsal: Rehearsal, url: string, fails = ""): Rehearsal => ({
  ...rehearsal,
  secrets: { ...rehearsal.secrets, NOTICE_WEBHOOK_SANDBOX: url },
  env: { FAILS: fails, ...(fails === "" ? {} : { BUCKET: "/nowhere" }) },
});

const FAILURES: Readonly<
  Record<string, { readonly of: Rehearsal; readonly fails: string; readonly job: string }>
> = {
  "the first step of a deployment": { of: deploy, fails: "actions/checkout", job: "build-web" },
  "a build": { of: deploy, fails: "docker/build-push-action", job: "build-web" },
  "a test in the image": { of: deploy, fails: "docker", job: "prove-web" },
  "a release that the stack does not take": { of: deploy, fails: "gh", job: "release" },
  "the first step of a site": { of: site, fails: "actions/checkout", job: "compile" },
  "a compilation": { of: site, fails: "compile", job: "compile" },
  "an upload": { of: site, fails: "aws", job: "upload" },
};

for (const [what, { of, fails, job }] of Object.entries(FAILURES))
  test(`${what} fails: the run is red and one message says where`, { skip }, async () => {
    const hook = await receiver();
    const { green, jobs, log } = await run(hooked(of, hook.url, fails));
    hook.close();
    assert.equal(green, false);
    assert.equal(jobs[job], "failure", log);
    assert.equal(hook.told.length, 1, log);
    const { text } = hook.told[0] as { text: string };
    assert.ok(text.includes(`failed on main (${job})`), text);
  });

/** Nobody waits for the pauses between two tries. */
const hasty = (rehearsal: Rehearsal): Rehearsal => ({
  ...rehearsal,
  programs: { ...rehearsal.programs, sleep: "exit 0" },
});

test("a release that goes well tells nobody, and asks the stack for exactly what was built", {
  skip,
}, async () => {
  const hook = await receiver();
  const folder = mkdtempSync(join(tmpdir(), "said-"));
  const said = join(folder, "said");
  const rehearsal = hooked(deploy, hook.url);
  const { green, jobs, log } = await run({ ...rehearsal, env: { ...rehearsal.env, SAID: said } });
  hook.close();
  assert.equal(green, true, log);
  assert.deepEqual(jobs, { "build-web": "success", "prove-web": "success", release: "success" });
  assert.equal(hook.asked(), 0);
  const words = readFileSync(said, "utf8").split("\n");
  assert.ok(
    words.includes("up-sandbox.yml") && words.includes(`release={"web":"${DIGEST}"}`),
    words.join(" "),
  );
  rmSync(folder, { recursive: true });
});

test("a webhook that fails twice is asked again, and takes one message", { skip }, async () => {
  const hook = await receiver((nth) => (nth <= 2 ? 500 : 200));
  const { green, summary } = await run(hasty(hooked(deploy, hook.url, "actions/checkout")));
  hook.close();
  assert.equal(green, false);
  assert.deepEqual([hook.asked(), hook.told.length], [3, 1]);
  assert.match(summary, /This failure was told/);
});

for (const [what, answer] of [
  ["answers 404", 404],
  ["is down", undefined],
] as const)
  test(`a webhook that ${what}: the run is red as it was, and its summary says that nobody was told`, {
    skip,
  }, async () => {
    const hook = await receiver(() => answer ?? 200);
    if (answer === undefined) hook.close();
    const { green, jobs, summary } = await run(hasty(hooked(deploy, hook.url, "actions/checkout")));
    hook.close();
    assert.equal(green, false);
    assert.equal(jobs.notice, "success", "the notice hides nothing and adds nothing");
    assert.equal(hook.told.length, 0);
    assert.match(summary, /Nobody was told of this failure/);
  });

test("a webhook that is missing leaves a green run green", { skip }, async () => {
  const { NOTICE_WEBHOOK_SANDBOX: _, ...secrets } = hooked(deploy, "").secrets ?? {};
  const { green, jobs } = await run({ ...deploy, secrets, env: { SAID: "/dev/null" } });
  assert.equal(green, true);
  assert.equal(jobs.notice, undefined);
});

test("a site that goes well tells nobody, and is served", { skip }, async () => {
  const hook = await receiver();
  const folder = mkdtempSync(join(tmpdir(), "bucket-"));
  const bucket = join(folder, "site");
  const rehearsal = hooked(site, hook.url);
  const { green, jobs, log } = await run({ ...rehearsal, env: { ...rehearsal.env, BUCKET: bucket } });
  hook.close();
  assert.equal(green, true, log);
  assert.deepEqual(jobs, { compile: "success", upload: "success" });
  assert.equal(hook.asked(), 0);
  const { release } = JSON.parse(readFileSync(join(bucket, "current.json"), "utf8")) as { release: string };
  assert.equal(
    readFileSync(join(bucket, "releases", release, "index.html"), "utf8"),
    "https://shop.example\n",
  );
  rmSync(folder, { recursive: true });
});
