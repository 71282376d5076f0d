import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { after, test } from "node:test";
import { ROOT } from "./project";
import { scratch } from "./scratch.test-helper";

const folder = scratch("launch");
after(() => rmSync(folder, { recursive: true, force: true }));
const PROGRAM = join(folder, "in-order.ts");
writeFileSync(
  PROGRAM,
  `process.once("SIGINT", () => setTimeout(() => { console.log("in order"); process.exit(5); }, 100));
  setTimeout(() => {}, 60_000);
  console.log("ready");`,
);

/** Starts a command as people do, and tells its launcher something once it runs. */
function signalled(signal: NodeJS.Signals, whole: boolean) {
  const child = spawn(process.execPath, ["launch.cjs", relative(ROOT, PROGRAM)], {
    cwd: ROOT,
    detached: true,
  });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
    if (String(chunk).includes("ready") && child.pid !== undefined)
      process.kill(whole ? -child.pid : child.pid, signal);
  });
  return new Promise<{ said: string; code: number | null; signal: string | null }>((resolve) => {
    child.on("close", (code, ended) => resolve({ said, code, signal: ended }));
  });
}

const windows = process.platform === "win32" && "signals are another matter there";

test("an interrupt at the terminal waits until the command has put its things in order", {
  skip: windows,
}, async () => {
  assert.deepEqual(await signalled("SIGINT", true), { said: "ready\nin order\n", code: 5, signal: null });
});

test("who ends the launcher ends the command", { skip: windows }, async () => {
  assert.deepEqual(await signalled("SIGTERM", false), { said: "ready\n", code: null, signal: "SIGTERM" });
});
