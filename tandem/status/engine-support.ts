import { MYSQL_LINES, mysqlLine } from "../../config/engines";
import { type Known, known, unknown } from "./known";
import type { DatabaseStatus } from "./status";

/** A database as RDS describes it, its engine and version apart. */
export type DescribedDatabase = Omit<DatabaseStatus, "engine" | "supportedUntil"> & {
  readonly engine: string;
  readonly version: string;
};

/** @param supportedUntil what AWS says of the version @default what this program knows */
export function databaseStatus(
  { engine, version, ...described }: DescribedDatabase,
  supportedUntil: Known<string> = knownSupport(engine, version),
): DatabaseStatus {
  return { ...described, engine: `${engine} ${version}`.trim(), supportedUntil };
}

/** The day that this program knows: a line that it lets nobody create is not in its table. */
export function knownSupport(engine: string, version: string): Known<string> {
  const line = engine === "mysql" ? mysqlLine(version) : undefined;
  return line === undefined
    ? unknown(`${engine} ${version} is not in this program's table of supported versions`)
    : known(MYSQL_LINES[line].supportedUntil);
}
