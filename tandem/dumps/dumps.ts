import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { CommandError } from "../errors";
import type { DumpCloud } from "./clouds";
import { type Dump, MANIFEST_KEY, readManifest } from "./manifest";

/** What is in the bucket, the newest first. A dump without a manifest is none, and not listed. */
export async function listDumps(
  cloud: DumpCloud,
  bucket: string,
  now: string,
  {
    database,
    prefix = "dumps",
  }: { readonly database?: string; readonly prefix?: "dumps" | "anonymised" } = {},
): Promise<readonly Dump[]> {
  const under = database === undefined ? `${prefix}/` : `${prefix}/${database}/`;
  const keys = (await cloud.keys(bucket, under)).filter((key) => MANIFEST_KEY.test(key));
  const dumps = await Promise.all(keys.map((key) => dumpAt(cloud, bucket, key, now)));
  return dumps
    .filter((dump) => dump !== undefined)
    .sort((one, other) => other.manifest.time.localeCompare(one.manifest.time));
}

async function dumpAt(cloud: DumpCloud, bucket: string, key: string, now: string): Promise<Dump | undefined> {
  const manifest = readManifest(await cloud.text(bucket, key));
  if (manifest === undefined) return undefined;
  return {
    backup: key.slice(0, -"/manifest.json".length),
    manifest,
    age: Math.round((Date.parse(now) - Date.parse(manifest.time)) / 1000),
    proved: manifest.doubts === "",
  };
}

/**
 * The dump that is meant: `latest`, which is the newest beyond doubt, or one by its name.
 *
 * @throws CommandError with those that there are, where it is none of them
 */
export function chosen(dumps: readonly Dump[], wanted: string): Dump {
  const found =
    wanted === "latest" ? dumps.find(({ proved }) => proved) : dumps.find(({ backup }) => backup === wanted);
  if (found) return found;
  const there = dumps.slice(0, 5).map(({ backup }) => backup);
  throw new CommandError(
    `There is no dump ${wanted}. ${there.length > 0 ? `The newest are: ${there.join(", ")}.` : "There is none at all."}`,
  );
}

/**
 * Brings a dump onto this machine: `dump.sql.gz` and its manifest in a folder of its own, which only this user
 * reads. What does not have the manifest's checksum is deleted again.
 */
export async function exportDump(cloud: DumpCloud, bucket: string, { backup, manifest }: Dump, into: string) {
  const folder = join(into, backup.replaceAll("/", "-"));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "dump.sql.gz");
  await cloud.download(bucket, `${backup}/dump.sql.gz`, file);
  const sha256 = await digestOf(file);
  if (sha256 !== manifest.sha256) {
    rmSync(folder, { recursive: true });
    throw new CommandError(`${backup} arrived as something else: its checksum is not its manifest's.`);
  }
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify(manifest, undefined, 2)}\n`, {
    mode: 0o600,
  });
  return { folder, file, sha256 };
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
