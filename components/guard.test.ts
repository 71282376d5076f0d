import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { Guard, type GuardArgs } from "./guard";
import { ofType, record } from "./recorder";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };

const args = (more: Partial<GuardArgs> = {}): GuardArgs => ({
  scope,
  schedules: { ocr: { everySeconds: 86_400 }, upload: { everySeconds: 604_800 } },
  applications: {
    web: {
      roles: { executionArn: pulumi.output("arn:web-execution"), taskArn: pulumi.output("arn:web-task") },
    },
  },
  clusterArn: "arn:cluster",
  clusterName: "shop-prod",
  subnetIds: ["subnet-1", pulumi.output("subnet-2")],
  assignPublicIp: true,
  securityGroupId: "sg-1",
  topicArn: "arn:topic",
  logDays: 90,
  ...more,
});

const declared = (more: Partial<GuardArgs> = {}) => record(() => new Guard("guard", args(more)));

interface Statement {
  Sid: string;
  Action: string[];
  Resource: string | string[];
  Condition?: object;
}

function statements(
  recorded: Awaited<ReturnType<typeof declared>>,
  policy: string,
): Record<string, Statement> {
  const text = ofType(recorded, "aws:iam/rolePolicy:RolePolicy")[policy]?.policy as string;
  return Object.fromEntries(JSON.parse(text).Statement.map((s: Statement) => [s.Sid, s]));
}

test("the guard is one function, its two roles, its rounds and what tells of failures", async () => {
  const counts: Record<string, number> = {};
  for (const { type } of await declared()) counts[type] = (counts[type] ?? 0) + 1;
  assert.deepEqual(counts, {
    "aws:scheduler/scheduleGroup:ScheduleGroup": 1,
    "aws:sqs/queue:Queue": 1,
    "aws:cloudwatch/logGroup:LogGroup": 1,
    "aws:iam/role:Role": 2,
    "aws:iam/rolePolicy:RolePolicy": 2,
    "aws:lambda/function:Function": 1,
    "aws:scheduler/schedule:Schedule": 2,
    "aws:cloudwatch/eventRule:EventRule": 1,
    "aws:cloudwatch/eventTarget:EventTarget": 1,
    "aws:cloudwatch/metricAlarm:MetricAlarm": 1,
  });
});

test("the function runs handler.js in the environment's network, and failed calls end as dead letters", async () => {
  const recorded = await declared();
  const lambda = ofType(recorded, "aws:lambda/function:Function").guard;
  assert.equal(lambda?.runtime, "nodejs22.x");
  assert.equal(lambda?.handler, "index.handler");
  assert.equal(typeof require("./guard/handler.js").handler, "function");
  assert.deepEqual(lambda?.environment, {
    variables: {
      CLUSTER: "arn:cluster",
      SUBNETS: "subnet-1,subnet-2",
      SECURITY_GROUP: "sg-1",
      ASSIGN_PUBLIC_IP: "ENABLED",
      TOPIC: "arn:topic",
      NAMESPACE: "tandem/shop-prod",
    },
  });
  assert.deepEqual(lambda?.deadLetterConfig, {
    targetArn: "arn:aws:test:eu-west-3:111111111111:guard-dead-letters",
  });
  assert.equal(ofType(recorded, "aws:sqs/queue:Queue")["guard-dead-letters"]?.sqsManagedSseEnabled, true);
});

test("the function may start schedules and stop tasks in its own cluster, and pass only the applications' roles", async () => {
  const may = statements(await declared(), "guard-role-policy");
  const inCluster = { ArnEquals: { "ecs:cluster": "arn:cluster" } };
  assert.equal(
    may.Start?.Resource,
    "arn:aws:ecs:eu-west-3:222222222222:task-definition/shop-prod-schedule-*:*",
  );
  assert.deepEqual(may.Start?.Condition, inCluster);
  assert.equal(may.Tasks?.Resource, "arn:aws:ecs:eu-west-3:222222222222:task/shop-prod/*");
  assert.deepEqual(may.Tasks?.Condition, inCluster);
  assert.deepEqual(may.Pass?.Resource, ["arn:web-execution", "arn:web-task"]);
  assert.deepEqual(may.Pass?.Condition, {
    StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
  });
  assert.equal(may.Tell?.Resource, "arn:topic");
  const open = Object.values(may).filter(({ Resource }) => Resource === "*");
  assert.deepEqual(
    open.map(({ Sid }) => Sid),
    ["List", "Definitions", "Measure", "Read"],
  );
});

