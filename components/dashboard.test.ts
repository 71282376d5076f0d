import assert from "node:assert/strict";
import { test } from "node:test";
import { dashboardBody } from "./dashboard";
import type { Watched } from "./watched";

const watched: Watched<string> = {
  balancerArnSuffix: "app/b/1",
  clusterName: "shop-prod",
  services: {
    web: { serviceName: "shop-web", count: 2, targetGroupArnSuffix: "targetgroup/web/1" },
    reports: { serviceName: "shop-reports", count: 0 },
  },
  databases: { main: { identifier: "shop-prod-main", storage: 20, size: "db.t4g.micro" } },
  queues: {},
  certificateArn: "arn:certificate",
  slow: 2,
};
const body = (more: Partial<Watched<string>> = {}, arns: readonly string[] = ["arn:one"]) =>
  dashboardBody({ ...watched, ...more }, "eu-west-3", arns).widgets;
const titles = (more: Partial<Watched<string>> = {}) => body(more).map(({ properties }) => properties.title);

test("alarms come first, then the public's view, the processes and the databases", () => {
  assert.deepEqual(titles(), [
    "Alarms",
    "Answers",
    "Seconds to answer",
    "Processes: CPU in percent",
    "Processes: memory in percent",
    "Databases: CPU in percent",
    "Databases: connections",
    "Databases: free disk in bytes",
    "Databases: free memory in bytes",
  ]);
});

test("what is not there has no chart", () => {
  assert.deepEqual(titles({ services: {}, databases: {} }), ["Alarms", "Answers", "Seconds to answer"]);
});

test("a process that is asleep has no line", () => {
  const text = JSON.stringify(body());
  assert.match(text, /shop-web/);
  assert.doesNotMatch(text, /shop-reports/);
});

test("widgets stay on the grid and none covers another", () => {
  const cells = new Set<string>();
  for (const { x, y, width, height } of body()) {
    assert.ok(x >= 0 && x + width <= 24);
    for (let column = x; column < x + width; column++)
      for (let row = y; row < y + height; row++) {
        const cell = `${column},${row}`;
        assert.ok(!cells.has(cell), cell);
        cells.add(cell);
      }
  }
});

test("every chart names its region", () => {
  for (const { type, properties } of body())
    if (type === "metric") assert.equal(properties.region, "eu-west-3");
});

test("the alarm widget holds as many alarms as CloudWatch lets it", () => {
  const [state] = body(
    {},
    Array.from({ length: 150 }, (_, i) => `arn:${i}`),
  );
  assert.equal((state?.properties.alarms as string[] | undefined)?.length, 100);
});
