import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { run } from "./child";

const windows = process.platform === "win32" && "the programs here are shell scripts";

const shell = (script: string, onLine?: (line: string) => void) =>
  run({
    path: "/bin/sh",
    words: ["-c", script],
    cwd: tmpdir(),
    env: process.env,
    ...(onLine ? { onLine } : {}),
  });

/** A process that has ended and that nobody has asked about yet still has a number. */
const alive = (pid: string) =>
  /^[^Z]/.test(spawnSync("ps", ["-o", "stat=", "-p", pid], { encoding: "utf8" }).stdout.trim());

test("lines, code and what is said beside them are handed over", { skip: windows }, async () => {
  const lines: string[] = [];
  const { ended } = shell("echo one; echo two; echo oh >&2; exit 3", (line) => lines.push(line));
  assert.deepEqual(await ended, { code: 3, stderr: "oh\n", interrupted: false });
  assert.deepEqual(lines, ["one", "two"]);
});

test("a kill ends what the program has started too, in whatever group", { skip: windows }, async () => {
  const grandchild = await new Promise<string>((resolve) => {
    const script = `${JSON.stringify(process.execPath)} -e '
      const child = require("node:child_process").spawn("sleep", ["60"], { detached: true });
      console.log(child.pid);
    '; sleep 60`;
    const child = shell(script, (pid) => {
      child.kill();
      void child.ended.then(({ code }) => {
        assert.equal(code, undefined);
        resolve(pid);
      });
    });
  });
  assert.equal(alive(grandchild), false);
});

test("an interrupt of this process is passed on, and the program may end in its own way", {
  skip: windows,
}, async () => {
  const { ended } = shell("trap 'exit 7' INT; echo ready; while :; do sleep 0.05; done", () =>
    process.emit("SIGINT"),
  );
  assert.deepEqual(await ended, { code: 7, stderr: "", interrupted: true });
});

test("a program that cannot be started is an error", async () => {
  const { ended } = run({ path: "/nowhere/pulumi", words: [], cwd: tmpdir(), env: {} });
  await assert.rejects(ended, /ENOENT/);
});
