import type { EnvironmentName, Settings } from "../config/settings";
import { agesOf, dueFrom, said, subjectsOf } from "./rotation-subject";

/** One secret of one environment, as people and machines read it. Never a value. */
export interface Row {
  readonly stack: EnvironmentName;
  readonly name: string;
  readonly kind: "generated" | "given" | "database user";
  readonly generation: number;
  /** ISO 8601; absent where the environment does not stand yet. */
  readonly since?: string;
  /** Whole days since then. */
  readonly age?: number;
  /** Days after which it wants rotating. */
  readonly limit?: number;
  readonly over: boolean;
  /** Until when the value before is accepted at least, ISO 8601. @default none is */
  readonly previousUntil?: string;
  readonly usedBy: readonly string[];
}

const DAY = 86_400_000;

/** The secrets of an environment by what it said at the end of its last `up`. */
export function rowsOf(
  settings: Settings,
  outputs: Readonly<Record<string, unknown>> | undefined,
  now: string,
): Row[] {
  const ages = agesOf(outputs);
  const stack = settings.environment;
  return subjectsOf(settings).map((subject) => {
    const { name, kind } = subject;
    const age = ages[name];
    if (age === undefined)
      return { stack, name, kind, generation: said(settings, name).generation, over: false, usedBy: [] };
    const { generation, since, limit, retired, usedBy } = age;
    const days = Math.floor((Date.parse(now) - Date.parse(since)) / DAY);
    return {
      stack,
      name,
      kind,
      generation,
      since,
      age: days,
      limit,
      over: days >= limit,
      usedBy,
      ...(retired ? {} : { previousUntil: dueFrom(age, subject) }),
    };
  });
}

const HEAD = ["", "secret", "kind", "generation", "age", "limit", "value before accepted until", "used by"];

/** The table, its columns as wide as they have to be. */
export function table(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function cells({ stack, name, kind, generation, age, limit, over, previousUntil, usedBy }: Row): string[] {
  return [
    stack,
    name,
    kind,
    String(generation),
    age === undefined ? "not up yet" : `${days(age)}${over ? " (too old)" : ""}`,
    limit === undefined ? "" : days(limit),
    previousUntil?.slice(0, 16).replace("T", " ") ?? "",
    usedBy.join(", ") || (age === undefined ? "" : "nobody"),
  ];
}

const days = (count: number) => (count === 1 ? "1 day" : `${count} days`);

/** What is too old, a line each, with what to do. */
export const tooOld = (rows: readonly Row[]): string[] =>
  rows
    .filter(({ over }) => over)
    .map(
      ({ stack, name, age = 0, limit = 0 }) =>
        `${name} of ${stack} is ${days(age)} old, its limit is ${days(limit)}: npx tandem rotate ${name}`,
    );
