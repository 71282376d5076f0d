import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../project";
import { scratch } from "../scratch.test-helper";

const LEFT_OUT = new Set(["node_modules", ".git", ".tandem"]);

/** This project as it is now, as the only commit of a repository of its own. */
function clone(folder: string): (...words: string[]) => string {
  for (const name of readdirSync(ROOT))
    if (!LEFT_OUT.has(name)) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  const git = (...words: string[]) => {
    const identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"];
    return execFileSync("git", [...identity, ...words], { cwd: folder, encoding: "utf8" });
  };
  git("init", "--quiet");
  writeFileSync(join(folder, ".git", "info", "exclude"), "node_modules\n");
  git("add", "--all");
  git("commit", "--quiet", "--message", "base");
  return git;
}

test("a fork's change is reviewed from the rehearsal: no credentials, no passphrase, nothing left behind", (t) => {
  if (spawnSync("git", ["--version"]).status !== 0) return t.skip("there is no git");
  const folder = scratch("review");
  try {
    const git = clone(folder);
    const edit = (file: string, change: (text: string) => string) => {
      const path = join(folder, "examples", "osuny-site", file);
      writeFileSync(path, change(readFileSync(path, "utf8")));
    };
    edit("Pulumi.yaml", (text) => text.replace("contact: [", "bonjour: ["));
    // Another ciphertext: whether it hides another value cannot be known without the passphrase.
    edit("Pulumi.sandbox.yaml", (text) =>
      text.replace(/secure: v1:.*/, "secure: v1:AAAAAAAAAAAAAAAA:AAAAAAAA"),
    );

    const words = ["review", "--base", "HEAD", "--example", "osuny-site", "--out", "comment.md"];
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--require", "./typescript.cjs", "tandem/main.ts", ...words],
      {
        cwd: folder,
        encoding: "utf8",
        env: { PATH: process.env.PATH, HOME: process.env.HOME, PULUMI_CONFIG_PASSPHRASE: "nobody knows it" },
      },
    );
    assert.equal(status, 0, stderr);
    const text = readFileSync(join(folder, "comment.md"), "utf8");
    assert.match(text, /^<!-- tandem:review osuny-site -->\n/);
    assert.match(text, /\| EmailRoutingRule [^|]*bonjour[^|]* \| – \| create/);
    assert.match(text, /\| ActionsSecret [^|]* \| [^|]*\(secret\) \| – \|/);
    assert.match(text, /Parity holds/);
    assert.doesNotMatch(text, /stand-in/);

    assert.equal(git("worktree", "list").trim().split("\n").length, 1);
    const kept = join(folder, ".tandem");
    assert.deepEqual(existsSync(kept) ? readdirSync(kept).map((name) => basename(name)) : [], []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
