import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { Commits } from "./commits";
import { hasButtons, JobButtons, type JobButtonsArgs } from "./job-buttons";
import { ofType, record } from "./recorder";
import { NOTICES } from "./workflows/notices.test-helper";

const DOOR = "arn:aws:lambda:eu-west-3:222222222222:function:shop-prod-jobs";

const declare = (more: Partial<JobButtonsArgs> = {}) =>
  record(
    () =>
      new JobButtons("jobs", {
        scope: { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" },
        owner: "acme",
        ownerId: "1001",
        commits: new Commits("shop", "main"),
        providerArn: "arn:issuer",
        guardFunction: { name: pulumi.output("shop-prod-jobs"), arn: pulumi.output(DOOR) },
        jobs: { export: { inputs: {} } },
        schedules: { scrape: { cron: "0 6 * * *" } },
        notices: NOTICES,
        ...more,
      }),
    () => ({ repositoryId: 77 }),
  );

test("its environment has no reviewers and takes the one branch only", async () => {
  const recorded = await declare();
  const environment = ofType(recorded, "github:index/repositoryEnvironment:RepositoryEnvironment").jobs;
  assert.equal(environment?.environment, "prod-jobs");
  assert.equal(environment?.reviewers, undefined);
  const policies = ofType(
    recorded,
    "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy",
  );
  assert.deepEqual(
    Object.values(policies).map(({ branchPattern }) => branchPattern),
    ["main"],
  );
});

test("its role may ask this one function and nothing else, from this one environment", async () => {
  const recorded = await declare();
  const [policy] = Object.values(ofType(recorded, "aws:iam/rolePolicy:RolePolicy"));
  assert.deepEqual(JSON.parse(policy?.policy as string).Statement, [
    { Sid: "AskTheGuard", Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [DOOR] },
  ]);
  const [role] = Object.values(ofType(recorded, "aws:iam/role:Role"));
  assert.equal(role?.name, "shop-prod-jobs");
  const [statement] = JSON.parse(role?.assumeRolePolicy as string).Statement;
  assert.deepEqual(statement.Condition.StringEquals["token.actions.githubusercontent.com:sub"], [
    "repo:acme/shop:environment:prod-jobs",
    "repo:acme@1001/shop@77:environment:prod-jobs",
  ]);
});

test("what the workflows read stands in their environment", async () => {
  const variables = Object.values(
    ofType(await declare(), "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable"),
  ).map(({ environment, variableName, value }) => [environment, variableName, value]);
  assert.deepEqual(variables.sort(), [
    ["prod-jobs", "AWS_REGION", "eu-west-3"],
    ["prod-jobs", "AWS_ROLE_ARN", "arn:aws:test:eu-west-3:111111111111:jobs-role"],
    ["prod-jobs", "GUARD_FUNCTION", "shop-prod-jobs"],
  ]);
});

for (const [what, more, files] of [
  ["jobs and a clock", {}, ["jobs-prod", "data-prod"]],
  ["jobs only", { schedules: {} }, ["jobs-prod"]],
  ["a clock only", { jobs: {} }, ["data-prod"]],
] as const)
  test(`${what}: ${files.join(" and ")}`, async () => {
    const committed = Object.values(
      ofType(await declare(more), "github:index/repositoryFile:RepositoryFile"),
    );
    assert.deepEqual(
      committed.map(({ file }) => file),
      files.map((name) => `.github/workflows/${name}.yml`),
    );
    for (const { content, file } of committed)
      assert.equal(`.github/workflows/${parse(content as string).name.replace(" ", "-")}.yml`, file);
  });

test("where nobody starts anything there is nothing for buttons", () => {
  assert.equal(hasButtons({ jobs: {}, schedules: {} }), false);
  assert.equal(hasButtons({ jobs: { export: { inputs: {} } }, schedules: {} }), true);
});
