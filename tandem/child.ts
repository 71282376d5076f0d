import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";

/** What rehearses has nothing to wait for. */
const GRACE = 10_000;

export interface Command {
  readonly path: string;
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Called with each line of standard output. */
  readonly onLine?: (line: string) => void;
  /** How long an interrupted program may take to put its things in order, in milliseconds. @default 10000 */
  readonly grace?: number;
}

export interface Ended {
  /** Its exit code; undefined where a signal ended it. */
  readonly code: number | undefined;
  readonly stderr: string;
  /** Whether somebody interrupted this process meanwhile. */
  readonly interrupted: boolean;
}

/** A program that never outlives this process. */
export interface Child {
  readonly ended: Promise<Ended>;
  /** Ends it at once, and all that it has started. */
  kill(): void;
}

/** Runs a program. An interrupt of this process is passed on, so that the program can save its state; a second one kills it. */
export function run({ path, words, cwd, env, onLine, grace = GRACE }: Command): Child {
  // Not in this terminal's process group: it would get the interrupt twice, which Pulumi takes for a kill.
  const child = spawn(path, words, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let interrupted = false;
  let stderr = "";
  let patience: NodeJS.Timeout | undefined;
  const kill = () => {
    if (child.pid !== undefined && child.exitCode === null) killTree(child.pid);
  };
  const interrupt = () => {
    if (interrupted) kill();
    else child.kill("SIGINT");
    interrupted = true;
    if (Number.isFinite(grace)) patience ??= setTimeout(kill, grace);
  };
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const lines = createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY });
  if (onLine) lines.on("line", onLine);
  else lines.resume();
  process.on("exit", kill);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, interrupt);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? undefined, stderr, interrupted }));
  }).finally(() => {
    clearTimeout(patience);
    process.off("exit", kill);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, interrupt);
  });
  return { ended, kill };
}

/** Pulumi starts its language host in a group of its own, which would wait for an engine that is gone. */
function killTree(pid: number): void {
  if (process.platform === "win32") {
    spawnSync("taskkill", ["/pid", String(pid), "/t", "/f"], { stdio: "ignore" });
    return;
  }
  for (const each of [pid, ...descendants(pid)]) {
    try {
      process.kill(each, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}

function descendants(root: number): number[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const pairs = (stdout ?? "").split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.flatMap(([pid, ppid]) => (pid !== undefined && ppid === parent ? [pid, ...below(pid)] : []));
  return below(root);
}
