import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import type { DumpCloud } from "./clouds";
import type { Manifest } from "./manifest";
import type { DumpPlace } from "./tasks";

/** What every dump of the bucket holds. */
export const DUMP = Buffer.from("a dump");

export const NOW = "2026-11-22T08:17:00Z";
export const OLD = "dumps/main/20261121T021700Z";
export const NEW = "dumps/main/20261122T021700Z";

const manifest: Manifest = {
  format: 1,
  project: "shop",
  environment: "prod",
  database: "main",
  schema: "Shop",
  time: "2026-11-22T02:17:00Z",
  bytes: 6,
  sha256: createHash("sha256").update(DUMP).digest("hex"),
  server: "8.4.6",
  head: "shop.0002",
  anonymised: false,
  completed: true,
  doubts: "",
  rows: { pizza: 3 },
};
/** A manifest as text. */
export const said = (more: Partial<Manifest> = {}) => JSON.stringify({ ...manifest, ...more });

/** For tests: a bucket and a door that are made up, and what was asked of them. */
export function place(objects: Record<string, string>, answers: readonly string[] = []) {
  const asked: unknown[] = [];
  const told = [...answers];
  const cloud: DumpCloud = {
    keys: async (_, prefix) => Object.keys(objects).filter((key) => key.startsWith(prefix)),
    text: async (_, key) => objects[key] as string,
    download: async (_, key, file) => writeFileSync(file, objects[key] as string),
    hand: async (_, key, to, bucket) => to.put(bucket, key, Buffer.from(objects[key] as string)),
    put: async (_, key, body) => {
      objects[key] = Buffer.from(body).toString();
    },
    ask: async (_, payload) => {
      asked.push(payload);
      return { started: { task: `t${asked.length}`, timeout: 60, logGroup: "/log" } };
    },
    ended: async () => true,
    lines: async (_, stream) => ["something else", ...(stream.endsWith("/none") ? [] : [told.shift() ?? ""])],
  };
  const where: DumpPlace = { cloud, door: "door", cluster: "cluster", bucket: "bucket" };
  return { asked, objects, where };
}
