import assert from "node:assert/strict";
import { test } from "node:test";
import type { Props } from "../types";
import { rules } from "./appautoscaling";
import { ACCOUNT, FakeCloud, refusal } from "./context.test-helper";

const TARGET = "aws:appautoscaling/target:Target";
const POLICY = "aws:appautoscaling/policy:Policy";
const ACTION = "aws:appautoscaling/scheduledAction:ScheduledAction";
const SERVICE = "aws:ecs/service:Service";
const WEB = {
  serviceNamespace: "ecs",
  scalableDimension: "ecs:service:DesiredCount",
  resourceId: "service/shop/web",
};

function scaling(service: Props = {}) {
  const cloud = new FakeCloud({ ...rules, [SERVICE]: {} });
  cloud.create(SERVICE, { arn: `arn:aws:ecs:eu-west-3:${ACCOUNT}:service/shop/web`, ...service });
  const target = (inputs: Props = {}) =>
    cloud.create(TARGET, { ...WEB, minCapacity: 1, maxCapacity: 4, ...inputs });
  return { cloud, target };
}

test("a target needs its service", () => {
  const { target } = scaling();
  assert.throws(() => target({ resourceId: "service/shop/none" }), refusal("ValidationException", /none/));
  assert.equal(target().id, "service/shop/web");
});

for (const [was, becomes] of [
  [0, 2],
  [3, 3],
  [9, 4],
] as const)
  test(`new bounds act at once: a service of ${was} becomes one of ${becomes}`, () => {
    const { cloud, target } = scaling({ desiredCount: was });
    target({ minCapacity: 2 });
    const service = cloud.objects.find(({ type }) => type === SERVICE);
    assert.equal(service?.outputs.desiredCount, becomes);
  });

test("policies and scheduled actions need a target", () => {
  const { cloud, target } = scaling();
  const action = {
    ...WEB,
    name: "sleep",
    schedule: "cron(0 20 * * ? *)",
    scalableTargetAction: { maxCapacity: 0 },
  };
  const policy = { ...WEB, name: "cpu" };
  assert.throws(() => cloud.create(POLICY, policy), refusal("ObjectNotFoundException"));
  assert.throws(() => cloud.create(ACTION, action), refusal("ObjectNotFoundException"));
  target();
  assert.match(String(cloud.create(POLICY, policy).outputs.arn), /policyName\/cpu$/);
  cloud.create(ACTION, action);
});

test("target tracking follows one metric", () => {
  const { cloud, target } = scaling();
  target();
  const targetTrackingScalingPolicyConfiguration = {
    customizedMetricSpecification: {},
    predefinedMetricSpecification: {},
  };
  const policy = { ...WEB, name: "cpu", targetTrackingScalingPolicyConfiguration };
  assert.throws(() => cloud.create(POLICY, policy), refusal("ValidationException", /one metric/));
});

test("a scheduled action does something, at a time that there is", () => {
  const { cloud, target } = scaling();
  target();
  const act = (inputs: Props) => () =>
    cloud.create(ACTION, {
      ...WEB,
      name: "a",
      schedule: "rate(1 day)",
      scalableTargetAction: { minCapacity: 0 },
      ...inputs,
    });
  assert.throws(
    act({ scalableTargetAction: {} }),
    refusal("ValidationException", /minCapacity or maxCapacity/),
  );
  assert.throws(act({ schedule: "daily" }), refusal("ValidationException", /daily/));
  assert.throws(act({ timezone: "Mars" }), refusal("ValidationException", /Mars/));
});
