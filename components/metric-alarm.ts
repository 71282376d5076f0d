import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { physicalName, type Scope, tags } from "./names";
import { withRunbook } from "./runbook";

/** One alarm: the metric, and from where on it is one. */
export interface Alarm {
  /** What the mail says: what happened, and where to look. */
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  /** `p95` and the like are percentiles. */
  readonly statistic: "Average" | "Maximum" | "Minimum" | "SampleCount" | "Sum" | `p${number}`;
  /** Seconds of one period, and how many in a row have to be beyond the threshold. */
  readonly period: number;
  readonly periods: number;
  readonly beyond: { readonly above: number } | { readonly below: number };
  /**
   * What silence means: by default that nothing happened. `missing` tells of a silence that begins, not of the
   * one that a new alarm is born into. It is a state of its own: a metric that can be both silent and beyond
   * the threshold would be told twice. @default "notBreaching"
   */
  readonly missing?: "breaching" | "missing" | "notBreaching";
}

export interface MetricAlarmArgs {
  readonly scope: Scope;
  readonly key: string;
  readonly alarm: Alarm;
  /** Who is told, in the alarm's own region. */
  readonly topicArn: pulumi.Input<string>;
  /** Where the metric is known. @default the environment's region */
  readonly region?: string;
}

/** Declares an alarm as `<name>-<key>`. Nobody is told that it is over: success is silent. */
export function createAlarm(name: string, args: MetricAlarmArgs, parent: pulumi.Resource): void {
  const { scope, key, alarm, topicArn, region } = args;
  new aws.cloudwatch.MetricAlarm(
    `${name}-${key}`,
    {
      name: physicalName(scope, key, 255),
      alarmDescription: withRunbook(alarm.description, key),
      namespace: alarm.namespace,
      metricName: alarm.metric,
      dimensions: { ...alarm.dimensions },
      ...statisticArgs(alarm.statistic),
      period: alarm.period,
      evaluationPeriods: alarm.periods,
      ...comparison(alarm.beyond),
      treatMissingData: alarm.missing ?? "notBreaching",
      alarmActions: [topicArn],
      ...(alarm.missing === "missing" ? { insufficientDataActions: [topicArn] } : {}),
      ...(region === undefined ? {} : { region }),
      tags: tags(scope, key),
    },
    { parent },
  );
}

/** A percentile of a handful of answers says nothing: it is ignored until there are enough. */
function statisticArgs(statistic: Alarm["statistic"]) {
  return /^p\d/.test(statistic)
    ? { extendedStatistic: statistic, evaluateLowSampleCountPercentiles: "ignore" }
    : { statistic };
}

function comparison(beyond: Alarm["beyond"]) {
  return "above" in beyond
    ? { comparisonOperator: "GreaterThanThreshold", threshold: beyond.above }
    : { comparisonOperator: "LessThanThreshold", threshold: beyond.below };
}
