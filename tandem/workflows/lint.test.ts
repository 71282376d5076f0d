import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { register } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { dependabotFile } from "../../components/dependabot";
import { workflowsOf } from "../../components/job-buttons";
import { dataFile, dataWorkflow } from "../../components/workflows/data";
import { deployFile, deployWorkflow } from "../../components/workflows/deploy";
import { maintenanceFile, maintenanceWorkflow } from "../../components/workflows/maintenance";
import { noticeTarget } from "../../components/workflows/notice";
import { NOTICES } from "../../components/workflows/notices.test-helper";
import { proofOf } from "../../components/workflows/proof";
import { tellsOfFailures } from "../../components/workflows/rules.test-helper";
import { siteFile, siteWorkflow } from "../../components/workflows/site";
import { watcherFile, watcherWorkflow } from "../../components/workflows/watcher";
import { serialise } from "../../components/workflows/workflow";
import { ENVIRONMENTS } from "../../config/settings";
import { examples, openProject, settingsOf } from "../project";
import { workflowFiles } from "./files";
import { type Linter, linter } from "./linters.test-helper";

const FORMATS = ["slack", "teams", "mattermost", "discord", "json"] as const;

/** Every file for GitHub that tandem writes: its own, and those of the examples' applications. */
const FILES: Readonly<Record<string, string>> = {
  ...under("own", workflowFiles()),
  ...under("common", {
    ".github/dependabot.yml": dependabotFile({ ecosystems: ["github-actions"], directories: [] }),
  }),
  ...under("clock", {
    [dataFile("prod")]: serialise(
      dataWorkflow({ environment: "prod", schedules: { ocr: { cron: "0 7 * * *" } }, notices: NOTICES }),
    ),
  }),
  ...under("sites", sites()),
  ...Object.assign({}, ...FORMATS.map((format) => under(format, toldIn(format)))),
  ...Object.assign({}, ...examples().map((example) => under(example, declaredBy(example)))),
};
const WORKFLOWS = Object.entries(FILES).filter(([path]) => path.includes("/workflows/"));

function under(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [join(folder, path), text]));
}

/** A workflow with all that a notice may have: both ways, and a run of another workflow's to tell of. */
function toldIn(format: (typeof FORMATS)[number]): Record<string, string> {
  const target = { ...NOTICES, format, mentions: ["user:a@shop.example"], webhook: "W", smtp: "S" };
  const watcher = watcherWorkflow("prod", [{ name: "x", file: "x.yml" }], noticeTarget("prod", target));
  return { [watcherFile("prod")]: serialise(watcher) };
}

/** Sites of both kinds, with all that the configuration knows. */
function sites(): Record<string, string> {
  const all = { host: "site.example", directory: "docs", compile: "npm ci\nnpx hugo\n", output: "public" };
  const odd = { ODD: `it's "odd": ${"$"}{{ secrets.KEY }}` };
  return Object.fromEntries(
    (["bucket", "pages"] as const).map((target) => {
      const settings = { ...all, target, node: "22", python: "3.13", variables: odd };
      const workflow = siteWorkflow({
        environment: "prod",
        key: target,
        branch: "main",
        settings,
        noindex: true,
        notices: NOTICES,
      });
      return [siteFile("prod", target), serialise(workflow)] as const;
    }),
  );
}

function declaredBy(example: string): Record<string, string> {
  const project = openProject(example);
  return Object.fromEntries(
    ENVIRONMENTS.flatMap((environment, index) => {
      const settings = settingsOf(project, environment);
      const { applications, github, notices, jobs, owner } = settings;
      const scope = { environment };
      const buttons = workflowsOf({ scope, jobs, schedules: {}, notices }).map(
        ({ file, workflow }) => [file, serialise(workflow)] as const,
      );
      const keys = Object.entries(applications).map(([key, { directory }]) => ({
        key,
        directory,
        proof: proofOf(settings, key),
      }));
      if (keys.length === 0) return [];
      const closing = maintenanceWorkflow({ environment, applications: Object.keys(applications), notices });
      const deploys = [undefined, `${owner}/stack`, `${owner}/${github.repository}`].map(
        (repository, way) => {
          const workflow = deployWorkflow({
            environment,
            branch: github.branch,
            applications: keys,
            notices,
            promotesFrom: ENVIRONMENTS[index - 1],
            stack: repository === undefined ? undefined : { repository, shared: way === 2 },
          });
          return [join(`way-${way}`, deployFile(environment)), serialise(workflow)] as const;
        },
      );
      return [...deploys, ...buttons, [maintenanceFile(environment), serialise(closing)] as const];
    }),
  );
}

/** The files on a disk, and nothing else: no configuration of a linter either. */
function written(): string {
  const folder = mkdtempSync(join(tmpdir(), "workflows-"));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function clean(found: Linter, words: readonly string[], cwd: string): void {
  if ("skip" in found) return;
  const { status, stdout, stderr } = spawnSync(found.path, words, { cwd, encoding: "utf8" });
  assert.equal(status, 0, `${stdout}${stderr}`);
}

const actionlint = linter("actionlint", "go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12");
const shellcheck = linter("shellcheck", "it comes with the system's packages");
const zizmor = linter("zizmor", "pip install zizmor");
const skipped = (found: Linter) => ("skip" in found ? found.skip : false);

/** Came to GitHub after this release of actionlint; GitHub's own parser, below, knows it. */
const LATER = ["-ignore", 'unexpected key "queue" for "concurrency" section'];

test("there is something to look at", () => assert.ok(WORKFLOWS.length >= 10));

test("actionlint is content with every workflow", { skip: skipped(actionlint) }, () => {
  clean(actionlint, [...LATER, "-shellcheck=", "-pyflakes=", ...WORKFLOWS.map(([path]) => path)], written());
});

test("shellcheck is content with every script in them", {
  skip: skipped(actionlint) || skipped(shellcheck),
}, () => {
  const path = "path" in shellcheck ? shellcheck.path : "";
  clean(
    actionlint,
    [...LATER, `-shellcheck=${path}`, "-pyflakes=", ...WORKFLOWS.map(([file]) => file)],
    written(),
  );
});

test("zizmor finds no way in, neither in workflows nor in Dependabot's", { skip: skipped(zizmor) }, () => {
  const words = ["--offline", "--no-config", "--no-progress", "--persona=regular", "--quiet"];
  clean(zizmor, [...words, ...Object.keys(FILES)], written());
});

for (const [path, text] of WORKFLOWS)
  test(`somebody is told when ${path} fails`, () => tellsOfFailures(text));

// The parser loads JSON as bundlers do; Node wants to be told.
const JSON_AS_JSON = `export const load = (url, context, next) =>
  next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context);`;
register(`data:text/javascript,${encodeURIComponent(JSON_AS_JSON)}`);

for (const [path, text] of WORKFLOWS)
  test(`GitHub's own parser takes ${path}`, async () => {
    // The package knows only this way to be loaded.
    const { NoOperationTraceWriter, parseWorkflow } = await import("@actions/workflow-parser");
    const { context } = parseWorkflow({ name: path, content: text }, new NoOperationTraceWriter());
    assert.deepEqual(
      context.errors.getErrors().map(({ message }) => message),
      [],
    );
  });
