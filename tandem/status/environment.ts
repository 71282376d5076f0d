import { dumpKey } from "../../components/dumps-keys";
import { physicalName, type Scope } from "../../components/names";
import type { Settings } from "../../config/settings";

type Outputs = Readonly<Record<string, unknown>>;

/** One environment: what its configuration says, and what its last `up` said. */
export interface Environment {
  readonly settings: Settings;
  /** @default it does not stand yet */
  readonly outputs: Outputs | undefined;
  /** The present instant, ISO 8601. */
  readonly now: string;
}

export const scopeOf = ({ project, environment, region, accountId }: Settings): Scope => ({
  project,
  environment,
  region,
  accountId,
});

/** A process and the service that it runs as. */
export interface Service {
  readonly application: string;
  readonly process: string;
  readonly serviceName: string;
}

export function servicesOf(settings: Settings): readonly Service[] {
  const scope = scopeOf(settings);
  return Object.entries(settings.applications).flatMap(([application, { processes }]) =>
    Object.keys(processes).map((process) => ({
      application,
      process,
      serviceName: physicalName(scope, `${application}_${process}`, 255),
    })),
  );
}

/** A database as the environment's outputs name it. */
export interface NamedDatabase {
  readonly key: string;
  readonly schema: string;
  readonly identifier: string;
}

export const databasesOf = ({ outputs }: Environment): readonly NamedDatabase[] =>
  Object.entries(group(outputs?.databases)).map(([key, found]) => {
    const { host, schema } = group(found);
    return { key, schema: String(schema), identifier: String(host).split(".")[0] ?? "" };
  });

/** What runs by the clock: when, and in which time zone. */
export interface Clock {
  readonly key: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly on: boolean;
  /** The longest time between two runs, in seconds. */
  readonly everySeconds: number;
  /** Its name in EventBridge Scheduler; absent where another clock starts it, or it does not stand yet. */
  readonly name?: string;
}

/** Schedules that the guard watches: the team's own, and those of dumps and drills. */
export function clocksOf({ settings, outputs }: Environment): readonly Clock[] {
  const { schedules, applications, enabled, databases, backups } = settings;
  const names = { ...group(outputs?.schedules), ...group(group(outputs?.dumps).schedules) };
  const named = ({ key, cron, timeZone, on, everySeconds }: Omit<Clock, "name">): Clock => {
    const name = text(names[key]);
    return { key, cron, timeZone, on, everySeconds, ...(name === undefined ? {} : { name }) };
  };
  const { cron, timeZone, everySeconds, drill } = backups;
  const dumped = backups.dumps.enabled ? Object.keys(databases) : [];
  return [
    ...Object.entries(schedules).map(([key, said]) =>
      named({
        key,
        ...said,
        on: enabled && said.enabled && applications[said.application]?.enabled === true,
      }),
    ),
    ...dumped.flatMap((key) => [
      named({ key: dumpKey("dump", key), cron, timeZone, everySeconds, on: enabled }),
      named({ key: dumpKey("drill", key), ...drill, timeZone, on: enabled && drill.enabled }),
    ]),
  ];
}

export const group = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

export const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** The one container of every task, as components/task.ts names it: that file brings all of Pulumi's AWS along. */
export const CONTAINER = "app";

/** `sha256:...` of an image that is named by it. */
export const digestIn = (image: string | undefined): string | undefined => image?.split("@")[1];
