import assert from "node:assert/strict";
import { test } from "node:test";
import { Notices, noticesPolicy } from "./notices";
import { ofType, record } from "./recorder";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };
const mails = ["ops@example.org", "owner@example.org", "ops@example.org"];
const declare = () => record(() => new Notices("notices", { scope, mails }));

test("there is one topic in the environment's region and one in us-east-1", async () => {
  const topics = ofType(await declare(), "aws:sns/topic:Topic");
  assert.deepEqual(
    Object.entries(topics)
      .map(([key, { name, region }]) => [key, name, region])
      .sort(),
    [
      ["notices", "shop-prod-notices", undefined],
      ["notices-global", "shop-prod-notices-global", "us-east-1"],
    ],
  );
});

test("everybody is told by mail of both topics, once", async () => {
  const subscriptions = ofType(await declare(), "aws:sns/topicSubscription:TopicSubscription");
  assert.deepEqual(Object.keys(subscriptions).sort(), [
    "notices-global-ops@example.org",
    "notices-global-owner@example.org",
    "notices-ops@example.org",
    "notices-owner@example.org",
  ]);
  assert.ok(Object.values(subscriptions).every(({ protocol }) => protocol === "email"));
  assert.equal(subscriptions["notices-ops@example.org"]?.region, undefined);
  assert.equal(subscriptions["notices-global-ops@example.org"]?.region, "us-east-1");
});

test("each topic has its own policy", async () => {
  const policies = ofType(await declare(), "aws:sns/topicPolicy:TopicPolicy");
  for (const key of ["notices", "notices-global"]) {
    const [statement] = JSON.parse(policies[key]?.policy as string).Statement;
    assert.equal(statement.Resource, policies[key]?.arn);
  }
});

test("alarms, rules, backups, budgets and database events may publish, and nothing more", () => {
  const { Statement } = JSON.parse(noticesPolicy("arn:aws:sns:eu-west-3:222222222222:t", scope));
  const allowed = Statement.filter(({ Effect }: { Effect: string }) => Effect === "Allow");
  assert.deepEqual(allowed.flatMap((s: { Principal: { Service: string[] } }) => s.Principal.Service).sort(), [
    "backup.amazonaws.com",
    "budgets.amazonaws.com",
    "cloudwatch.amazonaws.com",
    "events.amazonaws.com",
    "events.rds.amazonaws.com",
  ]);
  for (const { Action } of allowed) assert.equal(Action, "sns:Publish");
  assert.deepEqual(allowed[0].Condition, { StringEquals: { "aws:SourceAccount": "222222222222" } });
});

test("publishing without TLS is denied to everybody", () => {
  const { Statement } = JSON.parse(noticesPolicy("arn:t", scope));
  const [deny] = Statement.filter(({ Effect }: { Effect: string }) => Effect === "Deny");
  assert.equal(deny.Principal, "*");
  assert.deepEqual(deny.Condition, { Bool: { "aws:SecureTransport": "false" } });
});
