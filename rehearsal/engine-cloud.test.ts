import assert from "node:assert/strict";
import { test } from "node:test";
import * as aws from "@pulumi/aws";
import * as random from "@pulumi/random";
import { Cloud } from "./cloud";
import { run } from "./engine";
import { changes } from "./fake-cloud.test-helper";
import type { RunOptions } from "./run-types";
import { worldFor } from "./world";

function options(cloud: Cloud, generation: number): RunOptions {
  const program = async () => {
    const password = new random.RandomPassword("password", {
      length: 20,
      keepers: { generation: `${generation}` },
    });
    const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
    const subnet = new aws.ec2.Subnet("subnet", { vpcId: vpc.id, cidrBlock: `10.0.${generation}.0/24` });
    return { password: password.result, unset: subnet.outpostArn.apply((arn) => arn ?? "none") };
  };
  const where = { project: "app", stack: "sandbox", config: {}, secretKeys: [] };
  return { ...where, program, cloud, account: "111111111111", operation: "up" };
}

test("the simulated clouds take the same steps in a preview as in the run, and give the passwords back as secret", async () => {
  const cloud = Cloud.empty(worldFor({}));
  const preview = await run({ ...options(cloud, 1), operation: "preview" });
  assert.deepEqual(preview.failures, []);
  assert.equal(cloud.objects().length, 0);
  const first = await run(options(cloud, 1));
  assert.deepEqual(first.steps, preview.steps);
  assert.deepEqual(first.secretOutputs, ["password"]);
  assert.equal(first.outputs.unset, "none");
  assert.equal(preview.outputs.unset, "none");

  const again = await run({ ...options(cloud, 1), state: first.state });
  assert.deepEqual(changes(again), []);
  const rotated = await run({ ...options(cloud, 2), state: again.state });
  assert.deepEqual(rotated.failures, []);
  assert.deepEqual([...changes(rotated)].sort(), [
    "create-replacement password",
    "create-replacement subnet",
    "delete-replaced password",
    "delete-replaced subnet",
    "replace password",
    "replace subnet",
  ]);
  assert.notEqual(rotated.outputs.password, first.outputs.password);
  const gone = await run({ ...options(cloud, 2), state: rotated.state, operation: "destroy" });
  assert.deepEqual(gone.failures, []);
  assert.equal(cloud.objects().length, 0);
});

test("a kill in the middle of a create leaves an object that the next run warns of", async () => {
  const cloud = Cloud.empty(worldFor({}));
  cloud.faults.push({ type: "aws:ec2/subnet:Subnet", nth: 1, kind: "kill" });
  const killed = await run(options(cloud, 1));
  assert.equal(killed.killed, true);
  assert.deepEqual(
    killed.state.interrupted?.map((i) => i.op),
    ["create"],
  );
  const next = await run({ ...options(cloud, 1), state: killed.state });
  assert.match(next.diagnostics.join(), /killed in the middle of "create" of .*::subnet/);
});
