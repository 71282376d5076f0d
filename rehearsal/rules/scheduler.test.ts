import assert from "node:assert/strict";
import { test } from "node:test";
import type { Props } from "../types";
import { ACCOUNT, FakeCloud, refusal, trust } from "./context.test-helper";
import { rules as iam } from "./iam";
import { rules } from "./scheduler";

const SCHEDULE = "aws:scheduler/schedule:Schedule";
const GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup";
const CLUSTER = "aws:ecs/cluster:Cluster";

function clockwork(service = "scheduler.amazonaws.com") {
  const cloud = new FakeCloud({ ...rules, ...iam, [CLUSTER]: {} });
  const role = cloud.create("aws:iam/role:Role", { name: "run", assumeRolePolicy: trust(service) });
  const arn = `arn:aws:ecs:eu-west-3:${ACCOUNT}:cluster/shop`;
  cloud.create(CLUSTER, { arn });
  const plan = (inputs: Props = {}, name = "main") =>
    cloud.create(
      SCHEDULE,
      {
        name: "backup",
        flexibleTimeWindow: { mode: "OFF" },
        scheduleExpression: "cron(7 3 * * ? *)",
        scheduleExpressionTimezone: "Europe/Paris",
        target: { arn, roleArn: role.outputs.arn },
        ...inputs,
      },
      name,
    );
  return { cloud, role, plan };
}

test("a schedule's ARN names its group", () => {
  const { cloud, plan } = clockwork();
  assert.equal(plan().outputs.arn, `arn:aws:scheduler:eu-west-3:${ACCOUNT}:schedule/default/backup`);
  cloud.create(GROUP, { name: "shop" });
  assert.match(String(plan({ groupName: "shop" }, "b").outputs.arn), /schedule\/shop\/backup$/);
});

test("a group that does not exist is refused", () => {
  assert.throws(() => clockwork().plan({ groupName: "none" }), refusal("ResourceNotFoundException", /none/));
});

test("names are taken once, in a group and among the groups", () => {
  const { cloud, plan } = clockwork();
  plan();
  assert.throws(() => plan({}, "b"), refusal("ConflictException"));
  cloud.create(GROUP, { name: "shop" });
  assert.throws(() => cloud.create(GROUP, { name: "shop" }, "b"), refusal("ConflictException"));
});

test("an expression that the scheduler cannot read is refused", () => {
  const { plan } = clockwork();
  assert.throws(
    () => plan({ scheduleExpression: "cron(7 3 * * *)" }),
    refusal("ValidationException", /5 fields/),
  );
});

test("an unknown time zone is refused", () => {
  const { plan } = clockwork();
  const inputs = { scheduleExpressionTimezone: "Europe/Lutetia" };
  assert.throws(() => plan(inputs), refusal("ValidationException", /Lutetia/));
});

test("a role that the scheduler cannot assume is refused", () => {
  assert.throws(
    () => clockwork("ecs.amazonaws.com").plan(),
    refusal("ValidationException", /cannot be assumed/),
  );
});
