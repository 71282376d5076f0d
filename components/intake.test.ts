import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { Intake, type IntakeArgs } from "./intake";
import { FILES } from "./intake/function";
import { ofType, record } from "./recorder";

const S3IC = {
  bucket: "misc",
  prefix: "s3ic/",
  every: 691_200,
  minimumBytes: 1024,
  checksum: "sha256",
} as const;
const args: IntakeArgs = {
  scope: { project: "envinorma", environment: "prod", region: "eu-west-3", accountId: "222222222222" },
  intakes: { s3ic: { settings: S3IC, bucket: "misc-1", bucketArn: "arn:aws:s3:::misc-1" } },
  enabled: true,
  topicArn: "arn:topic",
  logDays: 90,
};
const door = { name: pulumi.output("envinorma-prod-jobs"), arn: pulumi.output("arn:door") };

const declare = (more: Partial<IntakeArgs> = {}) => record(() => new Intake("intake", { ...args, ...more }));

test("what is made in the folder reaches the function, and nothing else of the bucket", async () => {
  const recorded = await declare();
  const rule = ofType(recorded, "aws:cloudwatch/eventRule:EventRule")["intake-s3ic"];
  assert.deepEqual(JSON.parse(String(rule?.eventPattern)), {
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: { bucket: { name: ["misc-1"] }, object: { key: [{ prefix: "s3ic/" }] } },
  });
  const permission = ofType(recorded, "aws:lambda/permission:Permission")["intake-s3ic"];
  assert.equal(permission?.sourceArn, "arn:aws:test:eu-west-3:111111111111:intake-s3ic");
});

test("it reads its folders only, and starts jobs only where one checks", async () => {
  const statements = async (more: Partial<IntakeArgs>) => {
    const policies = ofType(await declare(more), "aws:iam/rolePolicy:RolePolicy");
    const { Statement } = JSON.parse(String(policies["intake-role-policy"]?.policy)) as {
      Statement: { Sid: string; Resource: string | string[] }[];
    };
    return Object.fromEntries(Statement.map(({ Sid, Resource }) => [Sid, Resource]));
  };
  const plain = await statements({});
  assert.deepEqual([plain.Read, plain.Check], [["arn:aws:s3:::misc-1/s3ic/*"], undefined]);
  assert.deepEqual((await statements({ door })).Check, "arn:door");
});

test("late, undelivered and silent are alarms with their rows in the runbook", async () => {
  const alarms = ofType(await declare(), "aws:cloudwatch/metricAlarm:MetricAlarm");
  const told = Object.values(alarms).map(({ name, alarmDescription }) => [
    String(name).replace("envinorma-prod-", ""),
    /#(.+)$/.exec(String(alarmDescription))?.[1],
  ]);
  assert.deepEqual(told, [
    ["intake-s3ic-late", "intake-late"],
    ["intake-undelivered", "intake-undelivered"],
    ["intake-silent", "intake-silent"],
  ]);
});

test("the function knows what is declared, and whether anything can be late", async () => {
  const { intake } = ofType(await declare({ enabled: false }), "aws:lambda/function:Function");
  const { variables = {} } = (intake?.environment ?? {}) as { variables?: Record<string, string> };
  assert.deepEqual(JSON.parse(variables.INTAKES ?? ""), { s3ic: { ...S3IC, bucket: "misc-1" } });
  assert.deepEqual([variables.ENABLED, variables.DOOR], ["false", undefined]);
});

test("every source of the function is there, in the folders in which they find each other", () => {
  for (const file of FILES) assert.ok(existsSync(join(__dirname, `${file}.js`)), file);
  assert.ok(require("./intake/handler.js"));
});