test("EventBridge Scheduler may call the function and leave dead letters, for this group only", async () => {
  const recorded = await declared();
  const may = statements(recorded, "guard-caller-policy");
  assert.deepEqual(
    Object.values(may).map(({ Action }) => Action),
    [["lambda:InvokeFunction"], ["sqs:SendMessage"]],
  );
  const trusted = ofType(recorded, "aws:iam/role:Role")["guard-caller"]?.assumeRolePolicy as string;
  const [statement] = JSON.parse(trusted).Statement;
  assert.deepEqual(statement.Principal, { Service: "scheduler.amazonaws.com" });
  assert.deepEqual(statement.Condition.StringEquals, {
    "aws:SourceAccount": "222222222222",
    "aws:SourceArn": "arn:aws:test:eu-west-3:111111111111:guard-group",
  });
});

test("every minute it ends what is over its time; every quarter it looks for silent schedules", async () => {
  const rounds = ofType(await declared(), "aws:scheduler/schedule:Schedule");
  const target = (name: string) => rounds[name]?.target as { input: string } | undefined;
  assert.equal(rounds["guard-sweep"]?.scheduleExpression, "rate(1 minute)");
  assert.equal(rounds["guard-watch"]?.scheduleExpression, "rate(15 minutes)");
  assert.deepEqual(JSON.parse(target("guard-watch")?.input ?? ""), {
    do: "watch",
    group: "shop-prod",
    schedules: {
      ocr: { name: "shop-prod-ocr", within: 90_000 },
      upload: { name: "shop-prod-upload", within: 608_400 },
    },
  });
});

test("where there are only jobs, nothing is watched for silence", async () => {
  const rounds = ofType(await declared({ schedules: {} }), "aws:scheduler/schedule:Schedule");
  assert.deepEqual(Object.keys(rounds), ["guard-sweep"]);
});

test("failures, failed starts and time-outs of schedules and jobs are told once; a person's stop is not", async () => {
  const recorded = await declared();
  const rule = ofType(recorded, "aws:cloudwatch/eventRule:EventRule")["guard-bad-ends"];
  const { detail } = JSON.parse(rule?.eventPattern as string);
  assert.deepEqual(detail.clusterArn, ["arn:cluster"]);
  assert.deepEqual(detail.group, [
    { prefix: "family:shop-prod-schedule-" },
    { prefix: "family:shop-prod-job-" },
  ]);
  assert.deepEqual(detail.$or, [
    {
      stopCode: ["EssentialContainerExited"],
      containers: { exitCode: [{ "anything-but": [0] }, { exists: false }] },
    },
    { stopCode: ["TaskFailedToStart", "SpotInterruption", "TerminationNotice"] },
    { stopCode: ["UserInitiated"], stoppedReason: [{ wildcard: "*Time-out:*" }] },
  ]);
  const notice = ofType(recorded, "aws:cloudwatch/eventTarget:EventTarget")["guard-bad-ends-notice"];
  assert.equal(notice?.arn, "arn:topic");
});

test("a guard that is no longer called is told of, and a new one is not", async () => {
  const alarm = ofType(await declared(), "aws:cloudwatch/metricAlarm:MetricAlarm")["guard-silent"];
  assert.equal(alarm?.treatMissingData, "missing");
  assert.deepEqual(alarm?.insufficientDataActions, ["arn:topic"]);
  assert.deepEqual(alarm?.dimensions, { FunctionName: "shop-prod-guard" });
});
