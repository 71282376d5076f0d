import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { ofType, record } from "./recorder";
import { Roles, type RolesArgs } from "./roles";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };

interface Statement {
  Sid: string;
  Action: string[];
  Resource: string | string[];
}

async function declared(more: Partial<RolesArgs> = {}) {
  const recorded = await record(
    () =>
      new Roles("web-roles", {
        scope,
        application: "web",
        repositoryArn: "arn:repository",
        secretArns: [pulumi.output("arn:secret:b"), "arn:secret:a", "arn:secret:b"],
        bucketArns: ["arn:bucket"],
        ...more,
      }),
  );
  const policies = ofType(recorded, "aws:iam/rolePolicy:RolePolicy");
  const statements = (kind: string) =>
    Object.fromEntries(
      JSON.parse(policies[`web-roles-${kind}-policy`]?.policy as string).Statement.map((s: Statement) => [
        s.Sid,
        s,
      ]),
    ) as Record<string, Statement>;
  return { recorded, roles: ofType(recorded, "aws:iam/role:Role"), statements };
}

test("an application has two roles with one policy each, named for people", async () => {
  const { recorded, roles } = await declared();
  assert.equal(recorded.length, 4);
  assert.equal(roles["web-roles-execution"]?.name, "shop-prod-web-execution");
  assert.equal(roles["web-roles-task"]?.name, "shop-prod-web-task");
});

test("only ECS tasks of this account and region may assume them", async () => {
  for (const role of Object.values((await declared()).roles)) {
    const [statement] = JSON.parse(role.assumeRolePolicy as string).Statement;
    assert.deepEqual(statement.Principal, { Service: "ecs-tasks.amazonaws.com" });
    assert.deepEqual(statement.Condition, {
      StringEquals: { "aws:SourceAccount": "222222222222" },
      ArnLike: { "aws:SourceArn": "arn:aws:ecs:eu-west-3:222222222222:*" },
    });
  }
});

test("the execution role pulls its registry, reads exactly its secrets and writes its own logs", async () => {
  const execution = (await declared()).statements("execution");
  assert.equal(execution.Pull?.Resource, "arn:repository");
  assert.deepEqual(execution.Secrets?.Action, ["secretsmanager:GetSecretValue"]);
  assert.deepEqual(execution.Secrets?.Resource, ["arn:secret:a", "arn:secret:b"]);
  assert.equal(execution.Log?.Resource, "arn:aws:logs:eu-west-3:222222222222:log-group:/shop/prod/web/*");
});

test("the task role reaches its buckets and the console, never a secret", async () => {
  const task = (await declared()).statements("task");
  assert.deepEqual(Object.keys(task), ["Console", "Buckets", "Objects"]);
  assert.deepEqual(task.Buckets?.Resource, ["arn:bucket"]);
  assert.deepEqual(task.Objects?.Resource, ["arn:bucket/*"]);
});

test("without secrets and buckets there are no statements for them", async () => {
  const { statements } = await declared({ secretArns: [], bucketArns: [] });
  assert.deepEqual(Object.keys(statements("execution")), ["Login", "Pull", "Log"]);
  assert.deepEqual(Object.keys(statements("task")), ["Console"]);
});

test("the only statements on every resource are those whose API takes no other", async () => {
  const { statements } = await declared();
  const open = [...Object.values(statements("execution")), ...Object.values(statements("task"))].filter(
    ({ Resource }) => Resource === "*",
  );
  assert.deepEqual(
    open.map(({ Sid }) => Sid),
    ["Login", "Console"],
  );
  assert.ok(open.every(({ Action }) => Action.every((action) => !action.includes("*"))));
});
