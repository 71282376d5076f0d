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

export interface OfficeHoursArgs {
  readonly scope: Scope;
  readonly hours: OfficeSettings;
  /** By the key that is their own in the environment. */
  readonly services: Readonly<Record<string, KeptService>>;
  /** Instances that are ours to stop; only those that stop. */
  readonly databases: readonly pulumi.Input<string>[];
  /** The schedules that pause, in the environment's group. */
  readonly schedules: readonly KeptSchedule[];
  /** The group that the schedules stand in. */
  readonly groupName: string;
  readonly clusterArn: pulumi.Input<string>;
  readonly clusterName: pulumi.Input<string>;
  /** Who is told when it fails. */
  readonly topicArn: pulumi.Input<string>;
  /** Days that logs are kept. */
  readonly logDays: number;
}

/**
 * Puts an environment to sleep outside its hours. One small function looks every five minutes, and on request: it
 * brings about what the hours say instead of remembering what is left to do, so that an interrupted call, a
 * deployment at night or AWS's own restart of a database is put right by the next round.
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
    const rounds = { scope, who: "keeper", what: "round", rate: "rate(5 minutes)", lambda };
    declareRounds(this, name, rounds);
    for (const [key, alarm] of Object.entries(alarmsOf(lambda.name)))
      createAlarm(name, { scope, key, alarm, topicArn }, this);

    this.functionName = lambda.name;
    this.registerOutputs({ functionName: this.functionName });
  }
}

/** What differs between the declaration and what the keeper makes of it is the keeper's. */
const KEEPERS: Readonly<Record<string, readonly string[]>> = {
  "aws:ecs/service:Service": ["desiredCount"],
  "aws:appautoscaling/target:Target": ["minCapacity", "maxCapacity"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["actionsEnabled"],
  "aws:scheduler/schedule:Schedule": ["state"],
};

/**
 * For all that stands under office hours: an `up` at night leaves asleep what sleeps, and new counts reach what runs
 * through the keeper. What an `up` makes anew at night runs until the keeper's next round, five minutes at most.
 */
export const leftToTheKeeper =
  ({ schedules }: Pick<OfficeSettings, "schedules">): pulumi.ResourceTransformation =>
  ({ type, name, props, opts }) => {
    const paused = schedules === "pause" && name.startsWith("schedules-");
    const left = type.startsWith("aws:scheduler/") && !paused ? undefined : KEEPERS[type];
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

function keptOf({ hours, services, databases, schedules }: OfficeHoursArgs): pulumi.Output<Kept> {
  const { from, to, days, timeZone } = hours;
  const counted = Object.values(
    mapValues(services, ({ serviceName, count, max }) =>
      pulumi.all([serviceName, count]).apply(([name, least]) => [name, copies(least, max)] as const),
    ),
  );
  const alarms = [...QUIET, ...(hours.databases ? ["database-"] : [])];
  return pulumi
    .all([pulumi.all(counted), pulumi.all([...databases]), pulumi.all(schedules.map(({ name }) => name))])
    .apply(([pairs, instances, names]) => ({
      hours: { from, to, days, timeZone },
      services: Object.fromEntries(pairs),
      databases: instances,
      schedules: Object.fromEntries(names.map((name, index) => [name, schedules[index]?.on === true])),
      alarms,
    }));
}

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
        "The keeper of the office hours has failed for 15 minutes: what should sleep or wake up does not.",
      metric: "Errors",
      periods: 3,
      beyond: { above: 0 },
    },
    "keeper-silent": {
      ...lambda,
      description: "The keeper of the office hours has not been called for half an hour.",
      metric: "Invocations",
      periods: 6,
      beyond: { below: 1 },
      missing: "missing",
    },
  } as const;
}
