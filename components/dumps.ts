import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BackupSettings, JobSettings } from "../config/schema";
import type { DumpKind } from "./dumps/containers";
import { declareDumpClock } from "./dumps-clock";
import { DRILL_SCHEMA, dumpKey, dumpLogRole, dumpRoleArn } from "./dumps-keys";
import { DumpRoles } from "./dumps-roles";
import { type DumpedDatabase, declareDumpTask } from "./dumps-task";
import type { Guard } from "./guard";
import { pathName, type Scope, tags } from "./names";

export interface DumpsArgs {
  readonly scope: Scope;
  readonly settings: BackupSettings;
  /** By key. */
  readonly databases: Readonly<Record<string, DumpedDatabase & { readonly secretArn: pulumi.Input<string> }>>;
  /** Whether the environment is on. Off, nothing starts by itself. */
  readonly enabled: boolean;
  /** Databases that stand still on purpose: nothing dumps or drills them. @default none */
  readonly resting?: readonly string[] | undefined;
  /** Whether a database may be replaced by anonymised data of production. */
  readonly refreshable: boolean;
  /** Starts the tasks and watches over them. */
  readonly guard: Pick<Guard, "functionArn" | "groupName" | "callerRoleArn" | "deadLetterArn" | "namespace">;
  /** The locked bucket. */
  readonly bucket: pulumi.Input<string>;
  readonly bucketArn: pulumi.Input<string>;
  /** Who is told of a schedule that is silent. */
  readonly topicArn: pulumi.Input<string>;
  /** Days that logs are kept. */
  readonly logDays: number;
}

/**
 * A dump of every database each night, which can be read without AWS; what restores one beside what stands; and a
 * drill that does so by the clock. Tasks of public images on Fargate, each started and watched by the guard.
 */
export class Dumps extends pulumi.ComponentResource {
  /** Physical names of the schedules, by what the guard calls them. */
  public readonly scheduleNames: Readonly<Record<string, pulumi.Output<string>>>;
  /** Where each database's tasks write, by key. */
  public readonly logGroupNames: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: DumpsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:backups:Dumps", name, {}, opts);
    const { scope, databases, bucketArn } = args;
    const keys = Object.keys(databases).sort();

    const roles = new DumpRoles(
      `${name}-roles`,
      { scope, databases: keys, secretArns: keys.map((key) => at(databases, key).secretArn), bucketArn },
      { parent: this },
    );
    const made = keys.map((key) => declareDatabase(this, name, args, roles, key));

    this.scheduleNames = Object.assign({}, ...made.map(({ schedules }) => schedules));
    this.logGroupNames = Object.fromEntries(made.map(({ key, log }) => [key, log.name]));
    this.registerOutputs({ scheduleNames: this.scheduleNames, logGroupNames: this.logGroupNames });
  }
}

/** What the guard watches of them. */
export function dumpSchedules(settings: BackupSettings, databases: readonly string[]) {
  if (!settings.dumps.enabled) return {};
  const watched = (everySeconds: number) => ({ by: "aws" as const, everySeconds });
  return Object.fromEntries(
    databases.flatMap((key) => [
      [dumpKey("dump", key), watched(settings.everySeconds)],
      [dumpKey("drill", key), watched(settings.drill.everySeconds)],
    ]),
  );
}

/** The roles that the guard hands on when it starts one: by name, for it stands before they do. */
export function dumpRunners(scope: Scope) {
  const runner = (role: "writer" | "reader") => ({
    roles: {
      executionArn: pulumi.output(dumpRoleArn(scope, "execution")),
      taskArn: pulumi.output(dumpRoleArn(scope, role)),
    },
  });
  return { dumps: runner("writer"), restores: runner("reader") };
}

const FROM_ENVIRONMENT = { question: "The environment that the dump is of, where it is another one" };
const RESTORE = {
  BACKUP: { question: "The dump: dumps/<database>/<time>, or latest", default: "latest" },
  MAX_AGE: { question: "Seconds that it may be old", default: "" },
};

/** What whoever starts one may say. */
export const DUMP_INPUTS: Readonly<Record<DumpKind, JobSettings["inputs"]>> = {
  dump: {},
  restore: {
    ...RESTORE,
    FROM_ENVIRONMENT: { ...FROM_ENVIRONMENT, default: "" },
    INTO: { question: "The new schema's name", default: "" },
    THROW_AWAY: { question: "yes drops it once it was compared", default: "" },
  },
  anonymise: RESTORE,
  refresh: { ...RESTORE, FROM_ENVIRONMENT: { ...FROM_ENVIRONMENT, default: "prod" } },
};

/** What one database has: a log, its tasks by the clock and by hand, and their schedules. */
function declareDatabase(parent: Dumps, name: string, args: DumpsArgs, roles: DumpRoles, key: string) {
  const { scope, settings, bucket } = args;
  const log = new aws.cloudwatch.LogGroup(
    `${name}-${key}-log`,
    {
      name: pathName(scope, dumpLogRole(key)),
      retentionInDays: args.logDays,
      tags: tags(scope, dumpLogRole(key)),
    },
    { parent },
  );
  const task = (logical: string, kind: DumpKind, role: string, more: object) =>
    declareDumpTask(
      logical,
      {
        scope,
        kind,
        key,
        role,
        database: at(args.databases, key),
        settings,
        bucket,
        logGroup: log.name,
        executionRoleArn: roles.executionArn,
        taskRoleArn: kind === "dump" ? roles.writerArn : roles.readerArn,
        ...more,
      },
      parent,
    );
  for (const kind of kindsOf(args, key))
    task(`${name}-${key}-${kind}`, kind, `job-${dumpKey(kind, key)}`, { inputs: DUMP_INPUTS[kind] });

  const timed = (
    as: "dump" | "drill",
    kind: DumpKind,
    on: boolean,
    more: object,
    what: string,
    cron: string,
  ) => {
    const scheduled = dumpKey(as, key);
    const definition = task(`${name}-${key}-${as}-task`, kind, `schedule-${scheduled}`, more);
    const { enabled, resting = [], guard, topicArn } = args;
    const rests = resting.includes(key);
    const { timeZone } = settings;
    const schedule = declareDumpClock(
      `${name}-${key}-${as}-clock`,
      { scope, key: scheduled, what, cron, timeZone, enabled: enabled && on && !rests, guard, topicArn },
      definition,
      parent,
    );
    return [scheduled, schedule.name] as const;
  };
  const schedules = Object.fromEntries([
    timed("dump", "dump", true, {}, `The dump of database ${key}`, settings.cron),
    timed(
      "drill",
      "restore",
      settings.drill.enabled,
      DRILL,
      `The drill of database ${key}`,
      settings.drill.cron,
    ),
  ]);
  return { key, log, schedules };
}

/** The newest dump, into a schema of its own that goes again. */
const DRILL = {
  inputs: DUMP_INPUTS.restore,
  fixed: { THROW_AWAY: "yes", INTO: DRILL_SCHEMA },
};

/** What is started by hand here. */
function kindsOf({ settings, refreshable }: DumpsArgs, key: string): readonly DumpKind[] {
  return [
    "dump",
    "restore",
    ...(key in settings.anonymise ? (["anonymise"] as const) : []),
    ...(refreshable ? (["refresh"] as const) : []),
  ];
}

function at<T>(map: Readonly<Record<string, T>>, key: string): T {
  return map[key] as T;
}
