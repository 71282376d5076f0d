import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { identify, programIdentity } from "./program";

const root = mkdtempSync(join(tmpdir(), "program-"));
after(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, text: string): string {
  mkdirSync(join(root, file, ".."), { recursive: true });
  writeFileSync(join(root, file), text);
  return identify(root).files;
}

for (const folder of ["config", "stacks", "components"]) mkdirSync(join(root, folder));
for (const file of ["index.ts", "config.ts"]) writeFileSync(join(root, file), "");
const first = write("package-lock.json", "{}");

test("equal files are an equal program; each file that declares something counts, by name and content", () => {
  assert.match(first, /^[0-9a-f]{12}$/);
  assert.equal(identify(root).files, first);
  const known = [first];
  for (const [file, text] of [
    ["components/edge-worker.js", "1"],
    ["components/edge-worker.js", "2"],
    ["components/workflows/deploy.ts", "1"],
    ["components/workflows/other.ts", ""],
    ["package-lock.json", "{ }"],
  ] as const) {
    const next = write(file, text);
    assert.ok(!known.includes(next), file);
    known.push(next);
  }
});

test("tests, commands and documents declare nothing, so they do not count", () => {
  const before = identify(root).files;
  assert.equal(write("components/edge.test.ts", "x"), before);
  assert.equal(write("components/edge.test-helper.ts", "x"), before);
  assert.equal(write("tandem/main.ts", "x"), before);
  assert.equal(write("README.md", "x"), before);
});

test("the commit is named where there is one", () => {
  assert.equal(identify(root).commit, undefined);
  const git = (...words: string[]) => execFileSync("git", words, { cwd: root, encoding: "utf8" }).trim();
  git("init", "--quiet");
  const who = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
  git(...who, "commit", "--quiet", "--allow-empty", "--message", "first");
  assert.equal(identify(root).commit, git("rev-parse", "HEAD"));
});

test("a program keeps its identity while it runs", () => {
  assert.equal(programIdentity(), programIdentity());
});
