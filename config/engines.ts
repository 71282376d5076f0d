/**
 * MySQL on RDS: the lines that can be created without extended support.
 * Source: AWS's support calendar as of November 2026 (8.0's standard support ended on 2026-07-31).
 */
export const MYSQL_LINES = {
  "8.4": { name: "8.4 LTS", supportedUntil: "2029-07-31" },
} as const;

export type MysqlLine = keyof typeof MYSQL_LINES;

/** The newest long-term support line: what a database gets when its configuration names none. */
export const DEFAULT_MYSQL: MysqlLine = "8.4";

/** The supported line that a version such as `8.4` or `8.4.7` belongs to; undefined when there is none. */
export function mysqlLine(version: string): MysqlLine | undefined {
  const line = version.split(".").slice(0, 2).join(".");
  return Object.hasOwn(MYSQL_LINES, line) ? (line as MysqlLine) : undefined;
}

/** The supported lines in words, for messages. */
export function supportedMysql(): string {
  return Object.values(MYSQL_LINES)
    .map(({ name, supportedUntil }) => `${name} (until ${supportedUntil})`)
    .join(", ");
}
