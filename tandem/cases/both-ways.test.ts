import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import { ENVIRONMENTS } from "../../config/settings";
import type { CloudObject } from "../../rehearsal/types";
import { findCli } from "../cli";
import { InProcess } from "../in-process";
import { openProject } from "../project";
import { RealEngine } from "../real-engine";
import { scratch } from "../scratch.test-helper";
import { changes, isResource, type Outcome, type Way } from "../way";

const project = openProject("oc-pizza");

/** Both environments up, unchanged when looked at again, and the sandbox gone again. */
async function throughLife(
  way: Way,
  objects: () => readonly CloudObject[],
): Promise<Record<string, Outcome>> {
  const up = {
    sandbox: await way.run("sandbox", "up"),
    prod: await way.run("prod", "up"),
  };
  for (const environment of ENVIRONMENTS) {
    assert.deepEqual(up[environment].failures, []);
    assert.ok(changes(up[environment].steps).every(({ op }) => op === "create"));
    const { steps, failures } = await way.run(environment, "preview");
    assert.deepEqual(failures, []);
    assert.deepEqual(changes(steps), []);
  }
  assert.deepEqual(up.prod.outputs.passport && (up.prod.outputs.passport as { release: unknown }).release, {
    web: (up.sandbox.outputs.passport as { release: { web: string } }).release.web,
  });

  assert.deepEqual((await way.run("sandbox", "destroy")).failures, []);
  assert.deepEqual(left(objects(), "111111111111"), [], "the sandbox retains nothing");
  const refused = await way.run("prod", "destroy");
  assert.match(refused.failures.map(({ message }) => message).join("\n"), /is protected|holds 1 image/);
  const kept = new Set(left(objects(), "222222222222").map((line) => line.split(" ")[0]));
  for (const type of RETAINED) assert.ok(kept.has(type), `production retains ${type}`);
  return up;
}

/** What the posture holds, and what that stands on. */
const RETAINED = [
  "aws:rds/instance:Instance",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:ecr/repository:Repository",
  "aws:ec2/subnet:Subnet",
];

const left = (objects: readonly CloudObject[], account: string) =>
  objects.filter((o) => o.account === account).map(({ type, id }) => `${type} ${id}`);

const names = ({ steps }: Outcome) =>
  steps
    .filter(isResource)
    .map(({ op, urn }) => `${op} ${urn}`)
    .sort();

test("oc-pizza lives the same life in process and with the real engine", async (t) => {
  const inProcess = new InProcess(project);
  const here = await throughLife(inProcess, () => inProcess.memory.cloud.objects());

  await t.test("with the real engine", async (real) => {
    const cli = await findCli();
    if (!("path" in cli)) return real.skip(cli.reason);
    const folder = scratch("life");
    try {
      const engine = await RealEngine.open(project, folder, cli);
      const there = await throughLife(engine, () => engine.clouds.cloud.objects());
      for (const environment of ENVIRONMENTS) {
        assert.deepEqual(names(there[environment] as Outcome), names(here[environment] as Outcome));
        assert.deepEqual(there[environment]?.outputs, here[environment]?.outputs);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
