import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { OfficeSettings } from "../config/schema/office";
import { mapValues } from "./collections";
import { declareFunction, noteNames } from "./keeper/function";
import type { Kept } from "./keeper/policies";
import { createAlarm } from "./metric-alarm";
import { type Scope, tags } from "./names";
import { declareRounds } from "./rounds";

/** How many copies of a process are meant to run while it is awake. */
export interface KeptService {
  readonly serviceName: pulumi.Input<string>;
  /** The least, where load decides. */
  readonly count: pulumi.Input<number>;
  /** The most, where load decides. @default the count is fixed */
  readonly max?: number | undefined;
}

export interface KeptSchedule {
  /** Its physical name. */
  readonly name: pulumi.Input<string>;
  /** Whether it is on while the environment is awake. */
  readonly on: boolean;
}

/** An instance that is ours to stop. */
export interface KeptDatabase {
  readonly identifier: pulumi.Input<string>;
  /** Whether it runs while the environment is awake; otherwise nothing that is on asks it. */
  readonly on: boolean;
}

export interface OfficeHoursArgs {
  readonly scope: Scope;
  /** Whether the environment is on: off, nothing wakes it. */
  readonly on: boolean;
  /** When it is awake. @default always: only alarms are kept, during a maintenance */
  readonly hours?: OfficeSettings | undefined;
  /** By the key that is their own in the environment. */
  readonly services: Readonly<Record<string, KeptService>>;
  /** Only those that stop. */
  readonly databases: readonly KeptDatabase[];
  /** The schedules that pause, in the environment's group. */
  readonly schedules: readonly KeptSchedule[];
  /** The group that the schedules stand in. */
  readonly groupName: string;
  readonly clusterArn: pulumi.Input<string>;
  readonly clusterName: pulumi.Input<string>;
  /** Whose alarms are quiet while an application is closed: components/maintenance-alarms.ts. */
  readonly maintenance: Kept["maintenance"];
  /** Alarms that are quiet while all of them are closed. */
  readonly shared: Kept["shared"];
  /** Where the switches lie that close applications. */
  readonly switches: { readonly bucket: pulumi.Input<string>; readonly arn: pulumi.Input<string> };
  /** Who is told when it fails. */
  readonly topicArn: pulumi.Input<string>;
  /** Days that logs are kept. */
  readonly logDays: number;
}

/**
 * Puts an environment to sleep outside its hours, and keeps alarms quiet that speak of an application in maintenance.
 * One small function looks every minute, and on request: it brings about what hours and switches say instead of
 * remembering what is left to do, so that an interrupted call, a deployment at night or AWS's own restart of a
 * database is put right by the next round.
 */
export class OfficeHours extends pulumi.ComponentResource {
  /** The function that people ask to keep it awake, or to let it sleep. */
  public readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: OfficeHoursArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:office:OfficeHours", name, {}, opts);
    const { scope, topicArn } = args;

    const names = noteNames(scope);
    const note = (key: "asked" | "done", description: string) =>
      declareNote(this, `${name}-${key}`, scope, names[key], description);
    const notes = {
      asked: note("asked", "Until when somebody keeps the environment awake, or asleep").name,
      done: note("done", "What the keeper of the office hours did last").name,
    };
    const lambda = declareFunction(this, name, args, keptOf(args), notes);
    // An alarm that a maintenance sets off speaks after three minutes.
    const rounds = { scope, who: "keeper", what: "round", rate: "rate(1 minute)", lambda };
    declareRounds(this, name, rounds);
    for (const [key, alarm] of Object.entries(alarmsOf(lambda.name)))
      createAlarm(name, { scope, key, alarm, topicArn }, this);

    this.functionName = lambda.name;
    this.registerOutputs({ functionName: this.functionName });
  }
}

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** What differs between the declaration and what the keeper makes of it is the keeper's. */
const KEEPERS: Readonly<Record<string, readonly string[]>> = {
  "aws:ecs/service:Service": ["desiredCount"],
  "aws:appautoscaling/target:Target": ["minCapacity", "maxCapacity"],
  [ALARM]: ["actionsEnabled"],
  "aws:scheduler/schedule:Schedule": ["state"],
};

