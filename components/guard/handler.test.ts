import assert from "node:assert/strict";
import { test } from "node:test";

type Send = (service: string, command: string, input: Record<string, unknown>) => Promise<unknown>;
type Cloud = { send: Send; now: number; settings: Record<string, string> };

const { guard } = require("./handler.js") as { guard: (event: object, cloud: Cloud) => Promise<void> };
const { sdk } = require("./sdk.js") as { sdk: (load: (module: string) => unknown) => Send };

const NOW = Date.parse("2026-11-22T12:00:00Z");
const settings = {
  NAME: "shop-prod",
  CLUSTER: "arn:cluster",
  SUBNETS: "subnet-1,subnet-2",
  SECURITY_GROUP: "sg-1",
  ASSIGN_PUBLIC_IP: "ENABLED",
  SCHEDULES: "shop-prod-schedule-",
  JOBS: "shop-prod-job-",
  LOG_GROUP: "/shop/prod/guard",
  QUEUE: "queue-url",
  TOPIC: "arn:topic",
  NAMESPACE: "tandem/shop-prod",
};

interface FakeTask {
  readonly taskArn: string;
  readonly group?: string;
  readonly startedBy?: string;
  readonly startedAt?: string;
  readonly createdAt?: string;
  readonly taskDefinitionArn?: string;
}

const definition = (labels: Record<string, string>) => ({
  taskDefinition: { containerDefinitions: [{ name: "app", image: "web@sha256:1", dockerLabels: labels }] },
});

/** A cloud that answers from plain lists and remembers what it was asked to change. */
function cloud(tasks: readonly FakeTask[], answers: Record<string, unknown> = {}) {
  const asked: { command: string; input: Record<string, unknown> }[] = [];
  const send: Send = async (service, command, input) => {
    asked.push({ command: `${service}:${command}`, input });
    if (command in answers) return answers[command];
    if (command === "ListTasks") {
      const from = Number(input.nextToken ?? 0);
      const arns = tasks.map(({ taskArn }) => taskArn).slice(from, from + 100);
      return { taskArns: arns, ...(tasks.length > from + 100 ? { nextToken: String(from + 100) } : {}) };
    }
    if (command === "DescribeTasks")
      return { tasks: tasks.filter(({ taskArn }) => (input.tasks as string[]).includes(taskArn)) };
    if (command === "DescribeTaskDefinition") return definition({ "tandem.timeout": "3600" });
    return {};
  };
  const of = (command: string) => asked.filter((a) => a.command === command).map(({ input }) => input);
  return { of, run: (event: object) => guard(event, { send, now: NOW, settings }) };
}

const due = "2026-11-22T12:00:00Z";
const start = { do: "start", schedule: "ocr", due };

test("a due schedule starts its family's newest revision once, in the environment's network", async () => {
  const { of, run } = cloud([]);
  await run(start);
  const [task] = of("ecs:RunTask");
  assert.equal(of("ecs:RunTask").length, 1);
  assert.equal(task?.taskDefinition, "shop-prod-schedule-ocr");
  assert.equal(task?.startedBy, "ocr/2026-11-22T12-00-00Z");
  assert.match(task?.clientToken as string, /^[0-9a-f]{64}$/);
  assert.deepEqual(task?.networkConfiguration, {
    awsvpcConfiguration: {
      subnets: ["subnet-1", "subnet-2"],
      securityGroups: ["sg-1"],
      assignPublicIp: "ENABLED",
    },
  });
  assert.equal(of("sns:Publish").length, 0);
});

test("every run that was dealt with leaves a trace for the dead-man's watch", async () => {
  const { of, run } = cloud([]);
  await run(start);
  const [{ Namespace, MetricData } = {}] = of("cloudwatch:PutMetricData");
  assert.equal(Namespace, "tandem/shop-prod");
  assert.deepEqual(MetricData, [
    {
      MetricName: "Handled",
      Dimensions: [{ Name: "Schedule", Value: "ocr" }],
      Timestamp: new Date(NOW),
      Value: 1,
    },
  ]);
});

