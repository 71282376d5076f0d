/**
 * Installs what is missing, then runs one TypeScript file of this project: `node launch.cjs <file> [argument...]`.
 * The only file that has to run before anything is installed, hence plain JavaScript without dependencies.
 */
const { spawn, spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const root = __dirname;
const COMMANDS = "tandem/main.ts";
const stamp = join(root, "node_modules", ".tandem-installed");

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 20)) return;
  console.error(`tandem needs Node 20.20 or newer; this is ${process.versions.node}.`);
  process.exit(69);
}

/**
 * What is installed is known by the lock file that it was installed from. The commands do without what only
 * development needs, half of it all; what is there already, they leave.
 */
function install(development) {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const present = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
  if (present === `${lock} all` || (present === `${lock} commands` && !development)) return;
  process.stderr.write("Installing what is missing (once, about a minute)...\n");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const words = ["ci", "--no-audit", "--no-fund", "--loglevel=error", ...(development ? [] : ["--omit=dev"])];
  const done = spawnSync(npm, words, { cwd: root, encoding: "utf8" });
  if (done.status !== 0) {
    process.stderr.write(
      `${done.stdout ?? ""}${done.stderr ?? done.error ?? ""}\nnpm ci failed; nothing was changed.\n`,
    );
    process.exit(done.status ?? 70);
  }
  writeFileSync(stamp, `${lock} ${development ? "all" : "commands"}`);
}

requireNode();
const [file, ...words] = process.argv.slice(2);
install(file !== COMMANDS);
const child = spawn(
  process.execPath,
  ["--require", join(root, "typescript.cjs"), join(root, file), ...words],
  {
    stdio: "inherit",
  },
);
// An interrupt reaches all of a terminal at once: what runs puts its things in order, and this waits for it.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  console.error(error.message);
  process.exitCode = 70;
});
child.on("exit", (code, signal) => {
  process.exitCode = code ?? 70;
  if (signal === null) return;
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
