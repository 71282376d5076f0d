import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { Guard, type GuardArgs } from "./guard";
import { FILES } from "./guard/function";
import { ofType, record } from "./recorder";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };

const args = (more: Partial<GuardArgs> = {}): GuardArgs => ({
  scope,
  schedules: {
    ocr: { by: "aws", everySeconds: 86_400 },
    upload: { by: "aws", everySeconds: 604_800 },
    scrape: { by: "github", everySeconds: 86_400 },
  },
  door: false,
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
    "aws:lambda/permission:Permission": 1,
    "aws:scheduler/schedule:Schedule": 2,
    "aws:cloudwatch/eventRule:EventRule": 1,
    "aws:cloudwatch/eventTarget:EventTarget": 1,
    "aws:cloudwatch/metricAlarm:MetricAlarm": 2,
  });
});

test("the function runs the sources beside it in the environment's network, and failed calls end as dead letters", async () => {
  const recorded = await declared();
  const lambda = ofType(recorded, "aws:lambda/function:Function").guard;
  assert.equal(lambda?.runtime, "nodejs22.x");
  assert.equal(lambda?.handler, "handler.handler");
  const files = readdirSync(join(__dirname, "guard")).filter((file) => file.endsWith(".js"));
  assert.deepEqual(FILES.map((file) => `${file}.js`).sort(), files.sort());
  assert.equal(typeof require("./guard/handler.js").handler, "function");
  assert.deepEqual(lambda?.environment, {
    variables: {
      NAME: "shop-prod",
      SCHEDULES: "shop-prod-schedule-",
      JOBS: "shop-prod-job-",
      LOG_GROUP: "/shop/prod/guard",
      QUEUE: "guard-dead-letters-id",
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

test("the function may start schedules and jobs and stop tasks in its own cluster, and pass only the applications' roles", async () => {
  const may = statements(await declared(), "guard-role-policy");
  const inCluster = { ArnEquals: { "ecs:cluster": "arn:cluster" } };
  assert.deepEqual(may.Start?.Resource, [
    "arn:aws:ecs:eu-west-3:222222222222:task-definition/shop-prod-schedule-*:*",
    "arn:aws:ecs:eu-west-3:222222222222:task-definition/shop-prod-job-*:*",
  ]);
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
      // GitHub is late by hours on busy days, and AWS knows nothing of its clock but a parameter.
      scrape: { parameter: "/shop/prod/schedules/scrape", within: 108_000 },
    },
  });
});

test("where there are only jobs, nothing is watched for silence", async () => {
  const rounds = ofType(await declared({ schedules: {} }), "aws:scheduler/schedule:Schedule");
  assert.deepEqual(Object.keys(rounds), ["guard-sweep"]);
});

test("the guard hears of failures, failed starts and time-outs of schedules and jobs; a person's stop is none", async () => {
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
  // The whole event, to the function: a rule that spoke to the topic itself would tell twice what comes twice.
  assert.deepEqual(notice, {
    rule: "shop-prod-task-bad-ends",
    targetId: "guard",
    arn: "arn:aws:test:eu-west-3:111111111111:guard",
  });
  const permission = ofType(recorded, "aws:lambda/permission:Permission")["guard-bad-ends"];
  assert.equal(permission?.principal, "events.amazonaws.com");
  assert.equal(permission?.sourceArn, "arn:aws:test:eu-west-3:111111111111:guard-bad-ends");
});

test("a guard that is no longer called is told of, and a new one is not", async () => {
  const alarm = ofType(await declared(), "aws:cloudwatch/metricAlarm:MetricAlarm")["guard-silent"];
  assert.equal(alarm?.treatMissingData, "missing");
  assert.deepEqual(alarm?.insufficientDataActions, ["arn:topic"]);
  assert.deepEqual(alarm?.dimensions, { FunctionName: "shop-prod-guard" });
});

test("what the guard cannot tell is told by an alarm on what it leaves lying", async () => {
  const alarm = ofType(await declared(), "aws:cloudwatch/metricAlarm:MetricAlarm")["guard-untold"];
  assert.deepEqual([alarm?.namespace, alarm?.evaluationPeriods], ["AWS/SQS", 3]);
  assert.deepEqual(alarm?.dimensions, { QueueName: "shop-prod-schedules-dead-letters" });
});

test("people and GitHub get a door of their own: the same source, which does only what they may ask", async () => {
  let guard: Guard | undefined;
  const recorded = await record(() => {
    guard = new Guard("guard", args({ door: true }));
  });
  const { "guard-door": door, guard: own } = ofType(recorded, "aws:lambda/function:Function");
  const variables = (of: typeof door) =>
    (of?.environment as { variables: Record<string, string> } | undefined)?.variables;
  assert.equal(door?.name, "shop-prod-jobs");
  assert.equal(door?.role, own?.role);
  assert.deepEqual(variables(door), { ...variables(own), DOOR: "open" });
  assert.equal(variables(own)?.DOOR, undefined);
  assert.notEqual(guard?.door, undefined);
  assert.equal(Object.keys(ofType(await declared(), "aws:lambda/function:Function")).length, 1);
});
