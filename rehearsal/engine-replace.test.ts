import assert from "node:assert/strict";
import { test } from "node:test";
import * as aws from "@pulumi/aws";
import { Cloud } from "./cloud";
import { run } from "./engine";
import { changes } from "./fake-cloud.test-helper";
import type { RunOptions } from "./run-types";
import { worldFor } from "./world";

const cloud = Cloud.empty(worldFor({}));

const options: RunOptions = {
  project: "app",
  stack: "sandbox",
  config: {},
  secretKeys: [],
  program: async () => {
    const topic = new aws.sns.Topic("look", {});
    new aws.sns.Topic("other", { displayName: topic.name.apply(() => "other") });
    return { arn: topic.arn };
  },
  cloud,
  account: "111111111111",
  operation: "up",
};

test("what is asked for is replaced although nothing about it changed; the rest stays", async () => {
  const first = await run(options);
  assert.deepEqual(first.failures, []);
  const replace = (urn: string) => urn.endsWith("::look");
  const again = await run({ ...options, state: first.state, replace });
  assert.deepEqual(again.failures, []);
  assert.deepEqual(changes(again), ["create-replacement look", "replace look", "delete-replaced look"]);
  assert.notEqual(again.outputs.arn, first.outputs.arn);
  assert.equal(cloud.objects("aws:sns/topic:Topic").length, 2);
  assert.deepEqual(changes(await run({ ...options, state: again.state })), []);
});

test("what does not exist yet is made, not replaced", async () => {
  const fresh = { ...options, cloud: Cloud.empty(worldFor({})), replace: () => true };
  assert.ok(changes(await run(fresh)).every((line) => line.startsWith("create ")));
});
