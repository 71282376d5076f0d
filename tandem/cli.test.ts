import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { findCli } from "./cli";

let folder: string;
let wrapper: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tandem-cli-"));
  wrapper = join(folder, "node_modules", "pulumi");
  write(join(wrapper, "package.json"), '{"version": "3.1.0"}');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): string {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text, { mode: 0o755 });
  return path;
}

const program = (...parts: string[]) => write(join(folder, ...parts), "#!/bin/sh\necho v3.9.0\n");

function search(more: NodeJS.ProcessEnv = {}, limit = 5_000) {
  const env = { PATH: `${join(folder, "bin")}:/usr/bin:/bin`, PULUMI_HOME: join(folder, "home"), ...more };
  return findCli({ env, wrapper, limit });
}

const windows = process.platform === "win32" && "the stand-ins are shell scripts";

test("the CLI on the PATH comes first", { skip: windows }, async () => {
  const path = program("bin", "pulumi");
  program("home", "versions", "3.1.0", "bin", "pulumi");
  assert.deepEqual(await search(), { path, version: "v3.9.0" });
});

test("the npm package's own script on the PATH is passed by", { skip: windows }, async () => {
  const script = write(join(wrapper, "run.js"), "#!/usr/bin/env node\nconsole.log('v3.9.0');\n");
  mkdirSync(join(folder, "bin"));
  symlinkSync(script, join(folder, "bin", "pulumi"));
  const path = program("home", "versions", "3.1.0", "bin", "pulumi");
  assert.deepEqual(await search(), { path, version: "v3.9.0" });
});

test("a program that does not answer as Pulumi does is passed by", { skip: windows }, async () => {
  write(join(folder, "bin", "pulumi"), "#!/bin/sh\nexit 1\n");
  const path = program("home", "versions", "3.1.0", "bin", "pulumi");
  assert.deepEqual(await search(), { path, version: "v3.9.0" });
});

test("where there is none, the npm package downloads it", { skip: windows }, async () => {
  const path = join(folder, "home", "versions", "3.1.0", "bin", "pulumi");
  const script = `const fs = require("node:fs");
fs.mkdirSync(${JSON.stringify(join(path, ".."))}, { recursive: true });
fs.writeFileSync(${JSON.stringify(path)}, "#!/bin/sh\\necho v3.1.0\\n", { mode: 0o755 });`;
  write(join(wrapper, "run.js"), script);
  assert.deepEqual(await search(), { path, version: "v3.1.0" });
});

test("a download that fails is one line", { skip: windows }, async () => {
  write(join(wrapper, "run.js"), 'console.error("Downloading...\\npulumi: fetch failed"); process.exit(1);');
  assert.deepEqual(await search(), { reason: "no Pulumi CLI: it cannot be downloaded (fetch failed)" });
});

test("a download that takes too long is ended, whatever it has started", { skip: windows }, async () => {
  write(join(wrapper, "run.js"), 'require("node:child_process").execSync("sleep 30");');
  const start = performance.now();
  assert.deepEqual(await search({}, 500), {
    reason: "no Pulumi CLI, and downloading it took more than 0.5 s: run npx pulumi version once",
  });
  assert.ok(performance.now() - start < 5_000);
});
