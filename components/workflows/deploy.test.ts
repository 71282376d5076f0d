import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { deployFile, deployWorkflow } from "./deploy";
import { NOTICES } from "./notices.test-helper";
import { expression, type Job, type RunStep, serialise } from "./workflow";

const DIGEST = `sha256:${"a".repeat(64)}`;
const WEB = { key: "web", directory: "." };
const BACK_OFFICE = { key: "back-office", directory: "apps/back-office" };
const sandbox = deployWorkflow({
  notices: NOTICES,
  environment: "sandbox",
  branch: "main",
  applications: [WEB, BACK_OFFICE],
});
const prod = deployWorkflow({
  notices: NOTICES,
  environment: "prod",
  branch: "main",
  applications: [WEB, BACK_OFFICE],
  promotesFrom: "sandbox",
});

const stepsOf = (job: Job | undefined) => job?.steps ?? [];
const step = (job: Job | undefined, name: string) =>
  stepsOf(job).find((one) => one.name === name) as RunStep | undefined;

/** Runs a step's script as a runner does, with stand-ins for commands; returns what it left behind. */
function runStep(
  found: RunStep | undefined,
  env: Record<string, string>,
  commands: Record<string, string> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "step-"));
  const files = { GITHUB_OUTPUT: join(folder, "output"), GITHUB_STEP_SUMMARY: join(folder, "summary") };
  for (const file of Object.values(files)) writeFileSync(file, "");
  for (const [name, body] of Object.entries(commands))
    writeFileSync(join(folder, name), `#!/usr/bin/env bash\n${body}\n`, { mode: 0o755 });
  const { status, stdout } = spawnSync(
    "bash",
    ["--noprofile", "--norc", "-eo", "pipefail", "-c", found?.run ?? "exit 99"],
    {
      encoding: "utf8",
      cwd: folder,
      env: { PATH: `${folder}:${process.env.PATH}`, RUNNER_TEMP: folder, ...files, ...env },
    },
  );
  const read = (file: string) => readFileSync(file, "utf8");
  return { status, stdout, output: read(files.GITHUB_OUTPUT), summary: read(files.GITHUB_STEP_SUMMARY) };
}

test("the sandbox builds every application on each push to the branch", () => {
  assert.deepEqual(sandbox.on, { push: { branches: ["main"] } });
  assert.deepEqual(Object.keys(sandbox.jobs), ["build-back-office", "build-web", "notice"]);
  assert.equal(sandbox.jobs["build-web"]?.environment, "sandbox");
  assert.equal(deployFile("sandbox"), ".github/workflows/deploy-sandbox.yml");
});

test("a Dockerfile decides between the two ways to build, and exactly one is taken", () => {
  const conditions = stepsOf(sandbox.jobs["build-web"]).flatMap((one) =>
    one.if ? [[one.name, one.if]] : [],
  );
  const there = "hashFiles('Dockerfile') != ''";
  assert.deepEqual(conditions, [
    ["Set up BuildKit", expression(there)],
    ["Build from the Dockerfile and push", expression(there)],
    ["Set up Buildpacks", expression(`!(${there})`)],
    ["Build with Buildpacks and push", expression(`!(${there})`)],
  ]);
});

test("each application is built from its own directory, and its Dockerfile is looked for there", () => {
  const office = sandbox.jobs["build-back-office"];
  const there = "hashFiles('apps/back-office/Dockerfile') != ''";
  assert.deepEqual(
    stepsOf(office).flatMap((one) => one.if ?? []),
    [expression(there), expression(there), expression(`!(${there})`), expression(`!(${there})`)],
  );
  const contexts = ["build-web", "build-back-office"].map((name) => {
    const image = stepsOf(sandbox.jobs[name]).find(({ id }) => id === "dockerfile");
    return image && "uses" in image ? image.with?.context : undefined;
  });
  assert.deepEqual(contexts, [".", "./apps/back-office"]);
});

test("Buildpacks get the application's directory", () => {
  const pack = step(sandbox.jobs["build-back-office"], "Build with Buildpacks and push");
  const { status, stdout } = runStep(pack, { IMAGE: "i", BUILDER: "b", ...pack?.env }, { pack: 'echo "$@"' });
  assert.equal(status, 0);
  assert.match(stdout, / --path \.\/apps\/back-office --publish /);
});

test("images are made for the processor that the tasks run on", () => {
  const text = serialise(sandbox);
  assert.match(text, /platforms: linux\/arm64/);
  assert.match(text, /--platform linux\/arm64/);
});

test("the digest of a Dockerfile's image is put out with the commands that release it", () => {
  const say = step(sandbox.jobs["build-web"], "Say what was pushed");
  const { status, output, summary } = runStep(say, { APPLICATION: "web", STACK: "sandbox", BUILT: DIGEST });
  assert.equal(status, 0);
  assert.equal(output, `digest=${DIGEST}\n`);
  assert.match(
    summary,
    new RegExp(`^ {4}pulumi config set --stack sandbox --path release\\.web ${DIGEST}$`, "m"),
  );
  assert.match(summary, /Nothing runs it yet/);
});

