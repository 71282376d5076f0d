import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";

/**
 * Runs all tests with Node's own runner, or those whose path contains one of the given words.
 *
 * Node starts a process for each file, and most of that time goes into loading Pulumi's SDK. So files that
 * start no process and listen nowhere are run together, a process for each group.
 */
const SKIPPED = new Set(["node_modules", ".git", ".tandem"]);
/** In the order in which they begin: the longest decides when the last ends. */
const GROUPS: readonly RegExp[] = [
  /^tandem\/cases\/both-ways/,
  /^tandem\/cases\/(promotion|rotation)\./,
  /^tandem\/cases\/(acknowledged|demo-data|oc-pizza|preview-role|secrets|update-order)\./,
  /^tandem\/cases\//,
  /^tandem\/(?!review\/rehearsed|real-|workflows\/(act|lint)|commands\/gitlab|(clocks|golden|parity|picture|runbook)\.)/,
  /^components\/(?!edge-|site-worker|dumps\/)/,
  /^(policy\/(rules|steps)|tandem\/(clocks|golden|parity|picture|runbook))\./,
  /^rehearsal\/conformance/,
  /^rehearsal\/(?!server)/,
  /^(config|stacks)\/(?!.*fuzz\.test)/,
];

function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : testFiles(join(folder, entry.name));
    return entry.name.endsWith(".test.ts") ? [join(folder, entry.name)] : [];
  });
}

/** One file for each process, which loads its tests. The runner begins them in the order of their names. */
function processes(files: readonly string[], scratch: string): string[] {
  const groupOf = (file: string) => GROUPS.findIndex((group) => group.test(file.replaceAll("\\", "/")));
  const together = GROUPS.map((_, index) => files.filter((file) => groupOf(file) === index));
  const alone = files.filter((file) => groupOf(file) === -1).map((file) => [file]);
  return [...together.filter(({ length }) => length > 0), ...alone].map((members, index) => {
    const place = String(index + 1).padStart(2, "0");
    const path = join(scratch, `${place}-${basename(members[0] as string, ".test.ts")}.test.cjs`);
    writeFileSync(path, members.map((file) => `require(${JSON.stringify(resolve(file))});\n`).join(""));
    return path;
  });
}

const words = process.argv.slice(2);
const files = testFiles(".")
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
// Node would look for tests by itself.
if (files.length === 0) {
  console.error(`No test file has ${words.join(" or ")} in its path.`);
  process.exit(2);
}
const scratch = join(".tandem", `tests-${process.pid}`);
mkdirSync(scratch, { recursive: true });
// Named, because the default for what is no terminal differs between Node's versions.
const reporter = `--test-reporter=${process.stdout.isTTY ? "spec" : "tap"}`;
const options = [
  `--require=${join(__dirname, "tests-hooks.cjs")}`,
  // Room for what lives shortly: the collector runs less often.
  "--min-semi-space-size=128",
  "--max-semi-space-size=128",
  `--require=${resolve(__dirname, "..", "typescript.cjs")}`,
  "--test",
  reporter,
  "--test-concurrency=2",
];
// What is printed is compared as text: a CI server that asks for colours would change it.
const { FORCE_COLOR: _, ...environment } = process.env;
const env = { ...environment, NO_COLOR: "1" };
try {
  const run = spawnSync(process.execPath, [...options, ...processes(files, scratch)], {
    stdio: "inherit",
    env,
  });
  process.exitCode = run.status ?? 70;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
