import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { job as jobSchema } from "../config/schema/tasks";
import { ofType, record } from "./recorder";
import type { RunnableApplication } from "./runnable";
import { SourceCheck, type SourceCheckArgs } from "./source-check";

const GUN = { URL: "https://gun.example/api?secret-looking", KEY: "arn:key:current::v1" };

async function declared(
  { URL, KEY }: typeof GUN = GUN,
  more: { readonly image?: string; readonly args?: Partial<SourceCheckArgs> } = {},
) {
  let check: SourceCheck | undefined;
  const recorded = await record(() => {
    const application: RunnableApplication = {
      key: "web",
      enabled: true,
      released: pulumi.output(true),
      image: pulumi.output(more.image ?? "image@sha256:1"),
      environment: {
        variables: { GUN_API_URL: URL, LANG: more.image ?? "fr" },
        secrets: { GUN_API_KEY: KEY },
      },
      roles: { executionArn: pulumi.output("arn:execution"), taskArn: pulumi.output("arn:task") },
      logDays: 14,
    };
    check = new SourceCheck("web-source-gun", {
      scope: { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" },
      application,
      source: "gun",
      settings: { variables: ["GUN_API_URL", "GUN_API_KEY"], check: "gun-check" },
      job: jobSchema.parse({
        application: "web",
        command: "rake gun:check",
        timeout: "10m",
        inputs: { LEAST: { question: "How many at the least?", default: "1000" } },
      }),
      runs: true,
      releaser: { functionName: pulumi.output("shop-prod-release") },
      after: [],
      ...more.args,
    });
  });
  const input = ofType(recorded, "aws:lambda/invocation:Invocation")["web-source-gun-run"]?.input;
  return { recorded, check, input: input === undefined ? undefined : JSON.parse(String(input)) };
}

test("a source's check is its job's command in a task of its own, with the new values and its inputs' defaults", async () => {
  const { recorded } = await declared();
  const definition = ofType(recorded, "aws:ecs/taskDefinition:TaskDefinition")["web-source-gun"];
  assert.equal(definition?.family, "shop-prod-source-web_gun");
  const [container] = JSON.parse(String(definition?.containerDefinitions));
  assert.deepEqual(container.command, ["sh", "-c", "rake gun:check"]);
  assert.deepEqual(container.dockerLabels, { "tandem.timeout": "600" });
  assert.deepEqual(container.environment, [
    { name: "GUN_API_URL", value: GUN.URL },
    { name: "LANG", value: "fr" },
    { name: "LEAST", value: "1000" },
  ]);
  assert.deepEqual(container.secrets, [{ name: "GUN_API_KEY", valueFrom: GUN.KEY }]);
});

test("the function is told names, the job and a key for the values, and never a value", async () => {
  const { input } = await declared();
  const { key, ...said } = input;
  assert.match(key, /^[0-9a-f]{16}$/);
  assert.deepEqual(said, {
    do: "source",
    application: "web",
    source: "gun",
    variables: ["GUN_API_URL", "GUN_API_KEY"],
    job: "gun-check",
    taskDefinition: "shop-prod-source-web_gun",
    logGroup: "/shop/prod/web/source/gun",
  });
});

test("another address or another version of the key is checked anew; another image or variable is not", async () => {
  const key = async (...args: Parameters<typeof declared>) => (await declared(...args)).input.key;
  const former = await key();
  assert.notEqual(await key({ ...GUN, URL: "https://other.example" }), former);
  assert.notEqual(await key({ ...GUN, KEY: "arn:key:current::v2" }), former);
  assert.equal(await key(GUN, { image: "image@sha256:2" }), former);
});

test("where nothing runs there is nothing to switch", async () => {
  const { check, input } = await declared(GUN, { args: { runs: false } });
  assert.deepEqual([check?.step, input], [undefined, undefined]);
});
