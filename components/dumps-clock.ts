import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { schedulerExpression } from "./cron";
import { type Guard, scheduleName } from "./guard";
import { physicalName, type Scope, tags } from "./names";
import { withRunbook } from "./runbook";

export interface DumpClockArgs {
  readonly scope: Scope;
  /** What the guard calls it. */
  readonly key: string;
  /** What it does, for the alarm's text. */
  readonly what: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly enabled: boolean;
  readonly guard: Pick<Guard, "functionArn" | "groupName" | "callerRoleArn" | "deadLetterArn" | "namespace">;
  /** Who is told of its silence. */
  readonly topicArn: pulumi.Input<string>;
}

/**
 * When the guard starts it, and an alarm for when it did not. As every schedule's: no overlap, an end after its
 * time and one notice for a failure come from the guard.
 */
export function declareDumpClock(
  name: string,
  { scope, key, what, cron, timeZone, enabled, guard, topicArn }: DumpClockArgs,
  task: aws.ecs.TaskDefinition,
  parent: pulumi.Resource,
): aws.scheduler.Schedule {
  const silent = `schedule-${key}-silent`;
  new aws.cloudwatch.MetricAlarm(
    `${name}-silent`,
    {
      name: physicalName(scope, silent, 255),
      alarmDescription: withRunbook(`${what} (${cron}, ${timeZone}) has not begun when it was due.`, silent),
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
      tags: tags(scope, silent),
    },
    { parent },
  );
  return new aws.scheduler.Schedule(
    name,
    {
      name: scheduleName(scope, key),
      groupName: guard.groupName,
      scheduleExpression: schedulerExpression(cron),
      scheduleExpressionTimezone: timeZone,
      flexibleTimeWindow: { mode: "OFF" },
      state: enabled ? "ENABLED" : "DISABLED",
      target: {
        arn: guard.functionArn,
        roleArn: guard.callerRoleArn,
        input: JSON.stringify({ do: "start", schedule: key, due: "<aws.scheduler.scheduled-time>" }),
        retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 3600 },
        deadLetterConfig: { arn: guard.deadLetterArn },
      },
    },
    // The guard starts the newest revision: without this it could be due before there is a revision.
    { parent, dependsOn: [task] },
  );
}
