/**
 * Installs what is missing, then runs one TypeScript file of this project: `node launch.cjs <file> [argument...]`.
 * The only file that has to run before anything is installed, hence plain JavaScript without dependencies.
 */
const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const root = __dirname;
const stamp = join(root, "node_modules", ".tandem-installed");

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`tandem needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(69);
}

/** What is installed is known by the lock file that it was installed from. */
function install() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  process.stderr.write("Installing what is missing (once, about a minute)...\n");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const done = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    encoding: "utf8",
  });
  if (done.status !== 0) {
    process.stderr.write(
      `${done.stdout ?? ""}${done.stderr ?? done.error ?? ""}\nnpm ci failed; nothing was changed.\n`,
    );
    process.exit(done.status ?? 70);
  }
  writeFileSync(stamp, wanted);
}

requireNode();
install();
const [file, ...words] = process.argv.slice(2);
const run = spawnSync(process.execPath, ["--import", "tsx", join(root, file), ...words], {
  stdio: "inherit",
});
if (run.signal) process.kill(process.pid, run.signal);
process.exitCode = run.status ?? 70;
