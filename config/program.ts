import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Which program declares an environment. */
export interface ProgramIdentity {
  /** Twelve hexadecimal digits of what its source files hold: equal files, equal program. */
  readonly files: string;
  /** The commit that is checked out, for people. Absent outside of a git checkout. */
  readonly commit?: string;
}

const ROOT = resolve(__dirname, "..");
/** What declares resources: configuration is compared by itself, and commands and rehearsal declare nothing. */
const FOLDERS = ["config", "stacks", "components"];
const FILES = ["index.ts", "config.ts", "package-lock.json"];

let known: ProgramIdentity | undefined;

/** The identity of this program: its files do not change while it runs. */
export function programIdentity(): ProgramIdentity {
  known ??= identify(ROOT);
  return known;
}

/** The identity of the program in a folder. */
export function identify(root: string): ProgramIdentity {
  return { files: hashOf(root), ...commitOf(root) };
}

function hashOf(root: string): string {
  const hash = createHash("sha256");
  const inFolders = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  );
  for (const file of [...FILES, ...inFolders.filter(isProgram)].map(slashed).sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  return hash.digest("hex").slice(0, 12);
}

const isProgram = (file: string) => /\.(ts|js)$/.test(file) && !/\.test(-helper)?\.ts$/.test(file);
const slashed = (file: string) => file.replaceAll("\\", "/");

function commitOf(root: string): { commit?: string } {
  try {
    const words = ["rev-parse", "--verify", "--quiet", "HEAD"];
    const commit = execFileSync("git", words, {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return { commit: commit.trim() };
  } catch {
    return {};
  }
}
