import assert from "node:assert/strict";
import { test } from "node:test";
import { Monitoring, type MonitoringArgs } from "./monitoring";
import { ofType, record } from "./recorder";

const args: MonitoringArgs = {
  scope: { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" },
  topicArn: "arn:aws:sns:eu-west-3:222222222222:notices",
  globalTopicArn: "arn:aws:sns:us-east-1:222222222222:notices",
  balancerArnSuffix: "app/b/1",
  clusterName: "shop-prod",
  services: {
    web: { serviceName: "shop-web", count: 2, targetGroupArnSuffix: "targetgroup/web/1" },
    reports: { serviceName: "shop-reports", count: 0 },
  },
  databases: { main: { identifier: "shop-prod-main", storage: 20, size: "db.t4g.micro" } },
  queues: { schedules: "shop-prod-undelivered" },
  certificateArn: "arn:aws:acm:eu-west-3:222222222222:certificate/1",
  url: "https://shop.example/health?deep=1",
  budget: 150,
  slow: 2,
};
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const RULE = "aws:cloudwatch/eventRule:EventRule";

async function declare(more: Partial<MonitoringArgs> = {}, without: readonly string[] = []) {
  const made: Monitoring[] = [];
  const kept = Object.entries({ ...args, ...more }).filter(([key]) => !without.includes(key));
  const recorded = await record(() =>
    made.push(new Monitoring("monitoring", Object.fromEntries(kept) as unknown as MonitoringArgs)),
  );
  return { recorded, monitoring: made[0] as Monitoring };
}

test("every alarm speaks to the topic of its own region, and only when it begins", async () => {
  const declared = ofType((await declare()).recorded, ALARM);
  assert.equal(Object.keys(declared).length, 12);
  for (const [name, alarm] of Object.entries(declared)) {
    const global = name === "monitoring-probe";
    assert.deepEqual(alarm.alarmActions, [global ? args.globalTopicArn : args.topicArn], name);
    assert.equal(alarm.region, global ? "us-east-1" : undefined, name);
    assert.equal(alarm.okActions, undefined, name);
    const silence = alarm.treatMissingData === "missing" ? alarm.alarmActions : undefined;
    assert.deepEqual(alarm.insufficientDataActions, silence, name);
  }
});

test("an alarm is declared as its table says", async () => {
  const declared = ofType((await declare()).recorded, ALARM);
  const { tags: _, alarmDescription: __, ...slow } = declared["monitoring-slow-answers"] ?? {};
  assert.deepEqual(slow, {
    name: "shop-prod-slow-answers",
    namespace: "AWS/ApplicationELB",
    metricName: "TargetResponseTime",
    dimensions: { LoadBalancer: "app/b/1" },
    extendedStatistic: "p95",
    evaluateLowSampleCountPercentiles: "ignore",
    period: 300,
    evaluationPeriods: 3,
    comparisonOperator: "GreaterThanThreshold",
    threshold: 2,
    treatMissingData: "notBreaching",
    alarmActions: [args.topicArn],
  });
  assert.equal(declared["monitoring-service-web-unhealthy"]?.treatMissingData, "breaching");
  assert.equal(declared["monitoring-service-web-unhealthy"]?.comparisonOperator, "LessThanThreshold");
});

test("a process that is asleep is not watched", async () => {
  const names = Object.keys(ofType((await declare()).recorded, ALARM));
  assert.ok(names.includes("monitoring-service-web-unhealthy"));
  assert.ok(!names.some((name) => name.includes("reports")));
});

test("the probe asks at the edge's own address where there is one, and its alarm names the public one", async () => {
  const { recorded } = await declare({ probePath: "/.well-known/tandem/health/0a" });
  const checks = ofType(recorded, "aws:route53/healthCheck:HealthCheck");
  assert.equal(checks["monitoring-probe-check"]?.resourcePath, "/.well-known/tandem/health/0a");
  const alarm = ofType(recorded, ALARM)["monitoring-probe"];
  assert.match(String(alarm?.alarmDescription), /^https:\/\/shop\.example\/health\?deep=1 does not answer/);
});

test("the probe asks as the public does, over TLS, for the address and its path", async () => {
  const { recorded } = await declare();
  const checks = ofType(recorded, "aws:route53/healthCheck:HealthCheck");
  const { tags: _, ...check } = checks["monitoring-probe-check"] ?? {};
  assert.deepEqual(check, {
    type: "HTTPS",
    fqdn: "shop.example",
    port: 443,
    resourcePath: "/health?deep=1",
    enableSni: true,
    requestInterval: 30,
    regions: ["ap-southeast-1", "eu-west-1", "us-east-1"],
    failureThreshold: 3,
  });
  const alarm = ofType(recorded, ALARM)["monitoring-probe"];
  assert.deepEqual(alarm?.dimensions, { HealthCheckId: "monitoring-probe-check-id" });
  assert.equal(alarm?.treatMissingData, "missing", "the first minute of a new probe is no failure");
});

test("without a public address nothing is probed", async () => {
  const { recorded, monitoring } = await declare({}, ["url"]);
  assert.deepEqual(ofType(recorded, "aws:route53/healthCheck:HealthCheck"), {});
  assert.ok(!monitoring.alarmNames.some((name) => name.endsWith("probe")));
});

test("a failed deployment of this environment's cluster is told, of no other", async () => {
  const { recorded } = await declare();
  const rules = ofType(recorded, RULE);
  assert.deepEqual(Object.keys(rules), ["monitoring-deployment-failed"]);
  assert.deepEqual(JSON.parse(String(rules["monitoring-deployment-failed"]?.eventPattern)), {
    source: ["aws.ecs"],
    "detail-type": ["ECS Deployment State Change"],
    resources: [{ prefix: "arn:aws:ecs:eu-west-3:222222222222:service/shop-prod/" }],
    detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
  });
  const target = ofType(recorded, "aws:cloudwatch/eventTarget:EventTarget")[
    "monitoring-deployment-failed-notice"
  ];
  assert.equal(target?.arn, args.topicArn);
  assert.deepEqual(target?.inputTransformer, {
    inputPaths: { service: "$.resources[0]", reason: "$.detail.reason" },
    inputTemplate: '"shop prod: a deployment of <service> failed: <reason>"',
  });
});

test("the budget is told at 80 % and when the forecast passes it", async () => {
  const budget = ofType((await declare()).recorded, "aws:budgets/budget:Budget")["monitoring-budget"];
  assert.deepEqual([budget?.limitAmount, budget?.limitUnit, budget?.timeUnit], ["150", "USD", "MONTHLY"]);
  assert.deepEqual(
    ((budget?.notifications ?? []) as Record<string, unknown>[]).map((n) => [
      n.notificationType,
      n.threshold,
    ]),
    [
      ["ACTUAL", 80],
      ["FORECASTED", 100],
    ],
  );
});

test("the dashboard shows this region's alarms, and the outputs name what stands", async () => {
  const { recorded, monitoring } = await declare();
  const dashboard = ofType(recorded, "aws:cloudwatch/dashboard:Dashboard").monitoring;
  assert.equal(dashboard?.dashboardName, "shop-prod");
  const [state] = JSON.parse(String(dashboard?.dashboardBody)).widgets;
  assert.equal(state.properties.alarms.length, 11);
  assert.ok(
    state.properties.alarms.includes(
      "arn:aws:cloudwatch:eu-west-3:222222222222:alarm:shop-prod-balancer-errors",
    ),
  );
  const names = Object.values(ofType(recorded, ALARM)).map(({ name }) => name);
  assert.deepEqual([...monitoring.alarmNames].sort(), names.sort());
});
