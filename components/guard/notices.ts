import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { GuardArgs } from "../guard";
import { physicalName, tags } from "../names";
import { badEnds } from "./policies";

/** One notice for each scheduled task or job that did not end well. */
export function declareBadEnds(
  parent: pulumi.Resource,
  name: string,
  { scope, clusterArn, topicArn }: GuardArgs,
): void {
  const rule = new aws.cloudwatch.EventRule(
    `${name}-bad-ends`,
    {
      name: physicalName(scope, "task-bad-ends", 64),
      description: "Scheduled tasks and jobs that failed, never started or ran over their time",
      eventPattern: pulumi.jsonStringify(pulumi.output(clusterArn).apply((arn) => badEnds(scope, arn))),
      tags: tags(scope, "task-bad-ends"),
    },
    { parent },
  );
  new aws.cloudwatch.EventTarget(
    `${name}-bad-ends-notice`,
    {
      rule: rule.name,
      targetId: "notices",
      arn: topicArn,
      inputTransformer: {
        inputPaths: {
          group: "$.detail.group",
          reason: "$.detail.stoppedReason",
          code: "$.detail.containers[0].exitCode",
          task: "$.detail.taskArn",
        },
        inputTemplate: '"<group> did not end well: <reason> (exit code <code>). Task <task>."',
      },
    },
    { parent },
  );
}

/**
 * Who watches the watchman: no call for a quarter of an hour. Missing data leads to INSUFFICIENT_DATA, which a
 * new alarm begins in without telling anybody; only falling back into it tells.
 */
export function declareSilence(
  parent: pulumi.Resource,
  name: string,
  { scope, topicArn }: GuardArgs,
  functionName: pulumi.Input<string>,
): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    `${name}-silent`,
    {
      name: physicalName(scope, "guard-silent", 255),
      alarmDescription:
        "The guard has not been called for 15 minutes: schedules may not start, time-outs do not end.",
      namespace: "AWS/Lambda",
      metricName: "Invocations",
      dimensions: { FunctionName: functionName },
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 3,
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      treatMissingData: "missing",
      alarmActions: [topicArn],
      insufficientDataActions: [topicArn],
      tags: tags(scope, "guard-silent"),
    },
    { parent },
  );
}
