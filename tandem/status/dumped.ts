import { MANIFEST_KEY, readManifest } from "../dumps/manifest";
import { group } from "./environment";
import type { Files } from "./files";
import type { DrillPoint, DumpPoint } from "./status";

/** The newest dump of a database whose manifest can be read: a dump without one is none. */
export async function newestDump(files: Files, database: string): Promise<DumpPoint | undefined> {
  const keys = (await files.keys(`dumps/${database}/`)).filter((key) => MANIFEST_KEY.test(key)).sort();
  for (const key of keys.reverse()) {
    const manifest = readManifest((await files.text(key)) ?? "");
    if (manifest !== undefined) {
      const { time, bytes, doubts, rows } = manifest;
      const sum = Object.values(rows).reduce((one, other) => one + other, 0);
      return { name: key.slice(0, -"/manifest.json".length), at: time, bytes, rows: sum, doubts };
    }
  }
  return undefined;
}

/** The time that a report's name begins with, and its end. */
const DRILL = /\/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-drill\.json$/;

/** What the last drill said of itself: it leaves a report when it failed, too. */
export async function newestDrill(files: Files, database: string): Promise<DrillPoint | undefined> {
  const keys = (await files.keys(`reports/${database}/`)).filter((key) => DRILL.test(key)).sort();
  const key = keys.at(-1);
  if (key === undefined) return undefined;
  const said = parsed((await files.text(key)) ?? "");
  const [, year, month, day, hour, minute, second] = DRILL.exec(key) ?? [];
  return {
    at: `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`,
    ok: said.ok === true,
    ...(typeof said.seconds === "number" ? { seconds: said.seconds } : {}),
    ...(typeof said.age === "number" ? { age: said.age } : {}),
  };
}

function parsed(report: string): Readonly<Record<string, unknown>> {
  try {
    return group(JSON.parse(report));
  } catch {
    return {};
  }
}
