import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type * as aws from "@pulumi/aws";
import { FILES } from "./keeper/function";
import { keptOf } from "./keeper/kept.test-helper";
import { leftToTheKeeper, OfficeHours, type OfficeHoursArgs } from "./office-hours";
import { ofType, record } from "./recorder";

const args: OfficeHoursArgs = {
  scope: { project: "shop", environment: "sandbox", region: "eu-west-3", accountId: "111111111111" },
  hours: {
    from: "08:00",
    to: "19:00",
    days: ["mon", "fri"],
    timeZone: "Europe/Paris",
    databases: true,
    schedules: "pause",
  },
  services: {
    web_web: { serviceName: "shop-sandbox-web_web", count: 2 },
    web_api: { serviceName: "shop-sandbox-web_api", count: 1, max: 4 },
    web_off: { serviceName: "shop-sandbox-web_off", count: 0, max: 4 },
  },
  on: true,
  databases: [
    { identifier: "shop-sandbox-main", on: true },
    { identifier: "shop-sandbox-archive", on: false },
  ],
  maintenance: { web: { until: "2026-12-01T11:00:00.000Z", alarms: ["service-web_web-unhealthy"] } },
  shared: ["balancer-errors"],
  switches: { bucket: "shop-sandbox-switches", arn: "arn:aws:s3:::shop-sandbox-switches" },
  schedules: [
    { name: "shop-sandbox-nightly", on: true },
    { name: "shop-sandbox-never", on: false },
  ],
  groupName: "shop-sandbox",
  clusterArn: "arn:cluster",
  clusterName: "shop-sandbox",
  topicArn: "arn:topic",
  logDays: 14,
};

const declare = (more: Partial<OfficeHoursArgs> = {}) =>
  record(() => new OfficeHours("office-hours", { ...args, ...more }));

test("the keeper knows hours, counts, bounds, databases, schedules, switches and whose alarms are quiet", async () => {
  const { "office-hours": lambda } = ofType(await declare(), "aws:lambda/function:Function");
  const { variables = {} } = (lambda?.environment ?? {}) as { variables?: Record<string, string> };
  assert.deepEqual(await keptOf(lambda), {
    on: true,
    hours: { from: "08:00", to: "19:00", days: ["mon", "fri"], timeZone: "Europe/Paris" },
    services: {
      "shop-sandbox-web_web": 2,
      "shop-sandbox-web_api": [1, 4],
      "shop-sandbox-web_off": [0, 0],
    },
    databases: { "shop-sandbox-main": true, "shop-sandbox-archive": false },
    schedules: { "shop-sandbox-nightly": true, "shop-sandbox-never": false },
    alarms: ["service-", "balancer-errors", "application-errors", "slow-answers", "probe", "database-"],
    maintenance: { web: { until: "2026-12-01T11:00:00.000Z", alarms: ["service-web_web-unhealthy"] } },
    shared: ["balancer-errors"],
  });
  assert.equal(variables.SWITCHES, "shop-sandbox-switches");
  assert.deepEqual(
    [variables.ASKED, variables.NOTES],
    ["/shop/sandbox/office-hours/asked", "/shop/sandbox/office-hours/done"],
  );
});

test("a round comes every minute, from a group that only its caller's role trusts", async () => {
  const recorded = await declare();
  const schedules = ofType(recorded, "aws:scheduler/schedule:Schedule");
  assert.deepEqual(Object.keys(schedules), ["office-hours-round"]);
  assert.equal(schedules["office-hours-round"]?.scheduleExpression, "rate(1 minute)");
  const role = ofType(recorded, "aws:iam/role:Role")["office-hours-caller"];
  assert.match(String(role?.assumeRolePolicy), /"aws:SourceArn":"arn:[^"]+office-hours-group"/);
});

test("it may change what it keeps and nothing else", async () => {
  const policies = ofType(await declare(), "aws:iam/rolePolicy:RolePolicy");
  const { Statement } = JSON.parse(String(policies["office-hours-role-policy"]?.policy)) as {
    Statement: { Sid: string; Action: string[]; Resource: string | string[]; Condition?: object }[];
  };
  const wide = Statement.filter(({ Resource }) => Resource === "*").map(({ Sid }) => Sid);
  assert.deepEqual(wide, ["Rest", "Bounds", "Listen"]);
  const on = (sid: string) => Statement.find(({ Sid }) => Sid === sid)?.Resource;
  assert.deepEqual(on("Databases"), [
    "arn:aws:rds:eu-west-3:111111111111:db:shop-sandbox-main",
    "arn:aws:rds:eu-west-3:111111111111:db:shop-sandbox-archive",
  ]);
  assert.equal(on("Switches"), "arn:aws:s3:::shop-sandbox-switches/maintenance/*");
  assert.deepEqual(on("Pass"), "arn:aws:iam::111111111111:role/shop-sandbox-scheduler");
  assert.ok((on("Hush") as string[]).includes("arn:aws:cloudwatch:*:111111111111:alarm:shop-sandbox-probe*"));
});

