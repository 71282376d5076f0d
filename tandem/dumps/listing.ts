import { newestDrill } from "../status/dumped";
import { answerOf } from "../status/known";
import { bucketOf, type DumpDesk } from "./desk";
import type { Dump } from "./manifest";
import { dumpsOf, noneYet } from "./wishes";
import { listWords } from "./words";

/** The dumps of an environment, for people and for machines. */
export interface Listed {
  readonly text: string;
  readonly dumps: readonly object[];
}

/** @param asked one database only */
export async function listed(desk: DumpDesk, asked?: string): Promise<Listed> {
  const { settings } = desk;
  const dumps = await dumpsOf(desk, asked);
  const databases = new Set([
    ...(asked === undefined ? Object.keys(settings.databases) : [asked]),
    ...dumps.map(({ manifest }) => manifest.database),
  ]);
  const blocks = [...databases].sort().map((database) => ({
    database,
    dumps: dumps.filter(({ manifest }) => manifest.database === database),
    none: noneYet(desk, database),
  }));
  return {
    text: listWords(desk, blocks, await drillsOf(desk, [...databases])),
    dumps: dumps.map(forMachines),
  };
}

async function drillsOf(desk: DumpDesk, databases: readonly string[]) {
  const bucket = bucketOf(desk);
  const files = {
    keys: (prefix: string) => desk.cloud.keys(bucket, prefix),
    text: (key: string) => desk.cloud.text(bucket, key),
  };
  const drills = await answerOf(() =>
    Promise.all(databases.map(async (key) => [key, await newestDrill(files, key)] as const)),
  );
  return Object.fromEntries(drills);
}

function forMachines({ backup, age, proved, manifest }: Dump) {
  const { environment, database, schema, time, bytes, sha256, head, rows, anonymised, doubts } = manifest;
  return {
    environment,
    database,
    backup,
    time,
    age,
    bytes,
    sha256,
    schema,
    head,
    rows,
    anonymised,
    proved,
    doubts,
  };
}
