import { z } from "zod";
import { drillLines, sizeOf } from "../status/backup-words";
import { known } from "../status/known";
import type { DrillPoint } from "../status/status";
import { instant, span } from "../status/time-words";
import type { DumpDesk } from "./desk";
import type { Dump } from "./manifest";
import type { Answer } from "./tasks";

/** What the tasks say beyond `ok`: components/dumps/ writes it. */
const dumped = z.object({
  backup: z.string(),
  time: z.string(),
  bytes: z.number(),
  tables: z.number(),
  rows: z.number(),
  head: z.string(),
});
const loaded = dumped.omit({ bytes: true }).extend({ age: z.number(), seconds: z.number() });
const restored = loaded.extend({ into: z.string(), events: z.number() });
const refreshed = loaded.extend({ schema: z.string(), before: z.string() });

export type Loaded = z.output<typeof loaded>;
export type Restored = z.output<typeof restored>;

/** What a restore said that went well; undefined where it says too little. */
export const restoredIn = (answer: Answer): Restored | undefined => restored.safeParse(answer).data;

const number = (value: number) => value.toLocaleString("en");

const contents = ({ tables, rows, head }: Pick<Loaded, "tables" | "rows" | "head">) =>
  `${number(tables)} ${tables === 1 ? "table" : "tables"}, ${number(rows)} rows${head === "" ? "" : `, newest migration ${head}`}`;

/** The two numbers that a plan for emergencies is made of. */
const measures = ({ time, age, seconds }: Loaded) => [
  `  Age (RPO): ${span(age * 1000)}. What was written after ${instant(time)} is not in it.`,
  `  Duration (RTO): ${seconds} s, from fetching the dump to the last comparison.`,
];

const unread = (what: string) => `${what}. It gave no numbers that this version reads.`;

export function backedUpWords(answer: Answer, what: string, flags: string): string {
  const { data } = dumped.safeParse(answer);
  if (data === undefined) return unread(`${what} was dumped`);
  return [
    `${what} was dumped: ${data.backup}`,
    `  ${sizeOf(data.bytes)}, ${contents(data)}, as of ${instant(data.time)}.`,
    "  Proof: it was unpacked and read to its end, it is as large as those before, and it arrived with its checksum.",
    `  It cannot be deleted before its time. To look into it: npx tandem export <database> ${data.backup} --to <folder>${flags}`,
  ].join("\n");
}

export function restoredWords(data: Restored, former: string): string {
  return [
    `${data.backup} stands in the schema ${data.into}, beside ${former}, which was not touched and goes on.`,
    `  Compared with what was dumped: ${contents(data)}; and all data by checksum, where the same program read it.`,
    ...measures(data),
    ...(data.events === 0
      ? []
      : [
          `  ${data.events} event(s) sleep in it, for those of ${former} go on. Once it is served: ALTER EVENT ... ENABLE here, DISABLE there.`,
        ]),
  ].join("\n");
}

export function drilledWords(answer: Answer, what: string): string {
  const { data } = loaded.safeParse(answer);
  if (data === undefined) return unread(`The drill of ${what} went well`);
  return [
    `The drill of ${what} went well: ${data.backup} was restored, compared (${contents(data)}) and dropped again.`,
    ...measures(data),
    "  Is that good enough for you? A younger dump: a more frequent backups.cron. A faster one: a larger backups.dumps.cpu or databases.<key>.size.",
  ].join("\n");
}

export function refreshedWords(answer: Answer): string {
  const { data } = refreshed.safeParse(answer);
  if (data === undefined) return unread("The sandbox has production's data, anonymised");
  return [
    `The sandbox's ${data.schema} has production's data, anonymised by your table: ${contents(data)}, as of ${instant(data.time)}.`,
    `  What it had before stays in ${data.before} until the next refresh. Files in buckets are not carried along.`,
    "  Next: npx tandem verify --real, and sign in: everybody's password and mail are other ones now, unless your table keeps them.",
  ].join("\n");
}

/** What failed, and what to do. */
export function failedWords(what: string, { problems }: Answer, log: string): string {
  return [
    `${what}:`,
    ...problems.map((problem) => `  - ${problem}`),
    `What the application uses was not touched. The log: ${log}`,
    "Once that is put right, the same command begins anew and takes up what this one left.",
  ].join("\n");
}

/** The dumps of an environment as a list for people. */
export function listWords(
  { settings, now }: DumpDesk,
  byDatabase: readonly {
    readonly database: string;
    readonly dumps: readonly Dump[];
    readonly none: string;
  }[],
  drills: Readonly<Record<string, DrillPoint | undefined>>,
): string {
  const blocks = byDatabase.map(({ database, dumps, none }) => {
    const drill = drills[database];
    return [
      dumps.length === 0 ? none : `${settings.environment}, database ${database}:`,
      ...dumps.map((dump) => `  ${lineOf(dump)}`),
      ...(drill === undefined
        ? []
        : drillLines({ database: "last drill", drill: known(drill) }, now).map((line) => `  ${line}`)),
    ].join("\n");
  });
  return blocks.length === 0 ? `${settings.environment} has no database.` : blocks.join("\n");
}

function lineOf({ backup, manifest, age, proved }: Dump): string {
  const rows = Object.values(manifest.rows).reduce((one, other) => one + other, 0);
  return [
    backup,
    `${span(age * 1000)} old`,
    sizeOf(manifest.bytes),
    `${number(rows)} rows`,
    ...(manifest.head === "" ? [] : [manifest.head]),
    proved ? "checked whole" : `doubtful: ${manifest.doubts}`,
  ].join("  ");
}
