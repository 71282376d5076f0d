import type { DumpKind } from "./dumps/containers";
import { physicalName, type Scope } from "./names";

/** What a dump's tasks are called by the guard: the double hyphen is one that no key of a team has. */
export const dumpKey = (kind: DumpKind | "drill", database: string): string => `${kind}--${database}`;

/** What a drill restores into, and drops again; what other drills restore into begins with it. */
export const DRILL_SCHEMA = "tandem_drill";

/** Where every task of a database's dumps writes. */
export const dumpLogRole = (database: string): string => dumpKey("dump", database);

const ROLES = ["execution", "writer", "reader"] as const;

/** The role that ECS starts them with, the one that takes dumps, the one that restores. */
export type DumpRole = (typeof ROLES)[number];

/** Physical names, known before the roles are: who may hand them on is declared earlier than they are. */
export function dumpRoleName(scope: Scope, role: DumpRole): string {
  return physicalName(scope, `dump--${role}`, 64);
}

export function dumpRoleArn(scope: Scope, role: DumpRole): string {
  return `arn:aws:iam::${scope.accountId}:role/${dumpRoleName(scope, role)}`;
}
