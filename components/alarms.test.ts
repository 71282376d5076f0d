import assert from "node:assert/strict";
import { test } from "node:test";
import { alarms } from "./alarms";
import type { Watched } from "./watched";

const watched: Watched<string> = {
  balancerArnSuffix: "app/b/1",
  clusterName: "shop-prod",
  services: {
    web: { serviceName: "shop-web", count: 2, targetGroupArnSuffix: "targetgroup/web/1" },
    worker: { serviceName: "shop-worker", count: 1 },
  },
  databases: { main: { identifier: "shop-prod-main", storage: 20, size: "db.t4g.micro" } },
  queues: { schedules: "shop-prod-undelivered" },
  certificateArn: "arn:aws:acm:eu-west-3:222222222222:certificate/1",
  slow: 2,
};
const asleep = (services: Watched["services"]) =>
  Object.fromEntries(Object.entries(services).map(([key, service]) => [key, { ...service, count: 0 }]));

test("everything that runs is watched, by a key of its own", () => {
  assert.deepEqual(Object.keys(alarms(watched)).sort(), [
    "application-errors",
    "balancer-errors",
    "certificate-expiry",
    "database-main-connections",
    "database-main-cpu",
    "database-main-credits",
    "database-main-memory",
    "database-main-storage",
    "queue-schedules-undelivered",
    "service-web-unhealthy",
    "service-worker-stopped",
    "slow-answers",
  ]);
});

test("a process that is asleep has no alarm, and without any the balancer has none either", () => {
  const keys = Object.keys(alarms({ ...watched, services: asleep(watched.services) }));
  assert.deepEqual(
    keys.filter((key) => !key.startsWith("database-")).sort(),
    ["certificate-expiry", "queue-schedules-undelivered"],
    "an empty balancer answers 503 and is right to",
  );
});

test("a worker alone leaves the balancer unwatched", () => {
  const { worker } = watched.services;
  assert.ok(worker);
  const keys = Object.keys(alarms({ ...watched, services: { worker } }));
  assert.ok(keys.includes("service-worker-stopped"));
  assert.ok(!keys.some((key) => ["balancer-errors", "application-errors", "slow-answers"].includes(key)));
});

test("silence is the alarm for what should run, and for nothing else", () => {
  const silence = Object.entries(alarms(watched)).flatMap(([key, { missing }]) =>
    missing === undefined ? [] : [[key, missing]],
  );
  assert.deepEqual(silence, [
    ["service-web-unhealthy", "breaching"],
    ["service-worker-stopped", "missing"],
  ]);
});

test("a public process is measured at the balancer, a worker by its own load", () => {
  const table = alarms(watched);
  assert.deepEqual(table["service-web-unhealthy"]?.dimensions, {
    LoadBalancer: "app/b/1",
    TargetGroup: "targetgroup/web/1",
  });
  assert.deepEqual(table["service-worker-stopped"]?.dimensions, {
    ClusterName: "shop-prod",
    ServiceName: "shop-worker",
  });
  assert.equal(table["service-worker-stopped"]?.statistic, "SampleCount");
});

test("a worker may pause for ten minutes: exactly-one processes do at each deployment", () => {
  const alarm = alarms(watched)["service-worker-stopped"];
  assert.equal((alarm?.period ?? 0) * (alarm?.periods ?? 0), 600);
});

test("slow is what the configuration says, at the 95th percentile", () => {
  const alarm = alarms({ ...watched, slow: 0.5 })["slow-answers"];
  assert.deepEqual([alarm?.statistic, alarm?.beyond], ["p95", { above: 0.5 }]);
});

test("one message in a queue of failures is one too many", () => {
  assert.deepEqual(alarms(watched)["queue-schedules-undelivered"]?.beyond, { above: 0 });
});

test("the certificate is told 30 days before it expires", () => {
  assert.deepEqual(alarms(watched)["certificate-expiry"]?.beyond, { below: 30 });
});

test("each mail names what it is about, within CloudWatch's caps", () => {
  for (const [key, { description, period, periods }] of Object.entries(alarms(watched))) {
    assert.ok(description.length > 20 && description.length <= 1024, key);
    assert.ok(period % 60 === 0 && periods >= 1, key);
  }
  assert.match(alarms(watched)["database-main-cpu"]?.description ?? "", /^database main: /);
});
