import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { NOTICES } from "./notices.test-helper";
import { stepsOf } from "./run-step.test-helper";
import { siteFile, siteWorkflow } from "./site";
import { bucket, runSite, type SiteRun } from "./site.test-helper";
import type { SiteWorkflowArgs } from "./site-parts";
import { type RunStep, serialise, type ToldWorkflow } from "./workflow";

const SETTINGS: SiteWorkflowArgs["settings"] = {
  host: "site.example",
  target: "bucket",
  directory: ".",
  compile: "hugo --minify",
  output: "public",
  variables: {},
};

const made = (settings: Partial<SiteWorkflowArgs["settings"]> = {}, more: Partial<SiteWorkflowArgs> = {}) =>
  siteWorkflow({
    environment: "prod",
    key: "web",
    branch: "main",
    settings: { ...SETTINGS, ...settings },
    notices: NOTICES,
    ...more,
  });

/** The scripts of both jobs, but for the one that compiles: the files stand there already. */
const scripts = ({ jobs: { compile, upload } }: ToldWorkflow) =>
  [...stepsOf(compile), ...stepsOf(upload)].filter(({ name }) => name !== "Compile the site");

const BUCKET = scripts(made());
const id = (run: number) => `0123456789ab-${run}-1`;
const PAGE = { "index.html": "<h1>One</h1>" };

test("a push to the branch, new content, a new theme and a person start it; the newest run wins", () => {
  const { name, on, concurrency } = made();
  assert.equal(siteFile("prod", "web"), ".github/workflows/site-web-prod.yml");
  assert.equal(name, "site web prod");
  assert.deepEqual(on, {
    push: { branches: ["main"] },
    repository_dispatch: { types: ["content", "theme"] },
    workflow_call: {},
    workflow_dispatch: {},
  });
  assert.deepEqual(concurrency, { group: "site-web-prod", "cancel-in-progress": true });
});

test("a site in a directory is compiled there, and not because of what is changed elsewhere", () => {
  const { on, jobs } = made({ directory: "docs/site", output: "build" });
  assert.deepEqual((on.push as { paths: unknown }).paths, [
    "docs/site/**",
    ".github/workflows/site-web-prod.yml",
  ]);
  const [, compile, pack] = stepsOf(jobs.compile) as readonly RunStep[];
  assert.equal(compile?.run, "cd docs/site\nhugo --minify\n");
  assert.deepEqual(pack?.env, { OUTPUT: "docs/site/build" });
});

test("what compiles has no credentials, and what has them runs nothing of the repository's", () => {
  for (const target of ["bucket", "pages"] as const) {
    const { compile, upload } = made({ target }).jobs;
    assert.deepEqual([compile?.environment, compile?.permissions], [undefined, { contents: "read" }]);
    assert.equal(upload?.environment, "prod-site-web");
    assert.deepEqual(upload?.permissions, target === "bucket" ? { "id-token": "write" } : {});
    assert.doesNotMatch(JSON.stringify(upload), /actions\/checkout|hugo/);
    assert.doesNotMatch(JSON.stringify(compile), /secrets\.|vars\./);
  }
});

test("the compile command knows the site's address and the declared variables; expressions in them are texts", () => {
  const expression = ["$", "{{ secrets.KEY }}"].join("");
  const { jobs } = made({ variables: { LANG: "fr", ODD: expression }, node: "22", python: "3.13" });
  const steps = stepsOf(jobs.compile);
  assert.deepEqual(
    steps.map(({ name }) => name),
    ["Check out", "Set up Node", "Set up Python", "Compile the site", "Pack the site", "Hand the site over"],
  );
  assert.deepEqual(steps[3]?.env, {
    LANG: "fr",
    ODD: `${["$", "{{ '$", "{{' }}"].join("")} secrets.KEY }}`,
    BASE_URL: "https://site.example",
  });
});

test("a branch that is no plain word stands in the condition as a text", () => {
  const { compile } = made({}, { branch: "it's" }).jobs;
  assert.equal(compile?.if, `${"$"}{{ github.ref == 'refs/heads/it''s' }}`);
});

for (const [what, files, said] of [
  ["no folder", {}, /There is no folder public/],
  ["a folder without a first page", { "about.html": "x" }, /has no index\.html/],
  ["an empty first page", { "index.html": "" }, /has no index\.html, or an empty one/],
] as const)
  test(`${what} is no site: nothing is uploaded`, () => {
    const site = bucket();
    const run = site.run(BUCKET, { files });
    assert.equal(run.failed, "Pack the site");
    assert.match(run.said, said);
    assert.deepEqual(site.files(), []);
  });

