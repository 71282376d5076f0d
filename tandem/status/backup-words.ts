import type { Known } from "./known";
import type { BackupStatus, DrillPoint, DumpPoint } from "./status";
import { ago, instant, span } from "./time-words";

/** The newest of each kind, with its age and what proves it. */
export function backupLines(status: BackupStatus, at: string): readonly string[] {
  const { database, snapshot, release, anySecondUntil, dump } = status;
  const point = (it: { at: string; state: string } | undefined) =>
    it === undefined
      ? "none"
      : `${instant(it.at)} (${ago(it.at, at)})${it.state === "available" ? "" : `, ${it.state}`}`;
  return [
    `${database}:`,
    `  snapshot ${said(snapshot, point)}`,
    `  before the release ${said(release, point)}`,
    `  any second until ${said(anySecondUntil, (until) => (until === undefined ? "never" : instant(until)))}`,
    `  dump ${said(dump, (it) => (it === undefined ? "none" : proof(it, at)))}`,
  ];
}

export const drillLines = (
  { database, drill }: Pick<BackupStatus, "database" | "drill">,
  at: string,
): readonly string[] => [
  `${database}: ${said(drill, (it) => (it === undefined ? "none yet" : outcome(it, at)))}`,
];

export const sizeOf = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

function proof({ at: taken, bytes, rows, doubts }: DumpPoint, at: string): string {
  const found = doubts === "" ? "checked whole" : `doubtful: ${doubts}`;
  return `${instant(taken)} (${ago(taken, at)}), ${sizeOf(bytes)}, ${rows} rows, ${found}`;
}

function outcome({ at: ended, ok, seconds, age }: DrillPoint, at: string): string {
  const took = seconds === undefined ? "" : `, restored in ${seconds} s`;
  const old = age === undefined ? "" : ` from a dump ${span(age * 1000)} old`;
  return `${ok ? "well" : "failed"}, ${instant(ended)} (${ago(ended, at)})${took}${old}`;
}

const said = <T>(row: Known<T>, text: (value: T) => string): string =>
  "value" in row ? text(row.value) : `not known: ${row.unknown}`;