test("the digest of a Buildpacks image comes from its report", () => {
  const say = step(sandbox.jobs["build-web"], "Say what was pushed");
  const report = `mkdir -p "$RUNNER_TEMP/report"; printf '[image]\\n  tags = ["x"]\\n  digest = "${DIGEST}"\\n' > "$RUNNER_TEMP/report/report.toml"\n`;
  const made = say && { ...say, run: report + say.run };
  assert.equal(
    runStep(made, { APPLICATION: "web", STACK: "sandbox", BUILT: "" }).output,
    `digest=${DIGEST}\n`,
  );
});

test("a build without a digest fails instead of putting out nothing", () => {
  const say = step(sandbox.jobs["build-web"], "Say what was pushed");
  const { status, output } = runStep(say, { APPLICATION: "web", STACK: "sandbox", BUILT: "latest" });
  assert.notEqual(status, 0);
  assert.equal(output, "");
});

test("production starts by hand only, builds nothing and checks nothing out", () => {
  assert.deepEqual(Object.keys(prod.on), ["workflow_dispatch"]);
  assert.deepEqual(Object.keys(prod.jobs), ["request", "copy-back-office", "copy-web", "notice"]);
  assert.doesNotMatch(serialise(prod), /checkout|build-push|setup-pack|pack build|docker build/);
});

test("production reads the sandbox's registry with one role and writes its own with another", () => {
  const assumed = stepsOf(prod.jobs["copy-web"]).flatMap((one) => ("uses" in one ? [one.with] : []));
  assert.deepEqual(assumed, [
    {
      "role-to-assume": expression("vars.SANDBOX_READER_ROLE_ARN"),
      "aws-region": expression("vars.SANDBOX_AWS_REGION"),
    },
    { "role-to-assume": expression("vars.AWS_ROLE_ARN"), "aws-region": expression("vars.AWS_REGION") },
  ]);
});

test("one application: its digest has to be given; several: each may be left out", () => {
  const inputs = (applications: (typeof WEB)[]) => {
    const { on } = deployWorkflow({
      notices: NOTICES,
      environment: "prod",
      branch: "main",
      applications,
      promotesFrom: "sandbox",
    });
    return (on.workflow_dispatch as { inputs: Record<string, { required: boolean }> }).inputs;
  };
  assert.equal(inputs([WEB]).web?.required, true);
  assert.equal(inputs([WEB, BACK_OFFICE]).web?.required, false);
  assert.equal(prod.jobs["copy-web"]?.if, expression("inputs['web'] != ''"));
});

for (const [title, first, second, status] of [
  ["one of two", DIGEST, "", 0],
  ["both", DIGEST, DIGEST, 0],
  ["none", "", "", 1],
  ["a tag", "latest", DIGEST, 1],
  ["a digest and a command", `${DIGEST}; curl evil`, "", 1],
  ["a digest and a second line", `${DIGEST}\nx`, "", 1],
] as const)
  test(`a request for ${title} ${status === 0 ? "passes" : "is refused before anybody reviews it"}`, () => {
    const { status: ended } = runStep(step(prod.jobs.request, "Read the request"), {
      DIGEST_0: first,
      DIGEST_1: second,
    });
    assert.equal(ended, status);
  });

const COPY = { APPLICATION: "web", STACK: "prod", SOURCE: "one.test/shop", TARGET: "two.test/shop" };
const RUN = { GITHUB_RUN_ID: "7", GITHUB_RUN_ATTEMPT: "1" };
const EMPTY = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

test("a copy is asked for by digest, keeps it, and is put out", () => {
  const copy = step(prod.jobs["copy-web"], "Copy the image");
  const { status, output, stdout } = runStep(
    copy,
    { ...COPY, ...RUN, DIGEST: EMPTY },
    {
      skopeo: '[ "$1" = inspect ] || echo "$@"',
    },
  );
  assert.equal(status, 0);
  assert.match(
    stdout,
    /--preserve-digests .*docker:\/\/one\.test\/shop@sha256:e3b0\w+ docker:\/\/two\.test\/shop:promoted-7-1/,
  );
  assert.equal(output, `digest=${EMPTY}\n`);
});

test("a copy that is another image fails", () => {
  const copy = step(prod.jobs["copy-web"], "Copy the image");
  const { status, output } = runStep(copy, { ...COPY, ...RUN, DIGEST }, { skopeo: "true" });
  assert.equal(status, 1);
  assert.equal(output, "");
});

test("the order of the applications in the configuration does not show", () => {
  const turned = deployWorkflow({
    notices: NOTICES,
    environment: "sandbox",
    branch: "main",
    applications: [BACK_OFFICE, WEB],
  });
  assert.equal(serialise(turned), serialise(sandbox));
});
