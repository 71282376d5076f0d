import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * Runs all tests with Node's own runner, or those whose path contains one of the given words.
 *
 * Node starts a process for each file, and most of that time goes into loading Pulumi's SDK. So files that share
 * nothing and are quick are run by folder, a process for each folder; what starts processes, holds an engine or takes
 * long has its own.
 */
const SKIPPED = new Set(["node_modules", ".git", ".tandem"]);
const TOGETHER = /^(config|components|rehearsal\/rules|stacks|tandem\/review|tandem\/workflows)(\/|$)/;
const ALONE = /\/(parse\.fuzz|rehearsed|lint)\.test\.ts$/;
/** Begun first: the longest decides when the last ends. */
const LONG = [
  "both-ways",
  "conformance",
  "rotation",
  "promotion",
  "real-engine",
  "parity",
  "secrets",
  "pack",
];

function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : testFiles(join(folder, entry.name));
    return entry.name.endsWith(".test.ts") ? [join(folder, entry.name)] : [];
  });
}

/** The files as the runner takes them: those that run together behind one file that loads them all. */
function grouped(files: readonly string[], scratch: string): string[] {
  const folders = new Map<string, string[]>();
  const single: string[] = [];
  for (const file of files) {
    const folder = dirname(file).replaceAll("\\", "/");
    if (!TOGETHER.test(folder) || ALONE.test(`/${file}`)) single.push(file);
    else folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  const together = [...folders].map(([folder, members]) => {
    const path = join(scratch, `${folder.replaceAll("/", "-")}.test.cjs`);
    writeFileSync(path, members.map((file) => `require(${JSON.stringify(resolve(file))});\n`).join(""));
    return path;
  });
  const place = (file: string) => LONG.findIndex((word) => file.includes(word)) + 1 || LONG.length + 1;
  return [...single, ...together].sort((one, other) => place(one) - place(other));
}

const words = process.argv.slice(2);
const files = testFiles(".")
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
const scratch = join(".tandem", `tests-${process.pid}`);
mkdirSync(scratch, { recursive: true });
// Named, because the default for what is no terminal differs between Node's versions.
const reporter = `--test-reporter=${process.stdout.isTTY ? "spec" : "tap"}`;
const options = ["--import", "tsx", "--test", reporter, "--test-concurrency=2"];
try {
  const run = spawnSync(process.execPath, [...options, ...grouped(files, scratch)], { stdio: "inherit" });
  process.exitCode = run.status ?? 70;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
