import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { ofType, record } from "./recorder";
import type { RunnableApplication } from "./runnable";
import { Schedules, type SchedulesArgs, type TimedSchedule } from "./schedules";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };

const web: RunnableApplication = {
  key: "web",
  enabled: true,
  released: pulumi.output(true),
  image: pulumi.output("registry/web@sha256:1"),
  environment: { variables: { ENV: "PRODUCTION" }, secrets: { SECRET_KEY: "arn:key:current::v1" } },
  roles: { executionArn: pulumi.output("arn:execution"), taskArn: pulumi.output("arn:task") },
  logDays: 90,
};

const ocr: TimedSchedule = {
  application: "web",
  command: ["sh", "-c", "python ocr.py"],
  timeout: 7200,
  cpu: 512,
  memory: 1024,
  cron: "0 7 * * *",
  timeZone: "Europe/Paris",
  overlap: false,
  by: "aws",
  enabled: true,
  everySeconds: 90_000,
};

const args = (more: Partial<SchedulesArgs> = {}): SchedulesArgs => ({
  scope,
  schedules: { ocr },
  enabled: true,
  applications: { web },
  guard: {
    functionArn: pulumi.output("arn:guard"),
    groupName: pulumi.output("shop-prod"),
    callerRoleArn: pulumi.output("arn:caller"),
    deadLetterArn: pulumi.output("arn:dead-letters"),
    namespace: "tandem/shop-prod",
  },
  topicArn: "arn:topic",
  ...more,
});

async function declared(more: Partial<SchedulesArgs> = {}) {
  const recorded = await record(() => new Schedules("schedules", args(more)));
  return { recorded, schedule: ofType(recorded, "aws:scheduler/schedule:Schedule")["schedules-ocr"] };
}

test("a schedule is a task definition with its log, the schedule itself and an alarm for its silence", async () => {
  assert.deepEqual(
    (await declared()).recorded.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort(),
    [
      "LogGroup schedules-ocr-task-log",
      "MetricAlarm schedules-ocr-silent",
      "Schedule schedules-ocr",
      "TaskDefinition schedules-ocr-task",
    ],
  );
});

test("it comes at its own local time and has the guard start it", async () => {
  const { schedule } = await declared();
  assert.equal(schedule?.name, "shop-prod-ocr");
  assert.equal(schedule?.groupName, "shop-prod");
  assert.equal(schedule?.state, "ENABLED");
  assert.equal(schedule?.scheduleExpression, "cron(0 7 * * ? *)");
  assert.equal(schedule?.scheduleExpressionTimezone, "Europe/Paris");
  assert.deepEqual(schedule?.flexibleTimeWindow, { mode: "OFF" });
  const target = schedule?.target as Record<string, unknown>;
  assert.equal(target.arn, "arn:guard");
  assert.equal(target.roleArn, "arn:caller");
  assert.deepEqual(target.deadLetterConfig, { arn: "arn:dead-letters" });
  assert.deepEqual(target.retryPolicy, { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 3600 });
  assert.deepEqual(JSON.parse(target.input as string), {
    do: "start",
    schedule: "ocr",
    due: "<aws.scheduler.scheduled-time>",
  });
});

test("its task is its application's, with its own command, size and time-out", async () => {
  const { recorded } = await declared();
  const definition = ofType(recorded, "aws:ecs/taskDefinition:TaskDefinition")["schedules-ocr-task"];
  const [container] = JSON.parse(definition?.containerDefinitions as string);
  assert.deepEqual(
    [definition?.family, definition?.cpu, definition?.memory],
    ["shop-prod-schedule-ocr", "512", "1024"],
  );
  assert.equal(container.image, "registry/web@sha256:1");
  assert.deepEqual(container.command, ["sh", "-c", "python ocr.py"]);
  assert.deepEqual(container.dockerLabels, { "tandem.timeout": "7200" });
  assert.deepEqual(container.environment, [{ name: "ENV", value: "PRODUCTION" }]);
  assert.deepEqual(container.secrets, [{ name: "SECRET_KEY", valueFrom: "arn:key:current::v1" }]);
  const log = ofType(recorded, "aws:cloudwatch/logGroup:LogGroup")["schedules-ocr-task-log"];
  assert.equal(log?.name, "/shop/prod/web/schedule/ocr");
});

