import { execFile, spawn } from "node:child_process";
import { accessSync, constants, readFileSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, sep } from "node:path";

/** A Pulumi CLI that can be run. */
export interface Cli {
  readonly path: string;
  /** As it says itself, such as `v3.265.0`. */
  readonly version: string;
}

/** Why there is none, in one line. */
export interface NoCli {
  readonly reason: string;
}

export interface Search {
  /** @default the environment of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** How long a program may take to answer, and the download to end, in milliseconds. @default 10000 */
  readonly limit?: number;
  /** The npm package `pulumi`, which downloads its CLI on first use. @default the installed one */
  readonly wrapper?: string;
}

const LIMIT = 10_000;
const EXECUTABLE = process.platform === "win32" ? "pulumi.exe" : "pulumi";

/**
 * The Pulumi CLI: the one on the PATH, else the one that the npm package `pulumi` has downloaded, else it is
 * downloaded now, within the limit. Never asks and never hangs.
 */
export async function findCli({
  env = process.env,
  limit = LIMIT,
  wrapper,
}: Search = {}): Promise<Cli | NoCli> {
  const home = wrapper ?? dirname(require.resolve("pulumi/package.json"));
  for (const path of [...onPath(env, home), downloaded(env, home)]) {
    const cli = await answering(path, env, limit);
    if (cli) return cli;
  }
  return download(env, home, limit);
}

/** Without the npm package's own script, which npm puts on the PATH of what it runs: it would download. */
function onPath(env: NodeJS.ProcessEnv, wrapper: string): string[] {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = folders.map((folder) => join(folder, EXECUTABLE));
  return candidates.filter((path) => isExecutable(path) && !isWrapper(path, wrapper));
}

function isWrapper(path: string, wrapper: string): boolean {
  const real = realpathSync(path);
  return real.startsWith(realpathSync(wrapper) + sep) || readHead(real).startsWith("#!/usr/bin/env node");
}

/** Where the npm package puts its CLI, and looks for it. */
function downloaded(env: NodeJS.ProcessEnv, wrapper: string): string {
  const manifest = JSON.parse(readFileSync(join(wrapper, "package.json"), "utf8")) as { version: string };
  const home = env.PULUMI_HOME || join(homedir(), ".pulumi");
  return join(home, "versions", env.PULUMI_VERSION || manifest.version, "bin", EXECUTABLE);
}

/** The CLI at a path, if there is one and it says its version. */
function answering(path: string, env: NodeJS.ProcessEnv, limit: number): Promise<Cli | undefined> {
  if (!isExecutable(path)) return Promise.resolve(undefined);
  const options = {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: limit,
    killSignal: "SIGKILL",
  } as const;
  return new Promise((resolve) => {
    execFile(path, ["version"], options, (error, stdout) => {
      const version = /^v\d+\.\d+\.\d+\S*/.exec(stdout)?.[0];
      resolve(error === null && version !== undefined ? { path, version } : undefined);
    });
  });
}

function download(env: NodeJS.ProcessEnv, wrapper: string, limit: number): Promise<Cli | NoCli> {
  // In a process group of its own: the wrapper runs a shell that runs a download, and all of them have to end.
  const child = spawn(process.execPath, [join(wrapper, "run.js"), "version"], {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  return new Promise((resolve) => {
    const slow = setTimeout(() => {
      endGroup(child.pid);
      resolve({
        reason: `no Pulumi CLI, and downloading it took more than ${limit / 1000} s: run npx pulumi version once`,
      });
    }, limit);
    child.on("error", (error) => resolve({ reason: `no Pulumi CLI: ${error.message}` }));
    child.on("close", async (code) => {
      clearTimeout(slow);
      const cli = code === 0 ? await answering(downloaded(env, wrapper), env, limit) : undefined;
      resolve(cli ?? { reason: `no Pulumi CLI: ${why(said)}` });
    });
  });
}

function why(said: string): string {
  const last = said
    .trim()
    .split("\n")
    .at(-1)
    ?.replace(/^pulumi: /, "");
  return last === undefined || last === "" ? "it cannot be downloaded" : `it cannot be downloaded (${last})`;
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile() && statSync(path).size > 0;
  } catch {
    return false;
  }
}

function readHead(path: string): string {
  return readFileSync(path).subarray(0, 64).toString("latin1");
}