test("links are packed as what they lead to, without the repository's history", () => {
  const site = bucket();
  const link = `mkdir -p public/.git; echo x > public/.git/config; ln -s index.html public/home.html`;
  const steps = [{ name: "link", "timeout-minutes": 1, run: link }, ...BUCKET];
  assert.equal(site.run(steps, { files: PAGE }).failed, undefined);
  assert.deepEqual(site.files(`releases/${id(1)}`), ["home.html", "index.html"]);
});

test("a package that brings a link is refused where the credentials are", () => {
  const site = bucket();
  const steps = BUCKET.map((step) =>
    step.name === "Pack the site"
      ? {
          ...step,
          run: 'ln -s /proc/self/environ public/it.txt\ntar -cf "$RUNNER_TEMP/site.tar" -C public .\n',
        }
      : step,
  );
  const run = site.run(steps, { files: PAGE });
  assert.equal(run.failed, "Unpack the site");
  assert.match(run.said, /neither a file nor a folder/);
  assert.deepEqual(site.files(), []);
});

const ODD = [
  "-rf.txt",
  'it\'s "quoted" & odd.txt',
  "façade été/ça va.html",
  "a  b/ c.css",
  "$(id).js",
  "*.svg",
];

test("names reach the bucket as they are, whatever a shell would make of them", () => {
  const site = bucket();
  const files = { ...PAGE, ...Object.fromEntries(ODD.map((name) => [name, name])) };
  const run = site.run(BUCKET, { files });
  assert.equal(run.failed, undefined, run.said);
  assert.deepEqual(site.files(`releases/${id(1)}`), ["index.html", ...ODD].sort());
});

test("what has a fingerprint is kept for good, and everything else is asked for again", () => {
  const site = bucket();
  const lasting = ["app.3f2a9c1b.css", "js/main-0a1b2c3d4e5f.min.js", "é/logo.deadbeef00.svg"];
  const changing = [
    "index.html",
    "app.css",
    "report-20240131.pdf",
    "news.3f2a9c1b.html",
    "3f2a9c1b.css",
    "a.3f2a9c1.js",
    "3f2a9c1b.d/x.css",
  ];
  site.run(BUCKET, { files: Object.fromEntries([...lasting, ...changing].map((name) => [name, "x"])) });
  const told = site.headers();
  for (const name of lasting) assert.equal(told[name], "public, max-age=31536000, immutable", name);
  for (const name of changing) assert.equal(told[name], "public, max-age=0, must-revalidate", name);
});

