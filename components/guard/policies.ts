import { pathName, physicalName, type Scope } from "../names";

/** What the guard's permissions are about, once known. */
export interface Guarded {
  readonly clusterArn: string;
  readonly clusterName: string;
  readonly topicArn: string;
  readonly queueArn: string;
  /** Execution and task roles of the applications whose tasks it starts. */
  readonly roleArns: readonly string[];
}

/** The families that the guard starts or watches begin with one of these. */
export const familyPrefixes = (scope: Scope) => ({
  schedules: physicalName(scope, "schedule-", 255),
  jobs: physicalName(scope, "job-", 255),
});

/** The parameter that says whether GitHub's clock is meant to start a schedule. */
export const clockName = (scope: Scope, key: string): string => pathName(scope, "schedules", key);

/** Where the guard's own metrics stand. */
export const metricNamespace = (scope: Scope): string => `tandem/${physicalName(scope, "", 200)}`;

/** A statement that allows. */
export const allow = (
  Sid: string,
  Action: string[],
  Resource: string | readonly string[],
  Condition?: object,
) => ({
  Sid,
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition ? { Condition } : {}),
});

/** Start schedules and jobs, stop what runs over its time in this one cluster, measure, tell: nothing else. */
export function guardPolicy(scope: Scope, group: string, logGroupArn: string, on: Guarded) {
  const arn = (service: string, rest: string) =>
    `arn:aws:${service}:${scope.region}:${scope.accountId}:${rest}`;
  const inCluster = { ArnEquals: { "ecs:cluster": on.clusterArn } };
  const toTasks = { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } };
  const ours = { StringEquals: { "cloudwatch:namespace": metricNamespace(scope) } };
  const families = Object.values(familyPrefixes(scope)).map((prefix) =>
    arn("ecs", `task-definition/${prefix}*:*`),
  );
  return {
    Version: "2012-10-17",
    Statement: [
      allow("Start", ["ecs:RunTask"], families, inCluster),
      ...(on.roleArns.length > 0 ? [allow("Pass", ["iam:PassRole"], on.roleArns, toTasks)] : []),
      allow(
        "Tasks",
        ["ecs:DescribeTasks", "ecs:StopTask"],
        arn("ecs", `task/${on.clusterName}/*`),
        inCluster,
      ),
      // These know no narrower resource; where the API has a condition, it narrows them.
      allow("List", ["ecs:ListTasks"], "*", inCluster),
      allow("Definitions", ["ecs:DescribeTaskDefinition"], "*"),
      allow("Measure", ["cloudwatch:PutMetricData"], "*", ours),
      allow("Read", ["cloudwatch:GetMetricStatistics"], "*"),
      allow("Schedules", ["scheduler:GetSchedule"], arn("scheduler", `schedule/${group}/*`)),
      allow("GithubsClock", ["ssm:GetParameter"], arn("ssm", `parameter${clockName(scope, "*")}`)),
      allow("Tell", ["sns:Publish"], on.topicArn),
      allow("DeadLetters", ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"], on.queueArn),
      // Streams are also how it remembers what it told: see tells.js.
      allow("Log", ["logs:CreateLogStream", "logs:DeleteLogStream", "logs:PutLogEvents"], `${logGroupArn}:*`),
    ],
  };
}

/** EventBridge Scheduler may call the guard, and leave what it could not deliver. */
export function schedulerPolicy(functionArn: string, queueArn: string) {
  return {
    Version: "2012-10-17",
    Statement: [
      allow("Call", ["lambda:InvokeFunction"], functionArn),
      allow("DeadLetters", ["sqs:SendMessage"], queueArn),
    ],
  };
}

/** Trust in one AWS service, for this account only. */
export function trust(scope: Scope, service: string, source?: string) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "aws:SourceAccount": scope.accountId,
            ...(source ? { "aws:SourceArn": source } : {}),
          },
        },
      },
    ],
  };
}

/**
 * The ends of a task that somebody has to know: a container that failed or never started, a machine that went
 * away, and the guard's own time-out. Tasks of services are ECS's business; one that a person stopped is known.
 */
export function badEnds(scope: Scope, clusterArn: string) {
  const { schedules, jobs } = familyPrefixes(scope);
  return {
    source: ["aws.ecs"],
    "detail-type": ["ECS Task State Change"],
    detail: {
      clusterArn: [clusterArn],
      lastStatus: ["STOPPED"],
      group: [{ prefix: `family:${schedules}` }, { prefix: `family:${jobs}` }],
      $or: [
        {
          stopCode: ["EssentialContainerExited"],
          containers: { exitCode: [{ "anything-but": [0] }, { exists: false }] },
        },
        { stopCode: ["TaskFailedToStart", "SpotInterruption", "TerminationNotice"] },
        { stopCode: ["UserInitiated"], stoppedReason: [{ wildcard: "*Time-out:*" }] },
      ],
    },
  };
}
