import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Alarm } from "./alarms";
import { physicalName, type Scope, tags } from "./names";

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
      alarmDescription: alarm.description,
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
