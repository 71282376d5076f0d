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
const TOGETHER: readonly RegExp[] = [
  /^(config|stacks)\/(?!.*fuzz\.test)/,
  /^components\/(?!edge-|site-worker|dumps\/)/,
  /^rehearsal\/(?!conformance|server)/,
  /^(policy\/(rules|steps)|tandem\/(clocks|golden|parity|picture|runbook))\./,
  /^tandem\/cases\/(promotion|rotation)\./,
  /^tandem\/cases\/(acknowledged|demo-data|oc-pizza|preview-role|secrets|update-order)\./,
  /^tandem\/cases\/(?!both-ways)/,
  /^tandem\/(?!review\/rehearsed|real-|cases\/|workflows\/(act|lint)|commands\/gitlab)/,
];
/** Begun first: the longest decides when the last ends. */
const LONG = [
  "both-ways",
  "-promotion",
  "-acknowledged",
  "-alarms",
  "-delivery",
  "-applying",
  "-rules",
  "conformance",
];

function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : testFiles(join(folder, entry.name));
    return entry.name.endsWith(".test.ts") ? [join(folder, entry.name)] : [];
  });
}

/** The files as the runner takes them: those that run together behind one file that loads them all. */
function grouped(files: readonly string[], scratch: string): string[] {
  const groupOf = (file: string) => TOGETHER.findIndex((group) => group.test(file.replaceAll("\\", "/")));
  const together = TOGETHER.flatMap((_, index) => {
    const members = files.filter((file) => groupOf(file) === index);
    if (members.length === 0) return [];
    const path = join(scratch, `${index + 1}-${basename(members[0] as string, ".test.ts")}.test.cjs`);
    writeFileSync(path, members.map((file) => `require(${JSON.stringify(resolve(file))});\n`).join(""));
    return [path];
  });
  const single = files.filter((file) => groupOf(file) === -1);
  const place = (file: string) => LONG.findIndex((word) => file.includes(word)) + 1 || LONG.length + 1;
  return [...single, ...together].sort((one, other) => place(one) - place(other));
}

const words = process.argv.slice(2);
const files = testFiles(".")
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
// Node would look for tests by itself, and find those that need tsx.
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
  "--min-semi-space-size=32",
  "--max-semi-space-size=64",
  "--import",
  "tsx",
  "--test",
  reporter,
  "--test-concurrency=2",
];
// What is printed is compared as text: a CI server that asks for colours would change it.
const { FORCE_COLOR: _, ...environment } = process.env;
const env = { ...environment, NO_COLOR: "1" };
try {
  const run = spawnSync(process.execPath, [...options, ...grouped(files, scratch)], {
    stdio: "inherit",
    env,
  });
  process.exitCode = run.status ?? 70;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
