import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Runs all tests with Node's own runner, or those whose path contains one of the given words. */
const SKIPPED = new Set(["node_modules", ".git", ".tandem"]);

function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : testFiles(join(folder, entry.name));
    return entry.name.endsWith(".test.ts") ? [join(folder, entry.name)] : [];
  });
}

const words = process.argv.slice(2);
const files = testFiles(".")
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
// Named, because the default for what is no terminal differs between Node's versions.
const reporter = `--test-reporter=${process.stdout.isTTY ? "spec" : "tap"}`;
const run = spawnSync(
  process.execPath,
  ["--import", "tsx", "--test", reporter, "--test-concurrency=2", ...files],
  {
    stdio: "inherit",
  },
);
process.exitCode = run.status ?? 70;
