import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { ofType, record } from "./recorder";
import { Releaser, type ReleaserArgs } from "./releaser";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };

const declared = (more: Partial<ReleaserArgs> = {}) =>
  record(
    () =>
      new Releaser("releaser", {
        scope,
        applications: ["web"],
        databases: [pulumi.output("shop-prod-main"), "legacy"],
        clusterArn: "arn:cluster",
        clusterName: "shop-prod",
        subnetIds: ["subnet-1", pulumi.output("subnet-2")],
        assignPublicIp: true,
        securityGroupId: "sg-1",
        logDays: 90,
        ...more,
      }),
  );

interface Statement {
  Sid: string;
  Action: string[];
  Resource: string | string[];
  Condition?: object;
}

async function rights(more: Partial<ReleaserArgs> = {}): Promise<Record<string, Statement>> {
  const recorded = await declared(more);
  const text = ofType(recorded, "aws:iam/rolePolicy:RolePolicy")["releaser-role-policy"]?.policy as string;
  return Object.fromEntries(JSON.parse(text).Statement.map((s: Statement) => [s.Sid, s]));
}

test("it is one function with its role and log, and has Lambda's longest time", async () => {
  const recorded = await declared();
  assert.deepEqual(recorded.map(({ type }) => type.split(":").at(-1)).sort(), [
    "Function",
    "LogGroup",
    "Role",
    "RolePolicy",
  ]);
  const lambda = ofType(recorded, "aws:lambda/function:Function").releaser;
  assert.equal(lambda?.name, "shop-prod-release");
  assert.equal(lambda?.timeout, 900);
  assert.equal(lambda?.handler, "release/handler.handler");
  assert.equal(typeof require("./release/handler.js").handler, "function");
  assert.deepEqual(lambda?.environment, {
    variables: {
      CLUSTER: "arn:cluster",
      SUBNETS: "subnet-1,subnet-2",
      SECURITY_GROUP: "sg-1",
      ASSIGN_PUBLIC_IP: "ENABLED",
      LOG_GROUP: "/shop/prod/release",
    },
  });
});

test("it may run release commands, in this cluster, with exactly their roles", async () => {
  const may = await rights();
  const inCluster = { ArnEquals: { "ecs:cluster": "arn:cluster" } };
  const family = (kind: string) => `arn:aws:ecs:eu-west-3:222222222222:task-definition/shop-prod-${kind}-*:*`;
  assert.deepEqual(may.Run?.Resource, [family("release"), family("migrations")]);
  assert.deepEqual(may.Run?.Condition, inCluster);
  assert.deepEqual(may.Pass?.Resource, [
    "arn:aws:iam::222222222222:role/shop-prod-web-execution",
    "arn:aws:iam::222222222222:role/shop-prod-web-task",
  ]);
  assert.deepEqual(may.Pass?.Condition, {
    StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
  });
  assert.equal(may.Tasks?.Resource, "arn:aws:ecs:eu-west-3:222222222222:task/shop-prod/*");
  const logs = "arn:aws:logs:eu-west-3:222222222222:log-group:/shop/prod/*/task";
  assert.deepEqual([may.Read?.Resource].flat().slice(0, 2), [`${logs}/release:*`, `${logs}/migrations:*`]);
});

test("where there is demonstration data it may run that too, and read its log", async () => {
  const may = await rights({ demos: ["web"] });
  for (const statement of [may.Run, may.Read])
    assert.equal(
      [statement?.Resource].flat().filter((arn) => /prod-demo-|task\/demo/.test(String(arn))).length,
      1,
    );
});

test("where sources are checked it may run exactly their checks, and reads nothing that they say", async () => {
  const may = await rights({ sources: { web: ["gun"] } });
  const run = [may.Run?.Resource].flat().filter((arn) => /source/.test(String(arn)));
  assert.deepEqual(run, ["arn:aws:ecs:eu-west-3:222222222222:task-definition/shop-prod-source-web_gun:*"]);
  assert.doesNotMatch(JSON.stringify(may.Read), /web\/source/);
});

test("it deletes release snapshots of this environment's databases and nothing else", async () => {
  const may = await rights();
  const deletes = Object.values(may).filter(({ Action }) =>
    Action.some((action) => /Delete|Modify/.test(action)),
  );
  assert.deepEqual(deletes, [
    {
      Sid: "Prune",
      Effect: "Allow",
      Action: ["rds:DeleteDBSnapshot"],
      Resource: [
        "arn:aws:rds:eu-west-3:222222222222:snapshot:legacy-release-*",
        "arn:aws:rds:eu-west-3:222222222222:snapshot:shop-prod-main-release-*",
      ],
    },
  ]);
  const open = Object.values(may).filter(({ Resource }) => Resource === "*");
  assert.deepEqual(
    open.map(({ Sid, Condition }) => [Sid, Condition !== undefined]),
    [["List", true]],
  );
});

test("without databases it has no right to any", async () => {
  const actions = Object.values(await rights({ databases: [] })).flatMap(({ Action }) => Action);
  assert.deepEqual(
    actions.filter((action) => action.startsWith("rds:")),
    [],
  );
});
