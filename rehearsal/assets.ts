import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Props } from "./types";

/**
 * Puts the hash of an asset's or archive's content beside it, as the engine does: a file that changes
 * under the same path is a change. The hash is stable here; it is not the engine's own for archives.
 *
 * @param asset the wire form: `text`, `path`, `uri` or `assets`, with its signature
 */
export function withHash(asset: Props): Props {
  const hash = createHash("sha256");
  if (typeof asset.text === "string") hash.update(asset.text);
  else if (typeof asset.path === "string") hashPath(hash, asset.path);
  else if (typeof asset.uri === "string") hash.update(asset.uri);
  else hash.update(JSON.stringify(memberHashes(asset.assets)));
  return { ...asset, hash: hash.digest("hex") };
}

function memberHashes(assets: unknown): readonly (readonly [string, unknown])[] {
  const members = Object.entries((assets ?? {}) as Record<string, Props>);
  return members.map(([name, a]) => [name, a.hash ?? withHash(a).hash] as const).sort(byName);
}

function hashPath(hash: ReturnType<typeof createHash>, path: string): void {
  if (!statSync(path).isDirectory()) {
    hash.update(readFileSync(path));
    return;
  }
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  const sorted = files.map((e) => join(e.parentPath, e.name)).sort();
  for (const file of sorted) hash.update(`${file.slice(path.length)}\0`).update(readFileSync(file));
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}