test("while the run before still runs, no second starts, and one notice tells of the missed run", async () => {
  const { of, run } = cloud([{ taskArn: "arn:task-1", startedBy: "ocr/2026-11-21T12-00-00Z" }]);
  await run(start);
  assert.equal(of("ecs:RunTask").length, 0);
  const notices = of("sns:Publish");
  assert.equal(notices.length, 1);
  assert.match(notices[0]?.Message as string, /ocr did not start at 2026-11-22T12:00:00Z.*arn:task-1/);
  assert.equal(of("cloudwatch:PutMetricData").length, 1);
});

test("where overlap is allowed, a second one starts beside the first", async () => {
  const { of, run } = cloud([{ taskArn: "arn:task-1", startedBy: "ocr/2026-11-21T12-00-00Z" }], {
    DescribeTaskDefinition: definition({ "tandem.overlap": "true" }),
  });
  await run(start);
  assert.equal(of("ecs:RunTask").length, 1);
  assert.equal(of("sns:Publish").length, 0);
});

test("the same event delivered twice neither starts a second task nor tells anybody", async () => {
  const { of, run } = cloud([{ taskArn: "arn:task-1", startedBy: "ocr/2026-11-22T12-00-00Z" }]);
  await run(start);
  assert.equal(of("ecs:RunTask").length, 0);
  assert.equal(of("sns:Publish").length, 0);
});

test("a task that cannot start fails the event, so that it is tried again and ends as a dead letter", async () => {
  const { of, run } = cloud([], { RunTask: { failures: [{ reason: "Capacity is unavailable" }] } });
  await assert.rejects(run(start), /ocr\/.*did not start: Capacity is unavailable/);
  // Its dead letter tells: it is not silent besides.
  assert.equal(of("cloudwatch:PutMetricData").length, 1);
});

const old = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

test("a task over its time is stopped with a reason that its event carries; others are left alone", async () => {
  const task = { group: "family:shop-prod-schedule-ocr", taskDefinitionArn: "arn:definition:1" };
  const { of, run } = cloud([
    { ...task, taskArn: "arn:late", startedAt: old(3700), createdAt: old(3800) },
    { ...task, taskArn: "arn:early", startedAt: old(3500), createdAt: old(3800) },
    { ...task, taskArn: "arn:never-started", createdAt: old(3700) },
    { ...task, taskArn: "arn:service", group: "service:shop-prod-web_site", startedAt: old(90_000) },
  ]);
  await run({ do: "sweep" });
  assert.deepEqual(
    of("ecs:StopTask").map(({ task, reason }) => [task, reason]),
    [
      ["arn:late", "Time-out: ended after more than 3600 s"],
      ["arn:never-started", "Time-out: ended after more than 3600 s"],
    ],
  );
  assert.equal(of("ecs:DescribeTaskDefinition").length, 1);
  assert.equal(of("sns:Publish").length, 0);
});

test("a task whose definition sets no time-out runs as long as it likes", async () => {
  const tasks = [{ taskArn: "arn:release", group: "family:shop-prod-release-web", startedAt: old(90_000) }];
  const { of, run } = cloud(tasks, {
    DescribeTaskDefinition: definition({}),
  });
  await run({ do: "sweep" });
  assert.equal(of("ecs:StopTask").length, 0);
});

test("a sweep reads more tasks than one page holds", async () => {
  const tasks = Array.from({ length: 250 }, (_, index) => ({
    taskArn: `arn:${index}`,
    group: "family:shop-prod-job-import",
    startedAt: old(index === 249 ? 4000 : 10),
    taskDefinitionArn: "arn:definition:1",
  }));
  const { of, run } = cloud(tasks);
  await run({ do: "sweep" });
  assert.deepEqual(
    of("ecs:StopTask").map(({ task }) => task),
    ["arn:249"],
  );
});

const watch = {
  do: "watch",
  group: "shop-prod",
  schedules: { ocr: { name: "shop-prod-ocr", within: 90_000 } },
};
const long = { State: "ENABLED", CreationDate: old(10_000_000), LastModificationDate: old(9_000_000) };

