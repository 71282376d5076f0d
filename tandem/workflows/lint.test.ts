import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { dependabotFile } from "../../components/repository";
import { deployFile, deployWorkflow } from "../../components/workflows/deploy";
import { serialise } from "../../components/workflows/workflow";
import { ENVIRONMENTS } from "../../config/settings";
import { examples, openProject, settingsOf } from "../project";
import { workflowFiles } from "./files";
import { type Linter, linter } from "./linters.test-helper";

/** Every file for GitHub that tandem writes: its own, and those of the examples' applications. */
const FILES: Readonly<Record<string, string>> = {
  ...under("own", workflowFiles()),
  ...under("common", { ".github/dependabot.yml": dependabotFile(["github-actions"]) }),
  ...Object.assign({}, ...examples().map((example) => under(example, declaredBy(example)))),
};
const WORKFLOWS = Object.entries(FILES).filter(([path]) => path.includes("/workflows/"));

function under(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [join(folder, path), text]));
}

function declaredBy(example: string): Record<string, string> {
  const project = openProject(example);
  return Object.fromEntries(
    ENVIRONMENTS.flatMap((environment, index) => {
      const { applications, github, notices } = settingsOf(project, environment);
      const keys = Object.entries(applications).map(([key, { directory }]) => ({ key, directory }));
      if (keys.length === 0) return [];
      const workflow = deployWorkflow({
        environment,
        branch: github.branch,
        applications: keys,
        notices,
        promotesFrom: ENVIRONMENTS[index - 1],
      });
      return [[deployFile(environment), serialise(workflow)]];
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

test("there is something to look at", () => assert.ok(WORKFLOWS.length >= 10));

test("actionlint is content with every workflow", { skip: skipped(actionlint) }, () => {
  clean(actionlint, ["-shellcheck=", "-pyflakes=", ...WORKFLOWS.map(([path]) => path)], written());
});

test("shellcheck is content with every script in them", {
  skip: skipped(actionlint) || skipped(shellcheck),
}, () => {
  const path = "path" in shellcheck ? shellcheck.path : "";
  clean(actionlint, [`-shellcheck=${path}`, "-pyflakes=", ...WORKFLOWS.map(([file]) => file)], written());
});

test("zizmor finds no way in, neither in workflows nor in Dependabot's", { skip: skipped(zizmor) }, () => {
  const words = ["--offline", "--no-config", "--no-progress", "--persona=regular", "--quiet"];
  clean(zizmor, [...words, ...Object.keys(FILES)], written());
});

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
