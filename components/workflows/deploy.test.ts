import assert from "node:assert/strict";
import { test } from "node:test";
import { deployFile, deployWorkflow } from "./deploy";
import { NOTICES } from "./notices.test-helper";
import { runStep, step, stepsOf } from "./run-step.test-helper";
import { expression, serialise } from "./workflow";

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

test("the sandbox builds every application on each push to the branch", () => {
  assert.deepEqual(sandbox.on, { push: { branches: ["main"] }, workflow_dispatch: {} });
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

test("what has nothing to be proved with leaves its sources as a bundle", () => {
  const names = stepsOf(sandbox.jobs["build-web"]).map(({ name }) => name);
  assert.deepEqual(names.slice(-3), ["Say what was pushed", "Make the bundle", "Keep the bundle"]);
});

const STACK = { repository: "acme/stack", shared: false };
const asking = (stack: typeof STACK, promotesFrom?: string) =>
  deployWorkflow({
    notices: NOTICES,
    environment: promotesFrom === undefined ? "sandbox" : "prod",
    branch: "main",
    applications: [
      WEB,
      { ...BACK_OFFICE, proof: { variables: {}, generated: [], given: [], databases: [], test: ["true"] } },
    ],
    promotesFrom,
    stack,
  });

test("once all is built and proved, the stack is asked to release it, with the first environment's token", () => {
  const { release } = asking(STACK).jobs;
  assert.deepEqual(release?.needs, ["build-back-office", "build-web", "prove-back-office"]);
  assert.equal(release?.environment, "sandbox");
  assert.deepEqual(release?.permissions, {});
  const env = stepsOf(release)[0]?.env;
  assert.equal(env?.GH_TOKEN, expression("secrets.STACK_DISPATCH_TOKEN"));
  const digest = (key: string) => `"${key}":"${expression(`needs.build-${key}.outputs.digest`)}"`;
  assert.equal(env?.RELEASE, `{${digest("back-office")},${digest("web")}}`);
});

test("in the stack's own repository the workflow's own token asks, and may no more than that", () => {
  const { release } = asking({ ...STACK, shared: true }).jobs;
  assert.equal(release?.environment, undefined);
  assert.deepEqual(release?.permissions, { actions: "write" });
  assert.equal(stepsOf(release)[0]?.env?.GH_TOKEN, expression("github.token"));
});

const ASKED = {
  STACK: "acme/stack",
  GITHUB_SERVER_URL: "https://github.test",
  RELEASE: `{"web":"${DIGEST}"}`,
};
const GH = { gh: 'printf "%s|" "$@"' };

test("it is asked by name and branch, and the summary says where to look; it is not waited for", () => {
  const ask = step(asking(STACK).jobs.release, "Start the stack's workflow");
  const { status, stdout, summary } = runStep(ask, { ...ASKED, GH_TOKEN: "t" }, GH);
  assert.equal(status, 0);
  assert.equal(
    stdout,
    `workflow|run|up-sandbox.yml|--repo|acme/stack|--ref|main|--raw-field|release={"web":"${DIGEST}"}|`,
  );
  assert.match(summary, /https:\/\/github\.test\/acme\/stack\/actions\/workflows\/up-sandbox\.yml/);
});

test("a token that is missing is told with the key that names it, and a request that is refused fails", () => {
  const ask = step(asking(STACK).jobs.release, "Start the stack's workflow");
  const missing = runStep(ask, { ...ASKED, GH_TOKEN: "" }, GH);
  assert.equal(missing.status, 1);
  assert.match(missing.stdout, /^::error::There is no STACK_DISPATCH_TOKEN: github\.dispatch/);
  assert.notEqual(runStep(ask, { ...ASKED, GH_TOKEN: "t" }, { gh: "exit 1" }).status, 0);
});

test("where the stack promotes, production's workflow is a button that copies nothing and takes on no role", () => {
  const { on, jobs } = asking(STACK, "sandbox");
  assert.deepEqual(Object.keys(on), ["workflow_dispatch"]);
  assert.deepEqual(Object.keys(jobs), ["promote", "notice"]);
  assert.equal(jobs.promote?.environment, "sandbox");
  assert.doesNotMatch(JSON.stringify(jobs), /skopeo|aws-actions/);
});

for (const [back, status] of [
  ["", 0],
  ["r-0123456789ab", 0],
  ["r-0123456789ab x", 1],
  ["main", 1],
] as const)
  test(`the button ${status === 0 ? "passes on" : "refuses"} "${back}" as the passport to go back to`, () => {
    const ask = step(asking(STACK, "sandbox").jobs.promote, "Start the stack's workflow");
    const ended = runStep(ask, { ...ASKED, GH_TOKEN: "t", BACK: back }, GH);
    assert.equal(ended.status, status);
    if (status === 0) assert.match(ended.stdout, new RegExp(`up-prod\\.yml.*\\|back=${back}\\|$`));
  });
