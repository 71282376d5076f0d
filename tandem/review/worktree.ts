import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { CommandError, EXIT } from "../errors";
import { ROOT } from "../project";

/** Another commit of this project, checked out beside it. */
export interface Worktree {
  /** The project's root in it. */
  readonly root: string;
  /** The commit, twelve digits. */
  readonly commit: string;
  /** What about it is not as it was, for people. */
  readonly remarks: readonly string[];
}

/** Git answers at once, or something is wrong. */
const LIMIT = 60_000;

/**
 * Checks a commit out below `.tandem`, does something with it and takes it away again, whatever happens.
 *
 * @throws CommandError where git does not know the commit
 */
export async function withWorktree<T>(ref: string, work: (tree: Worktree) => Promise<T>): Promise<T> {
  const commit = commitOf(ref);
  const kept = join(ROOT, ".tandem");
  mkdirSync(kept, { recursive: true });
  const folder = mkdtempSync(join(kept, "review-"));
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
    // Only what git remembers of folders that are gone.
    git("worktree", "prune");
  };
  process.on("exit", remove);
  try {
    git("worktree", "add", "--detach", "--quiet", join(folder, "tree"), commit);
    const root = join(folder, "tree", git("rev-parse", "--show-prefix"));
    return await work({ root, commit: commit.slice(0, 12), remarks: modules(root) });
  } finally {
    process.off("exit", remove);
    remove();
  }
}

function commitOf(ref: string): string {
  // What begins with a dash would be an option.
  if (ref.startsWith("-")) throw new CommandError(`${ref} is no commit.`, EXIT.usage);
  try {
    return git("rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`);
  } catch {
    throw new CommandError(
      `git knows no commit ${ref} here: fetch it first (git fetch origin ${ref}), or give another to --base.`,
      EXIT.usage,
    );
  }
}

/** The other commit's program runs with the modules that are installed here. */
function modules(root: string): readonly string[] {
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"), "junction");
  const lock = (folder: string) => {
    const file = join(folder, "package-lock.json");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  };
  return lock(root) === lock(ROOT)
    ? []
    : ["The packages differ between base and head: the base ran with the head's packages."];
}

function git(...words: readonly string[]): string {
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0" };
  // A repository's hooks are somebody's own business.
  return execFileSync("git", ["-c", "core.hooksPath=/dev/null", ...words], {
    cwd: ROOT,
    encoding: "utf8",
    timeout: LIMIT,
    stdio: ["ignore", "pipe", "pipe"],
    env,
  }).trim();
}
