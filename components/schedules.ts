import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ScheduleSettings } from "../config/schema";
import { mapValues } from "./collections";
import { schedulerExpression } from "./cron";
import { type Guard, scheduleName } from "./guard";
import { scheduleLabels } from "./guard/labels";
import { clockName } from "./guard/policies";
import { physicalName, type Scope, tags } from "./names";
import { withRunbook } from "./runbook";
import { type RunnableApplication, runnable, taskArgs } from "./runnable";
import { Task } from "./task";

/** A schedule and the longest time between two of its runs, in seconds. */
export type TimedSchedule = ScheduleSettings & { readonly everySeconds: number };

export interface SchedulesArgs {
  readonly scope: Scope;
  readonly schedules: Readonly<Record<string, TimedSchedule>>;
  /** Whether the environment is on. Off, every schedule is DISABLED. */
  readonly enabled: boolean;
  readonly applications: Readonly<Record<string, RunnableApplication>>;
  /** Starts the tasks and watches over them. */
  readonly guard: Pick<Guard, "functionArn" | "groupName" | "callerRoleArn" | "deadLetterArn" | "namespace">;
  /** Who is told of a schedule that is silent. */
  readonly topicArn: pulumi.Input<string>;
}

/**
 * What runs by the clock: a task definition, a schedule that has the guard start it, an alarm for its silence.
 * Where GitHub is the clock, a parameter stands for the schedule: that it is meant to run, and since when.
 */
export class Schedules extends pulumi.ComponentResource {
  /** Physical names of those that EventBridge Scheduler starts, by key. */
  public readonly scheduleNames: Readonly<Record<string, pulumi.Output<string>>>;
  /** By key. */
  public readonly taskDefinitionArns: Readonly<Record<string, pulumi.Output<string>>>;
  public readonly alarmNames: readonly pulumi.Output<string>[];

  constructor(name: string, args: SchedulesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:schedules:Schedules", name, {}, opts);

    const made = mapValues(args.schedules, (settings, key) => {
      const application = runnable(args.applications, `Schedule "${key}"`, settings.application);
      const task = declareTask(this, name, args, key, settings, application);
      const clock = settings.by === "github" ? declareClock : declareSchedule;
      const schedule = clock(this, name, args, key, settings, application, task);
      return { task, schedule, alarm: declareSilence(this, name, args, key, settings) };
    });

    this.scheduleNames = Object.fromEntries(
      Object.entries(made).flatMap(([key, { schedule }]) => (schedule ? [[key, schedule.name]] : [])),
    );
    this.taskDefinitionArns = mapValues(made, ({ task }) => task.taskDefinitionArn);
    this.alarmNames = Object.values(made).map(({ alarm }) => alarm.name);
    this.registerOutputs({ scheduleNames: this.scheduleNames, taskDefinitionArns: this.taskDefinitionArns });
  }
}

function declareTask(
  parent: Schedules,
  name: string,
  { scope }: SchedulesArgs,
  key: string,
  settings: ScheduleSettings,
  application: RunnableApplication,
): Task {
  return new Task(
    `${name}-${key}-task`,
    { ...taskArgs(scope, "schedule", key, settings, application), labels: scheduleLabels(settings) },
    { parent },
  );
}

function declareSchedule(
  parent: Schedules,
  name: string,
  { scope, enabled, guard }: SchedulesArgs,
  key: string,
  settings: TimedSchedule,
  application: RunnableApplication,
  task: Task,
): aws.scheduler.Schedule {
  return new aws.scheduler.Schedule(
    `${name}-${key}`,
    {
      name: scheduleName(scope, key),
      groupName: guard.groupName,
      scheduleExpression: schedulerExpression(settings.cron),
      scheduleExpressionTimezone: settings.timeZone,
      flexibleTimeWindow: { mode: "OFF" },
      state: stateOf(enabled, settings, application),
      target: {
        arn: guard.functionArn,
        roleArn: guard.callerRoleArn,
        // No revision: a deployment does not touch the schedule, whose age the guard goes by.
        input: JSON.stringify({ do: "start", schedule: key, due: "<aws.scheduler.scheduled-time>" }),
        retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 3600 },
        deadLetterConfig: { arn: guard.deadLetterArn },
      },
    },
    // The guard starts the newest revision: without this it could be due before there is a revision.
    { parent, dependsOn: [task] },
  );
}

/**
 * What stands for a schedule that GitHub starts. Like a schedule's, its age says since when it is on or has its
 * present hours: one that was switched on lately is not silent yet.
 */
function declareClock(
  parent: Schedules,
  name: string,
  { scope, enabled }: SchedulesArgs,
  key: string,
  settings: TimedSchedule,
  application: RunnableApplication,
): undefined {
  new aws.ssm.Parameter(
    `${name}-${key}-clock`,
    {
      name: clockName(scope, key),
      description: `Whether GitHub is meant to start schedule ${key}, and when`,
      type: "String",
      // Read in diffs: it is no secret.
      insecureValue: pulumi.interpolate`${stateOf(enabled, settings, application)} ${settings.cron}`,
      tags: tags(scope, `schedule-${key}`),
    },
    { parent },
  );
}

function stateOf(
  enabled: boolean,
  settings: TimedSchedule,
  application: RunnableApplication,
): pulumi.Output<"ENABLED" | "DISABLED"> {
  const on = enabled && application.enabled && settings.enabled;
  return application.released.apply((released) => (on && released ? "ENABLED" : "DISABLED"));
}

const REMEDY = {
  aws: "",
  github:
    " GitHub starts it: it stops schedules after 60 days without a commit. Switch its workflow on again under Actions.",
} as const;

/** The guard measures `Overdue` only while a schedule is silent: no data is good news. */
function declareSilence(
  parent: Schedules,
  name: string,
  { scope, guard, topicArn }: SchedulesArgs,
  key: string,
  { cron, timeZone, by }: TimedSchedule,
): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    `${name}-${key}-silent`,
    {
      name: physicalName(scope, `schedule-${key}-silent`, 255),
      alarmDescription: withRunbook(
        `Schedule ${key} (${cron}, ${timeZone}) has not run when it was due.${REMEDY[by]}`,
        `schedule-${key}-silent`,
      ),
      namespace: guard.namespace,
      metricName: "Overdue",
      dimensions: { Schedule: key },
      statistic: "Maximum",
      // Two of the guard's rounds, so that one that comes late does not end the alarm and begin it anew.
      period: 1800,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      treatMissingData: "notBreaching",
      alarmActions: [topicArn],
      tags: tags(scope, `schedule-${key}-silent`),
    },
    { parent },
  );
}
