import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { GuardArgs } from "../guard";
import { physicalName, tags } from "../names";
import { withRunbook } from "../runbook";
import { badEnds } from "./policies";

/** Each scheduled task or job that did not end well: the guard hears of it, and tells once. */
export function declareBadEnds(
  parent: pulumi.Resource,
  name: string,
  { scope, clusterArn }: GuardArgs,
  guard: aws.lambda.Function,
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
  const permission = new aws.lambda.Permission(
    `${name}-bad-ends`,
    {
      action: "lambda:InvokeFunction",
      function: guard.name,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    },
    { parent },
  );
  new aws.cloudwatch.EventTarget(
    `${name}-bad-ends-notice`,
    { rule: rule.name, targetId: "guard", arn: guard.arn },
    { parent, dependsOn: [permission] },
  );
}

/**
 * Dead letters that stay: the guard takes each out within a minute or two and tells of it, so what lies for a
 * quarter of an hour is what it cannot tell.
 */
export function declareUntold(
  parent: pulumi.Resource,
  name: string,
  { scope, topicArn }: GuardArgs,
  deadLetters: aws.sqs.Queue,
): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    `${name}-untold`,
    {
      name: physicalName(scope, "guard-untold", 255),
      alarmDescription: withRunbook(
        "What failed for good lies in the guard's queue and the guard does not tell: look at its log.",
        "guard-untold",
      ),
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: deadLetters.name },
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 3,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "notBreaching",
      alarmActions: [topicArn],
      tags: tags(scope, "guard-untold"),
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
      alarmDescription: withRunbook(
        "The guard has not been called for 15 minutes: schedules may not start, time-outs do not end.",
        "guard-silent",
      ),
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
