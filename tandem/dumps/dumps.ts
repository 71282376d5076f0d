import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
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
  const why =
    wanted === "latest" && there.length > 0 ? "No dump is beyond doubt" : `There is no dump ${wanted}`;
  throw new CommandError(
    `${why}. ${there.length > 0 ? `The newest are: ${there.join(", ")}.` : "There is none at all."}`,
  );
}

/** What an export leaves; the last one while it arrives. */
const EXPORTED = { dump: "dump.sql.gz", manifest: "manifest.json", part: "dump.sql.gz.part" };

/**
 * Brings a dump onto this machine: `dump.sql.gz` and its manifest in a folder of its own, which only this user
 * reads. The dump has its name only once its checksum is the manifest's; what an interrupted export left is
 * begun anew.
 *
 * @throws CommandError where that folder holds anything else, or cannot be written
 */
export async function exportDump(cloud: DumpCloud, bucket: string, { backup, manifest }: Dump, into: string) {
  const folder = join(into, `${manifest.environment}-${backup.replaceAll("/", "-")}`);
  const [file, part] = [join(folder, EXPORTED.dump), join(folder, EXPORTED.part)];
  readied(folder);
  await cloud.download(bucket, `${backup}/dump.sql.gz`, part);
  const sha256 = await digestOf(part);
  if (sha256 !== manifest.sha256) {
    rmSync(folder, { recursive: true });
    throw new CommandError(`${backup} arrived as something else: its checksum is not its manifest's.`);
  }
  renameSync(part, file);
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  writeFileSync(join(folder, EXPORTED.manifest), text, { mode: 0o600 });
  return { folder, file, sha256 };
}

/** Makes the folder, unless it is there and holds what no export of this dump left. */
function readied(folder: string): void {
  const known: readonly string[] = Object.values(EXPORTED);
  let strange: readonly string[];
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    strange = readdirSync(folder).filter((name) => !known.includes(name));
  } catch (error) {
    throw new CommandError(`${folder} cannot be written: ${(error as Error).message}`);
  }
  if (strange.length > 0)
    throw new CommandError(
      `${folder} is not empty: ${strange.slice(0, 3).join(", ")} is nothing that an export left. Name another folder.`,
    );
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