test("there is no revision of new code for the guard to start before its backup and migrations", async () => {
  let on: unknown;
  const watch: pulumi.ResourceTransformation = ({ type, opts }) => {
    if (type.endsWith(":TaskDefinition")) on = (opts as pulumi.CustomResourceOptions).dependsOn;
    return undefined;
  };
  let migrated: pulumi.Resource | undefined;
  await record(() => {
    migrated = new pulumi.ComponentResource("test:index:Release", "web-release-run");
    const applications = { web: { ...web, after: [migrated] } };
    new Schedules("schedules", args({ applications }), { transformations: [watch] });
  });
  assert.deepEqual(on, [migrated]);
});

test("its silence is told once: no data is good news", async () => {
  const { recorded } = await declared();
  const alarm = ofType(recorded, "aws:cloudwatch/metricAlarm:MetricAlarm")["schedules-ocr-silent"];
  assert.deepEqual([alarm?.namespace, alarm?.metricName], ["tandem/shop-prod", "Overdue"]);
  assert.deepEqual(alarm?.dimensions, { Schedule: "ocr" });
  assert.equal(alarm?.treatMissingData, "notBreaching");
  assert.deepEqual(alarm?.alarmActions, ["arn:topic"]);
});

for (const [why, more] of [
  ["the environment is off", { enabled: false }],
  ["its application is off", { applications: { web: { ...web, enabled: false } } }],
  ["it is off itself", { schedules: { ocr: { ...ocr, enabled: false } } }],
  ["there is no release", { applications: { web: { ...web, released: pulumi.output(false) } } }],
] as const)
  test(`it stands DISABLED when ${why}`, async () => {
    const { recorded, schedule } = await declared(more);
    assert.equal(schedule?.state, "DISABLED");
    assert.equal(recorded.length, 4);
  });

test("an application that is not there is refused by name", async () => {
  await record(() =>
    assert.throws(
      () => new Schedules("schedules", args({ applications: {} })),
      /Schedule "ocr" runs application "web", which is not there \(there: none\)/,
    ),
  );
});

test("without schedules nothing is declared", async () => {
  assert.deepEqual((await declared({ schedules: {} })).recorded, []);
});

test("the guard reads off the definition what is not the rule: overlap, and GitHub's clock", async () => {
  const schedules = { ocr: { ...ocr, overlap: true, by: "github" as const } };
  const { recorded } = await declared({ schedules });
  const definition = ofType(recorded, "aws:ecs/taskDefinition:TaskDefinition")["schedules-ocr-task"];
  const [container] = JSON.parse(definition?.containerDefinitions as string);
  assert.deepEqual(container.dockerLabels, {
    "tandem.timeout": "7200",
    "tandem.overlap": "true",
    "tandem.by": "github",
  });
});

for (const [state, more] of [
  ["ENABLED", {}],
  ["DISABLED", { enabled: false }],
  ["DISABLED", { applications: { web: { ...web, released: pulumi.output(false) } } }],
] as const)
  test(`where GitHub is the clock, a parameter stands for the schedule: ${state} with ${JSON.stringify(Object.keys(more))}`, async () => {
    const github = { ...ocr, timeZone: "UTC", by: "github" as const };
    let made: Schedules | undefined;
    const recorded = await record(() => {
      made = new Schedules("schedules", args({ schedules: { ocr: github }, ...more }));
    });
    assert.deepEqual(ofType(recorded, "aws:scheduler/schedule:Schedule"), {});
    const parameter = ofType(recorded, "aws:ssm/parameter:Parameter")["schedules-ocr-clock"];
    assert.equal(parameter?.name, "/shop/prod/schedules/ocr");
    // Its hours too: with new ones its age begins anew, and so does the time after which it is silent.
    assert.equal(parameter?.insecureValue, `${state} 0 7 * * *`);
    assert.deepEqual(made?.scheduleNames, {});
    const alarm = ofType(recorded, "aws:cloudwatch/metricAlarm:MetricAlarm")["schedules-ocr-silent"];
    assert.match(String(alarm?.alarmDescription), /GitHub starts it: it stops schedules after 60 days/);
  });
