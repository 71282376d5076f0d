import type { Posture } from "../components/posture";
import type { EnvironmentName } from "../config/settings";

/**
 * The one table of what sandbox and production do differently by nature. Sizes and counts are the team's and
 * stand in Pulumi.<stack>.yaml; here stands what protects production and keeps the sandbox cheap.
 */
const TABLE: { readonly [K in keyof Posture]: Row<Posture[K]> } = {
  common: { sandbox: false, prod: true, because: "what exists once is declared once, by production" },
  multiAz: {
    sandbox: false,
    prod: true,
    because: "production survives the loss of a data centre; it doubles the price",
  },
  deletionProtection: { sandbox: false, prod: true, because: "the sandbox is thrown away and made again" },
  finalSnapshot: { sandbox: false, prod: true, because: "what production held outlives its database" },
  databaseBackupDays: { sandbox: 7, prod: 30, because: "production restores to any second of a month" },
  flowLogs: { sandbox: false, prod: true, because: "an incident in production has to be reconstructed" },
  logDays: {
    sandbox: 14,
    prod: 90,
    because: "incidents are found late; sandbox logs are read the same week",
  },
  secretRecoveryDays: { sandbox: 0, prod: 30, because: "a name in recovery blocks making the sandbox again" },
  forceDestroy: { sandbox: true, prod: false, because: "a sandbox with objects can be destroyed" },
  lockDays: { sandbox: 1, prod: 30, because: "nobody deletes a production backup before its time" },
  noindex: { sandbox: true, prod: false, because: "search engines see production only" },
  containerInsights: { sandbox: false, prod: true, because: "metrics by task cost money" },
  reviewed: { sandbox: false, prod: true, because: "a person approves what reaches users" },
};

interface Row<Value> {
  readonly sandbox: Value;
  readonly prod: Value;
  readonly because: string;
}

export function postureOf(environment: EnvironmentName): Posture {
  const values = Object.entries(TABLE).map(([name, row]) => [name, row[environment]]);
  return Object.fromEntries(values) as unknown as Posture;
}

/** Why the two differ in a row of the table. */
export const reasonFor = (row: keyof typeof TABLE): string => TABLE[row].because;
