import { z } from "zod";
import { FARGATE_CPU } from "../fargate";
import { cron, duration, key, longestGap, timeZone } from "../values";

/** A table's or column's name: what needs no quoting inside a text. */
const sqlName = z
  .string()
  .regex(
    /^[\p{L}\p{N}_$ -]{1,64}$/u,
    "a table's or column's name: letters, digits, _, $, - and spaces, 64 at most",
  );

export const ANONYMISATIONS = ["keep", "null", "hash", "mail", "name", "text"] as const;

/** What becomes of a column. YAML reads a bare `null` as nothing, which says the same. */
const column = z
  .union(
    [
      z.enum(ANONYMISATIONS),
      z.null().transform(() => "null" as const),
      z.strictObject({ value: z.union([z.string(), z.number(), z.boolean()]) }),
    ],
    `${ANONYMISATIONS.join(", ")}, or { value: <a text or number that all rows get> }`,
  )
  .transform((said): { action: (typeof ANONYMISATIONS)[number] | "value"; value?: string } =>
    typeof said === "string"
      ? { action: said }
      : {
          action: "value",
          value: typeof said.value === "boolean" ? String(Number(said.value)) : String(said.value),
        },
  );

const TABLE = "drop, empty, or what becomes of every column: { <column>: keep, ... }";
const whole = z.enum(["drop", "empty"], TABLE);
const columns = z.record(sqlName, column, TABLE);

/** Not a union: it would say that the table is wrong, not which column. */
const table = z.unknown().transform((said, context): z.output<typeof whole> | z.output<typeof columns> => {
  const read = typeof said === "string" ? whole.safeParse(said) : columns.safeParse(said);
  if (read.success) return read.data;
  for (const issue of read.error.issues) {
    const message = issue.code === "invalid_key" ? issue.issues[0]?.message : issue.message;
    context.issues.push({ code: "custom", message: message ?? TABLE, path: [...issue.path], input: said });
  }
  return z.NEVER;
});

const dumps = z
  .strictObject({
    /** Off leaves the snapshots of AWS Backup, which restore whole instances only. */
    enabled: z.boolean().default(true),
    /** Ended, and told, after this long; restores too. */
    timeout: duration.pipe(z.number().max(86_400, "at most 24h")).default(4 * 3600),
    cpu: z.literal(FARGATE_CPU, `CPU units: one of ${FARGATE_CPU.join(", ")}`).default(1024),
    /** MiB. */
    memory: z.int().default(2048),
    /** Disk of the task in GiB, where the compressed dump lies for a while. */
    disk: z.int().min(21, "at least 21 GiB").max(200, "at most 200 GiB").default(40),
    /** A dump of less than this part of the last five's median, in percent, is told. */
    least: z.int().min(0).max(100).default(50),
    /** By their full version: tasks fetch them from their public homes. */
    images: z
      .strictObject({
        /** MySQL's own programs, of the servers' line or newer. */
        client: z.string().min(1).default("mysql:8.4.7"),
        /** The AWS CLI. */
        transfer: z.string().min(1).default("amazon/aws-cli:2.36.49"),
      })
      .prefault({}),
  })
  .prefault({});

const drill = z
  .strictObject({
    /** When the newest dump is restored into a throw-away schema, compared and dropped again. */
    cron: cron.default("47 4 * * 0"),
    enabled: z.boolean().default(true),
  })
  .prefault({});

export const backups = z
  .strictObject({
    /** At least every six days: a rarer backup that never starts is told by nobody. */
    cron: cron.default("17 3 * * *"),
    timeZone: timeZone.default("Europe/Paris"),
    /** Days that a backup is kept. */
    keep: z.int().min(1).max(365).default(30),
    /** The logical dump of each database, beside its snapshots, at the same time. */
    dumps,
    drill,
    /** By database and table: what a dump becomes before another environment sees it. @default it sees none */
    anonymise: z.record(key(20), z.record(sqlName, table)).default({}),
  })
  /** The longest time between two backups, in seconds: one is missing when more has passed. */
  .transform((said) => ({
    ...said,
    everySeconds: longestGap(said.cron, said.timeZone),
    drill: { ...said.drill, everySeconds: longestGap(said.drill.cron, said.timeZone) },
  }))
  .prefault({});
