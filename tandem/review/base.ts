import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "../child";
import { CommandError } from "../errors";
import { emptyMemory, type Memory } from "../in-process";
import { openMemory } from "../memory";
import { type Project, passphrase } from "../project";
import { type Worktree, withWorktree } from "./worktree";

/** What stands before a change, as its own program brings it up on simulated clouds. */
export interface Base {
  readonly memory: Memory;
  readonly remarks: readonly string[];
}

/** A rehearsal of both environments takes some seconds; a busy machine may take longer. */
const LIMIT = 180_000;

/**
 * Rehearses a commit with its own program in a process of its own, without credentials.
 *
 * @param head the project as it is here; its world is the one that both live in
 * @returns empty clouds and a remark where that commit cannot be rehearsed
 */
export function rehearsedBase(ref: string, head: Project, example: string | undefined): Promise<Base> {
  return withWorktree(ref, async (tree) => {
    const failed = await rehearse(tree, example);
    const folder = join(tree.root, ".tandem", head.name, "process");
    const remarks = [`The base is commit ${tree.commit}.`, ...tree.remarks];
    if (failed === undefined && existsSync(join(folder, "cloud.json")))
      try {
        return { memory: openMemory(head, folder).memory, remarks };
      } catch (error) {
        return nothing(head, remarks, (error as Error).message);
      }
    return nothing(head, remarks, failed ?? `it holds no project ${head.name}`);
  });
}

function nothing(head: Project, remarks: readonly string[], why: string): Base {
  const remark = `The base cannot be rehearsed, so that everything is shown as new: ${why}`;
  return { memory: emptyMemory(head), remarks: [...remarks, remark] };
}

/** @returns why it failed, if it did */
async function rehearse({ root }: Worktree, example: string | undefined): Promise<string | undefined> {
  mkdirSync(join(root, ".tandem"), { recursive: true });
  // The way that TypeScript of every age loads.
  const words = ["--import", "tsx", join(root, "tandem", "main.ts"), "rehearse"];
  const asked = [...(example === undefined ? [] : [example]), "--engine", "process", "--fresh"];
  const child = run({
    path: process.execPath,
    words: [...words, ...asked],
    cwd: root,
    env: environment(),
  });
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    child.kill();
  }, LIMIT);
  const { code, stderr, interrupted } = await child.ended.finally(() => clearTimeout(limit));
  if (interrupted) throw new CommandError("interrupted: nothing was kept");
  if (late) return `it took more than ${LIMIT / 1000} s`;
  return code === 0 ? undefined : stderr.trim().replaceAll(root, ".") || `it ended with code ${code}`;
}

/** Without what this process may know of accounts: a rehearsal needs none. */
function environment(): NodeJS.ProcessEnv {
  const secret = /^(PULUMI|AWS|CLOUDFLARE|GITHUB|GH|ACTIONS|NPM|NODE_AUTH)_|TOKEN|SECRET|PASSWORD/i;
  const kept = Object.entries(process.env).filter(([name]) => !secret.test(name));
  return { ...Object.fromEntries(kept), PULUMI_CONFIG_PASSPHRASE: passphrase() };
}