/**
 * For all that the keeper keeps: an `up` during a maintenance leaves quiet what is quiet; under office hours, one at
 * night leaves asleep what sleeps, and new counts reach what runs through the keeper. What an `up` makes anew runs,
 * or speaks, until the keeper's next round, a minute at most.
 *
 * @param hours undefined where the environment is always awake
 */
export const leftToTheKeeper =
  (hours: Pick<OfficeSettings, "schedules"> | undefined): pulumi.ResourceTransformation =>
  ({ type, name, props, opts }) => {
    const paused = hours?.schedules === "pause" && name.startsWith("schedules-");
    const kept = type.startsWith("aws:scheduler/") ? paused : hours !== undefined || type === ALARM;
    const left = kept ? KEEPERS[type] : undefined;
    if (left === undefined) return undefined;
    return {
      props,
      opts: { ...opts, ignoreChanges: [...new Set([...(opts.ignoreChanges ?? []), ...left])] },
    };
  };

function declareNote(
  parent: pulumi.Resource,
  name: string,
  scope: Scope,
  path: string,
  description: string,
): aws.ssm.Parameter {
  return new aws.ssm.Parameter(
    name,
    { name: path, description, type: "String", insecureValue: "{}", tags: tags(scope, name) },
    // The function writes it: a deployment must not forget what somebody asked for.
    { parent, ignoreChanges: ["insecureValue", "value"] },
  );
}

function keptOf(args: OfficeHoursArgs): pulumi.Output<Kept> {
  const { on, hours, services, databases, schedules, maintenance, shared } = args;
  const counted = Object.values(
    mapValues(services, ({ serviceName, count, max }) =>
      pulumi.all([serviceName, count]).apply(([name, least]) => [name, copies(least, max)] as const),
    ),
  );
  const stopped = databases.map(({ identifier }) => identifier);
  return pulumi
    .all([pulumi.all(counted), pulumi.all(stopped), pulumi.all(schedules.map(({ name }) => name))])
    .apply(([pairs, instances, names]) => ({
      on,
      hours: hours && wall(hours),
      services: Object.fromEntries(pairs),
      databases: Object.fromEntries(instances.map((id, index) => [id, databases[index]?.on === true])),
      schedules: Object.fromEntries(names.map((name, index) => [name, schedules[index]?.on === true])),
      alarms: hours === undefined ? [] : [...QUIET, ...(hours.databases ? ["database-"] : [])],
      maintenance,
      shared,
    }));
}

const wall = ({ from, to, days, timeZone }: OfficeSettings) => ({ from, to, days, timeZone });

/** Alarms of what sleeps. Backups, certificate, guard and keeper go on being heard. */
const QUIET = ["service-", "balancer-errors", "application-errors", "slow-answers", "probe"];

/** Where nothing may run, load has nothing to decide. */
const copies = (least: number, most: number | undefined) =>
  most === undefined ? least : ([least, least === 0 ? 0 : most] as const);

function alarmsOf(functionName: pulumi.Input<string>) {
  const lambda = {
    namespace: "AWS/Lambda",
    dimensions: { FunctionName: functionName },
    statistic: "Sum",
    period: 300,
  } as const;
  return {
    "keeper-failing": {
      ...lambda,
      description:
        "The keeper has failed for 15 minutes: what should sleep, wake up or be quiet on purpose does not.",
      metric: "Errors",
      periods: 3,
      beyond: { above: 0 },
    },
    "keeper-silent": {
      ...lambda,
      description: "The keeper has not been called for half an hour: nothing sleeps, wakes up or is quiet.",
      metric: "Invocations",
      periods: 6,
      beyond: { below: 1 },
      missing: "missing",
    },
  } as const;
}
