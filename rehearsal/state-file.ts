import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";

export const VERSION = 1;

export type Kind = "stack" | "cloud";

export interface StateFile {
  readonly version: number;
  readonly kind: Kind;
  /** Which key the secrets are sealed with; see `Sealer`. */
  readonly encryptionSalt: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** The salt that a file was sealed with, for making a `Sealer` that opens it. @returns undefined without a file */
export function saltOf(path: string): string | undefined {
  return readStateFile(path)?.encryptionSalt;
}

/** @returns undefined where there is no file */
export function readStateFile(path: string): StateFile | undefined {
  if (!existsSync(path)) return undefined;
  const former = existsSync(`${path}.bak`) ? `; the one before is ${path}.bak` : "";
  let file: StateFile;
  try {
    file = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new Error(`${path} is no state file (it is not JSON)${former}`);
  }
  if (file.version !== VERSION)
    throw new Error(`${path} has version ${file.version}, this is for ${VERSION}${former}`);
  return file;
}

/** Whoever reads finds the old file or the new one, never half of one; the old one stays as `.bak`. */
export function replaceFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    const handle = openSync(draft, "w", 0o600);
    try {
      writeSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    if (existsSync(path)) copyFileSync(path, `${path}.bak`);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}
