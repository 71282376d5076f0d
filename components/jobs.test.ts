import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import type { JobSettings } from "../config/schema";
import { Jobs, type JobsArgs } from "./jobs";
import { ofType, record } from "./recorder";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };

const job: JobSettings = {
  application: "web",
  command: ["python", "s3ic.py"],
  timeout: 3600,
  cpu: 256,
  memory: 512,
  inputs: { S3IC_URL: { question: "Which file?" } },
};

const args = (more: Partial<JobsArgs> = {}): JobsArgs => ({
  scope,
  jobs: { s3ic: job },
  applications: {
    web: {
      key: "web",
      enabled: true,
      released: pulumi.output(true),
      image: pulumi.output("registry/web@sha256:1"),
      environment: { variables: {}, secrets: { SECRET_KEY: "arn:key:current::v1" } },
      roles: { executionArn: pulumi.output("arn:execution"), taskArn: pulumi.output("arn:task") },
      logDays: 30,
    },
  },
  ...more,
});

test("a job is a task definition and its log, which nothing starts by itself", async () => {
  let jobs: Jobs | undefined;
  const recorded = await record(() => {
    jobs = new Jobs("jobs", args());
  });
  assert.deepEqual(recorded.map(({ type }) => type).sort(), [
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:ecs/taskDefinition:TaskDefinition",
  ]);
  const definition = ofType(recorded, "aws:ecs/taskDefinition:TaskDefinition")["jobs-s3ic"];
  const [container] = JSON.parse(definition?.containerDefinitions as string);
  assert.deepEqual(container.command, ["python", "s3ic.py"]);
  assert.deepEqual(container.dockerLabels, { "tandem.timeout": "3600", "tandem.inputs": "S3IC_URL" });
  assert.deepEqual(container.secrets, [{ name: "SECRET_KEY", valueFrom: "arn:key:current::v1" }]);
  assert.equal(definition?.executionRoleArn, "arn:execution");
  assert.deepEqual(jobs?.families, { s3ic: "shop-prod-job-s3ic" });
  assert.deepEqual(Object.keys(jobs?.taskDefinitionArns ?? {}), ["s3ic"]);
});

test("an application that is not there is refused by name", async () => {
  await record(() =>
    assert.throws(
      () => new Jobs("jobs", args({ applications: {} })),
      /Job "s3ic" runs application "web", which is not there \(there: none\)/,
    ),
  );
});

test("an input with a default may be left out: whichever way the job starts, the container has the default", async () => {
  const inputs = { YEAR: { question: "Which year?", default: "2026" }, KEY: { question: "Which key?" } };
  const recorded = await record(() => new Jobs("jobs", args({ jobs: { s3ic: { ...job, inputs } } })));
  const definition = ofType(recorded, "aws:ecs/taskDefinition:TaskDefinition")["jobs-s3ic"];
  const [container] = JSON.parse(definition?.containerDefinitions as string);
  assert.equal(container.dockerLabels["tandem.inputs"], "KEY,YEAR?");
  assert.deepEqual(container.environment, [{ name: "YEAR", value: "2026" }]);
});