test("without databases and schedules it may touch none", async () => {
  const policies = ofType(await declare({ databases: [], schedules: [] }), "aws:iam/rolePolicy:RolePolicy");
  assert.doesNotMatch(String(policies["office-hours-role-policy"]?.policy), /rds:|scheduler:|PassRole/);
});

test("where an environment is always awake, it may silence alarms and change nothing else", async () => {
  const always = { hours: undefined, services: {}, databases: [], schedules: [] };
  const recorded = await declare(always);
  const { Statement } = JSON.parse(
    String(ofType(recorded, "aws:iam/rolePolicy:RolePolicy")["office-hours-role-policy"]?.policy),
  ) as { Statement: { Sid: string; Resource: unknown }[] };
  assert.deepEqual(
    Statement.map(({ Sid }) => Sid),
    ["Listen", "Hush", "Switches", "NoSwitch", "Notes", "Log"],
  );
  assert.deepEqual(
    Statement.find(({ Sid }) => Sid === "Hush")?.Resource,
    ["balancer-errors", "service-web_web-unhealthy"].map(
      (role) => `arn:aws:cloudwatch:*:111111111111:alarm:shop-sandbox-${role}*`,
    ),
  );
  const { "office-hours": lambda } = ofType(recorded, "aws:lambda/function:Function");
  const { hours, alarms } = await keptOf(lambda);
  assert.deepEqual([hours, alarms], [undefined, []]);
});

test("who watches the keeper is never quiet, and leads to the runbook", async () => {
  const alarms = ofType(await declare(), "aws:cloudwatch/metricAlarm:MetricAlarm");
  assert.deepEqual(
    Object.values(alarms).map(({ name }) => name),
    ["shop-sandbox-keeper-failing", "shop-sandbox-keeper-silent"],
  );
  assert.match(
    String(alarms["office-hours-keeper-failing"]?.alarmDescription),
    /runbook\.md#keeper-failing$/,
  );
});

test("every source of the function is in its archive", () => {
  const sources = readdirSync(join(__dirname, "keeper")).filter((file) => file.endsWith(".js"));
  assert.deepEqual(sources.sort(), FILES.map((file) => `${file}.js`).sort());
});

for (const [type, name, left] of [
  ["aws:ecs/service:Service", "web_web", ["tags", "desiredCount"]],
  ["aws:appautoscaling/target:Target", "web_web-scaling", ["tags", "minCapacity", "maxCapacity"]],
  ["aws:scheduler/schedule:Schedule", "schedules-nightly", ["tags", "state"]],
  ["aws:scheduler/schedule:Schedule", "guard-sweep", undefined],
  ["aws:rds/instance:Instance", "database-main", undefined],
] as const)
  test(`a deployment ${left ? "leaves to the keeper what it sets of" : "goes on deciding all of"} ${name}`, () => {
    const resource = {} as aws.s3.Bucket;
    const asked = { type, name, props: {}, opts: { ignoreChanges: ["tags"] }, resource };
    const found = leftToTheKeeper({ schedules: "pause" })(asked);
    assert.deepEqual((found?.opts as { ignoreChanges?: string[] } | undefined)?.ignoreChanges, left);
  });

test("schedules that go on at night are the deployment's alone", () => {
  const resource = {} as aws.s3.Bucket;
  const schedule = {
    type: "aws:scheduler/schedule:Schedule",
    name: "schedules-nightly",
    props: {},
    opts: {},
    resource,
  };
  assert.equal(leftToTheKeeper({ schedules: "go-on" })(schedule), undefined);
});

test("where it is always awake, a deployment leaves only to it which alarms are quiet", () => {
  const left = (type: string) => {
    const asked = { type, name: "schedules-web", props: {}, opts: {}, resource: {} as aws.s3.Bucket };
    return (leftToTheKeeper(undefined)(asked)?.opts as { ignoreChanges?: string[] } | undefined)
      ?.ignoreChanges;
  };
  assert.deepEqual(left("aws:cloudwatch/metricAlarm:MetricAlarm"), ["actionsEnabled"]);
  assert.equal(left("aws:ecs/service:Service"), undefined);
  assert.equal(left("aws:scheduler/schedule:Schedule"), undefined);
});