for (const [what, schedule, points, overdue] of [
  ["silent for longer than its pause is overdue", long, [], 1],
  ["that ran lately is not overdue", long, [{ Sum: 1 }], 0],
  ["that is off is never overdue", { ...long, State: "DISABLED" }, [], 0],
  ["switched on lately is not overdue yet", { ...long, LastModificationDate: old(100) }, [], 0],
] as const)
  test(`a schedule ${what}`, async () => {
    const { of, run } = cloud([], { GetSchedule: schedule, GetMetricStatistics: { Datapoints: points } });
    await run(watch);
    assert.equal(of("cloudwatch:PutMetricData").length, overdue);
  });

for (const [pause, within, period] of [
  ["day", 90_000, 3600],
  ["month", 32 * 86_400, 3600],
  ["year", 367 * 86_400, 86_400],
] as const)
  test(`the watch over a ${pause} goes back exactly that far, within what one answer holds`, async () => {
    const { of, run } = cloud([], {
      GetSchedule: { State: "ENABLED", CreationDate: old(40_000_000) },
      GetMetricStatistics: {},
    });
    await run({ ...watch, schedules: { ocr: { name: "shop-prod-ocr", within } } });
    const [asked] = of("cloudwatch:GetMetricStatistics");
    assert.equal(asked?.Period, period);
    assert.ok(within / period <= 1440);
    assert.deepEqual(asked?.StartTime, new Date(NOW - within * 1000));
  });

const clock = (value: string, since: string) => ({ Parameter: { Value: value, LastModifiedDate: since } });

for (const [what, parameter, points, overdue] of [
  ["that GitHub no longer starts is overdue", clock("ENABLED 0 7 * * *", old(9_000_000)), [], 1],
  ["that GitHub started is not overdue", clock("ENABLED 0 7 * * *", old(9_000_000)), [{ Sum: 1 }], 0],
  ["that GitHub is to leave alone is never overdue", clock("DISABLED 0 7 * * *", old(9_000_000)), [], 0],
  ["whose hours changed lately is not overdue yet", clock("ENABLED 0 8 * * *", old(100)), [], 0],
] as const)
  test(`a schedule ${what}`, async () => {
    const { of, run } = cloud([], { GetParameter: parameter, GetMetricStatistics: { Datapoints: points } });
    const schedules = { ocr: { parameter: "/shop/prod/schedules/ocr", within: 90_000 } };
    await run({ ...watch, schedules });
    assert.deepEqual(of("ssm:GetParameter"), [{ Name: "/shop/prod/schedules/ocr" }]);
    assert.equal(of("scheduler:GetSchedule").length, 0);
    assert.equal(of("cloudwatch:PutMetricData").length, overdue);
  });

for (const event of [{ do: "dance" }, { do: "job", job: "import", asked: "1" }, { do: "constructor" }, {}])
  test(`the guard does nothing for ${JSON.stringify(event)}`, async () => {
    const { of, run } = cloud([]);
    await assert.rejects(run(event), /is nothing that is done here: start, sweep, watch/);
    assert.equal(of("ecs:RunTask").length, 0);
  });

test("each service's client is made once and sent the command that is named", async () => {
  const made: string[] = [];
  const loaded = (module: string) => {
    class CloudWatchClient {
      constructor() {
        made.push(module);
      }
      send = async (command: unknown) => command;
    }
    class PutMetricDataCommand {
      constructor(readonly input: unknown) {}
    }
    return { CloudWatch: class {}, CloudWatchClient, PutMetricDataCommand };
  };
  const send = sdk(loaded);
  const command = await send("cloudwatch", "PutMetricData", { Namespace: "n" });
  await send("cloudwatch", "PutMetricData", {});
  assert.deepEqual({ ...(command as object) }, { input: { Namespace: "n" } });
  assert.deepEqual(made, ["@aws-sdk/client-cloudwatch"]);
});

test("the client of a service whose package has another name is found all the same", async () => {
  class CloudWatchLogsClient {
    send = async (command: unknown) => command;
  }
  class CreateLogStreamCommand {
    constructor(readonly input: unknown) {}
  }
  const send = sdk((module) => {
    assert.equal(module, "@aws-sdk/client-cloudwatch-logs");
    return { CloudWatchLogsClient, CreateLogStreamCommand };
  });
  assert.deepEqual({ ...((await send("logs", "CreateLogStream", { a: 1 })) as object) }, { input: { a: 1 } });
});
