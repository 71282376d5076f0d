import { z } from "zod";

/** What components/dumps/dumping.sh writes beside each dump. */
const manifest = z.object({
  format: z.literal(1),
  project: z.string(),
  environment: z.string(),
  database: z.string(),
  schema: z.string(),
  /** When it was begun: the moment that it shows. */
  time: z.iso.datetime(),
  bytes: z.int().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  server: z.string(),
  /** The newest migration; empty where the application has none. */
  head: z.string(),
  anonymised: z.boolean(),
  completed: z.literal(true),
  /** Why it may lack something; empty where nothing says so. */
  doubts: z.string(),
  rows: z.record(z.string(), z.int().min(0)),
});

export type Manifest = z.output<typeof manifest>;

/** A manifest; undefined for a text that is none. */
export function readManifest(text: string): Manifest | undefined {
  try {
    return manifest.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** One dump of the bucket, as `backups` lists it. */
export interface Dump {
  /** `dumps/<database>/<time>`: what `restore` and `export` take. */
  readonly backup: string;
  readonly manifest: Manifest;
  /** Seconds. */
  readonly age: number;
  /** Whether it was found whole and as large as the ones before. */
  readonly proved: boolean;
}

/** `<prefix>/<database>/<time>/manifest.json`, with the first three apart. */
export const MANIFEST_KEY = /^(dumps|anonymised)\/([a-z][a-z0-9-]*)\/(\d{8}T\d{6}Z)\/manifest\.json$/;