test("the first release is served, and the next one knows which came before it; what is gone is gone", () => {
  const site = bucket();
  site.run(BUCKET, { files: { ...PAGE, "old.html": "old" } });
  assert.deepEqual([site.pointer().release, site.pointer().previous], [id(1), null]);
  assert.match(site.pointer().at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const run = site.run(BUCKET, { files: PAGE, number: 2 });
  assert.equal(run.failed, undefined, run.said);
  assert.deepEqual([site.pointer().release, site.pointer().previous], [id(2), id(1)]);
  assert.deepEqual(site.files(`releases/${id(2)}`), ["index.html"]);
  assert.deepEqual(site.files(`releases/${id(1)}`), ["index.html", "old.html"]);
});

test("the pointer is the last thing that is written", () => {
  const site = bucket();
  site.run(BUCKET, { files: PAGE });
  const written = site.asked().filter((words) => /^s3 cp|put-object/.test(words));
  assert.deepEqual(
    written.map((words) => words.split(" ").slice(0, 2).join(" ")),
    ["s3 cp", "s3 cp", "s3api put-object"],
  );
});

const broken: Readonly<Record<string, Partial<SiteRun>>> = {
  "an upload that breaks off": { env: { BREAKS: "4" } },
  "an upload that loses a file and does not say so": {
    commands: {
      aws: '[ "$1 $2" = "s3api list-objects-v2" ] && echo "[]"; [ "$2" != put-object ] || exit 96',
    },
  },
  "a pointer that cannot be read": { env: { DENIES: "yes" } },
};

for (const [what, how] of Object.entries(broken))
  test(`${what} leaves what is served, and the next run deletes what it left behind`, () => {
    const site = bucket();
    site.run(BUCKET, { files: PAGE });
    const files = { ...PAGE, "a.html": "a", "b.html": "b", "c.html": "c" };
    assert.notEqual(site.run(BUCKET, { files, number: 2, ...how }).failed, undefined);
    assert.equal(site.pointer().release, id(1));
    assert.deepEqual(site.files(`releases/${id(1)}`), ["index.html"]);
    assert.equal(site.run(BUCKET, { files, number: 3 }).failed, undefined);
    assert.deepEqual([site.pointer().release, site.pointer().previous], [id(3), id(1)]);
    assert.deepEqual(site.releases(), [id(1), id(3)]);
  });

test("the five that were served last stay, the one before the present one among them", () => {
  const site = bucket();
  for (const number of [1, 2, 3, 4, 5, 6, 10]) site.run(BUCKET, { files: PAGE, number });
  assert.deepEqual(site.releases(), [3, 4, 5, 6, 10].map(id).sort());
  // An older run that somebody starts again: it is the present one, whatever its number.
  site.run(BUCKET, { files: PAGE, number: 2 });
  assert.deepEqual([site.pointer().release, site.pointer().previous], [id(2), id(10)]);
  assert.deepEqual(site.releases(), [2, 4, 5, 6, 10].map(id).sort());
});

test("what the public does not get within a minute and a half is a failure", () => {
  const site = bucket();
  const run = site.run(BUCKET, { files: PAGE, env: { ANSWERS: "something-else" } });
  assert.equal(run.failed, "Wait until the public gets it");
  assert.match(
    run.said,
    /::error::Release 0123456789ab-1-1 is in the bucket, but https:\/\/site\.example still answers with 'something-else'/,
  );
});

/** Says what it is asked, and where. */
const NPX = 'printf "%s in %s\\n" "$*" "$PWD" >> "$HOME/asked-of-npx"';
const pages = (files: Record<string, string>, more: Partial<SiteWorkflowArgs> = {}, answer = "200") => {
  const run = runSite(
    scripts(made({ target: "pages" }, more)),
    { PAGES_PROJECT: "shop-prod-site-web", BUCKET: "/nowhere", ANSWERS: answer },
    { files, commands: { npx: NPX } },
  );
  const read = (path: string) => readFileSync(join(run.folder, path), "utf8");
  return { ...run, read };
};

test("Pages gets the folder from nowhere else, for the production branch, and the token in that one step", () => {
  const { failed, said, read, folder } = pages(PAGE);
  assert.equal(failed, undefined, said);
  const deploy =
    `pages deploy ${folder}/site --project-name shop-prod-site-web --branch main ` +
    "--commit-hash 0123456789abcdef0123456789abcdef01234567 --commit-dirty=true";
  assert.deepEqual(read("asked-of-npx").split("\n"), [
    `--yes wrangler@4.164.0 --version in ${folder}`,
    `--yes wrangler@4.164.0 ${deploy} in ${folder}/empty`,
    "",
  ]);
  const withToken = stepsOf(made({ target: "pages" }).jobs.upload).filter(
    ({ env }) => env?.CLOUDFLARE_API_TOKEN !== undefined,
  );
  assert.deepEqual(
    withToken.map(({ name }) => name),
    ["Upload the site"],
  );
});

test("behind the site's own headers stand those for fingerprints, and for search engines where it is hidden", () => {
  const files = { ...PAGE, "a.3f2a9c1b.css": "x", "b c.3f2a9c1b.css": "x", _headers: "/*\n  X-Own: yes" };
  const lasting = "\n/a.3f2a9c1b.css\n  Cache-Control: public, max-age=31536000, immutable\n";
  assert.equal(pages(files).read("site/_headers"), `${files._headers}${lasting}`);
  assert.equal(
    pages(files, { noindex: true }).read("site/_headers"),
    `${files._headers}\n/*\n  X-Robots-Tag: noindex, nofollow\n${lasting}`,
  );
  const own = "/*\n  Cache-Control: no-store\n";
  assert.equal(pages({ ...files, _headers: own }).read("site/_headers"), own);
});

test("no more rules are written than Pages takes", () => {
  const many = Object.fromEntries(
    Array.from({ length: 120 }, (_, index) => [`img/${index}.abcdef12.png`, "x"]),
  );
  const written = pages({ ...PAGE, ...many, "z.abcdef12.css": "x" }).read("site/_headers");
  const rules = written.split("\n").filter((line) => /^\//.test(line));
  assert.equal(rules.length, 100);
  assert.equal(rules[0], "/z.abcdef12.css");
});

test("a site that Pages does not serve is a failure", () => {
  const { failed, said } = pages(PAGE, {}, "522");
  assert.equal(failed, "Wait until the public gets it");
  assert.match(said, /https:\/\/site\.example answers with 522/);
});

test("the file is the workflow, whatever stands in the configuration", () => {
  const compile = 'echo "it\'s: # {{ no }} | yes"\nmake\n';
  const { jobs } = parse(serialise(made({ compile })));
  assert.equal(jobs.compile.steps[1].run, compile);
});
