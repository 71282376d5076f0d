import assert from "node:assert/strict";
import { test } from "node:test";
import type { Props } from "../types";
import { rules } from "./cloudwatch";
import { ACCOUNT, FakeCloud, refusal } from "./context.test-helper";
import { rules as sns } from "./sns";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm";
const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const LOGS = "aws:cloudwatch/logGroup:LogGroup";
const METRIC = {
  name: "errors",
  metricName: "HTTPCode_Target_5XX_Count",
  namespace: "AWS/ApplicationELB",
  statistic: "Sum",
  period: 60,
  evaluationPeriods: 1,
  comparisonOperator: "GreaterThanThreshold",
  threshold: 5,
};

const watch = () => new FakeCloud({ ...rules, ...sns });
const alarm = (inputs: Props) => () => watch().create(ALARM, { ...METRIC, ...inputs });

test("an alarm's ARN is that of its region", () => {
  const { outputs } = alarm({ region: "us-east-1" })();
  assert.equal(outputs.arn, `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:errors`);
});

test("an alarm speaks to topics of its own region only", () => {
  const cloud = watch();
  const notices = cloud.create("aws:sns/topic:Topic", { name: "notices" }).outputs.arn;
  const create = (inputs: Props, name: string) => () => cloud.create(ALARM, { ...METRIC, ...inputs }, name);
  const far = { alarmActions: [notices], region: "us-east-1" };
  assert.throws(create(far, "a"), refusal("ValidationError", /us-east-1/));
  create({ alarmActions: [notices] }, "c")();
});

test("an alarm watches one thing, in one way", () => {
  const refused = (words: RegExp) => refusal("ValidationError", words);
  const metricQueries = [{ id: "a", expression: "1" }];
  assert.throws(alarm({ metricQueries }), refused(/exactly one of metricName/));
  assert.throws(alarm({ extendedStatistic: "p95" }), refused(/extendedStatistic/));
  assert.throws(alarm({ comparisonOperator: undefined }), refused(/comparisonOperator/));
  assert.throws(alarm({ metricName: undefined, metricQueries }), refused(/belong into the metric queries/));
  const both = [{ id: "a", expression: "1", metric: {} }];
  assert.throws(alarm({ metricName: undefined, metricQueries: both }), refused(/expression or a metric/));
});

test("a composite alarm that another one depends on is kept", () => {
  const cloud = watch();
  const inner = cloud.create(COMPOSITE, { alarmName: "inner", alarmRule: "ALARM(errors)" }, "a");
  cloud.create(COMPOSITE, { alarmName: "outer", alarmRule: "ALARM(inner)" }, "b");
  assert.throws(() => cloud.remove(inner), refusal("ValidationError", /outer/));
});

test("a dashboard is a document with widgets", () => {
  const create = (dashboardBody: string) => () =>
    watch().create(DASHBOARD, { dashboardName: "shop", dashboardBody });
  assert.throws(create("{}"), refusal("DashboardInvalidInputError"));
  assert.equal(
    create('{"widgets":[]}')().outputs.dashboardArn,
    `arn:aws:cloudwatch::${ACCOUNT}:dashboard/shop`,
  );
});

test("an event rule needs a pattern or a schedule that can be read", () => {
  const create = (inputs: Props) => () => watch().create(RULE, { name: "failed", ...inputs });
  assert.throws(create({}), refusal("ValidationException", /eventPattern/));
  assert.throws(create({ eventPattern: "{" }), refusal("InvalidEventPatternException"));
  assert.throws(create({ scheduleExpression: "at(2026-12-24T18:00:00)" }), refusal("ValidationException"));
});

test("a rule is kept while it has targets, and takes five", () => {
  const cloud = watch();
  const rule = cloud.create(RULE, { name: "failed", eventPattern: '{"source":["aws.ecs"]}' });
  const aim = (name: string) => cloud.create(TARGET, { rule: "failed", arn: "arn:x", targetId: name }, name);
  const targets = ["a", "b", "c", "d", "e"].map(aim);
  assert.throws(() => aim("f"), refusal("LimitExceededException"));
  assert.throws(() => cloud.remove(rule), refusal("ValidationException", /failed-a/));
  for (const target of targets) cloud.remove(target);
  cloud.remove(rule);
});

test("a target of a rule that does not exist, or with two inputs, is refused", () => {
  const create = (inputs: Props) => () => watch().create(TARGET, { rule: "none", arn: "arn:x", ...inputs });
  assert.throws(create({}), refusal("ResourceNotFoundException", /none/));
  assert.throws(create({ input: "{}", inputPath: "$" }), refusal("ValidationException", /inputPath/));
});

test("a log group's name is taken once in a region", () => {
  const cloud = watch();
  cloud.create(LOGS, { name: "/shop/web" });
  assert.throws(
    () => cloud.create(LOGS, { name: "/shop/web" }, "b"),
    refusal("ResourceAlreadyExistsException"),
  );
  cloud.create(LOGS, { name: "/shop/web", region: "us-east-1" }, "c");
});

test("a protected log group is kept", () => {
  const cloud = watch();
  const group = cloud.create(LOGS, { name: "/shop/web", deletionProtectionEnabled: true });
  assert.throws(() => cloud.remove(group), refusal("ValidationException", /protection/));
});

test("a log group that is not to be destroyed keeps its name", () => {
  const cloud = watch();
  cloud.remove(cloud.create(LOGS, { name: "/shop/web", skipDestroy: true }));
  assert.throws(() => cloud.create(LOGS, { name: "/shop/web" }), refusal("ResourceAlreadyExistsException"));
});

test("a metric filter needs its log group", () => {
  const create = () =>
    watch().create("aws:cloudwatch/logMetricFilter:LogMetricFilter", { logGroupName: "none", name: "f" });
  assert.throws(create, refusal("ResourceNotFoundException"));
});
