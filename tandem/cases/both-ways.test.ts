import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import { ENVIRONMENTS, type EnvironmentName } from "../../config/settings";
import type { CloudObject } from "../../rehearsal/types";
import { findCli } from "../cli";
import { InProcess, type Memory } from "../in-process";
import type { Project } from "../project";
import { RealEngine } from "../real-engine";
import { scratch } from "../scratch.test-helper";
import { writeConfig } from "../stack-file";
import { changes, isResource, type Outcome, type Way } from "../way";
import { A, B, copyOfExample, release } from "./promoted.test-helper";
import { under } from "./rehearsed.test-helper";

/** A rehearsal that is gone on with: what was configured since has been pushed since. */
interface Life {
  readonly project: Project;
  readonly open: () => Promise<Way>;
  readonly objects: () => readonly CloudObject[];
  /** Which environments are looked at again once they stand. */
  readonly again: readonly EnvironmentName[];
}

/** Both environments up, unchanged when looked at again, one release further and back, and the sandbox gone again. */
async function throughLife({ project, open, objects, again }: Life): Promise<Record<string, Outcome>> {
  release(project, A);
  let way = await open();
  const up = {
    sandbox: await way.run("sandbox", "up"),
    prod: await way.run("prod", "up"),
  };
  for (const environment of ENVIRONMENTS) {
    assert.deepEqual(up[environment].failures, []);
    assert.ok(changes(up[environment].steps).every(({ op }) => op === "create"));
  }
  for (const environment of again) {
    const { steps, failures } = await way.run(environment, "preview");
    assert.deepEqual(failures, []);
    assert.deepEqual(changes(steps), []);
  }
  assert.deepEqual(up.prod.outputs.passport && (up.prod.outputs.passport as { release: unknown }).release, {
    web: (up.sandbox.outputs.passport as { release: { web: string } }).release.web,
  });

  release(project, B);
  way = await open();
  const next = { proved: await way.run("sandbox", "up"), promoted: await way.run("prod", "up") };
  writeConfig(project, "prod", { passport: idOf(up.prod) });
  way = await open();
  const later = { ...next, back: await way.run("prod", "up") };
  for (const { failures } of Object.values(later)) assert.deepEqual(failures, []);
  assert.deepEqual(names(later.back), names(later.promoted), "going back takes the steps of a promotion");
  assert.deepEqual(
    later.back.outputs.passports && (later.back.outputs.passports as { id: string }[]).map(({ id }) => id),
    [idOf(up.prod), idOf(later.promoted)],
  );

  assert.deepEqual((await way.run("sandbox", "destroy")).failures, []);
  assert.deepEqual(left(objects(), "111111111111"), [], "the sandbox retains nothing");
  const refused = await way.run("prod", "destroy");
  assert.match(refused.failures.map(({ message }) => message).join("\n"), /is protected|holds 1 image/);
  const kept = new Set(left(objects(), "222222222222").map((line) => line.split(" ")[0]));
  for (const type of RETAINED) assert.ok(kept.has(type), `production retains ${type}`);
  return { ...up, ...later };
}

const idOf = ({ outputs }: Outcome) => (outputs.passport as { id: string }).id;

/** What the posture holds, and what that stands on. */
const RETAINED = [
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:backup/vault:Vault",
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

// No run is killed here: the engine may keep its state until the end, a third quicker.
process.env.PULUMI_EXPERIMENTAL = "true";
process.env.PULUMI_SKIP_CHECKPOINTS = "true";

test("oc-pizza lives the same life in process and with the real engine", async (t) => {
  const files = scratch("files");
  t.after(() => rmSync(files, { recursive: true, force: true }));
  const project = copyOfExample(files);
  let memory: Memory | undefined;
  const here = await throughLife({
    project,
    open: async () => {
      const way = memory === undefined ? new InProcess(project) : under(project, memory);
      memory = way.memory;
      return way;
    },
    objects: () => memory?.cloud.objects() ?? [],
    again: ENVIRONMENTS,
  });

  await t.test("with the real engine", async (real) => {
    const cli = await findCli();
    if (!("path" in cli)) return real.skip(cli.reason);
    const folder = scratch("life");
    try {
      let engine: RealEngine | undefined;
      // The guard rails take seconds of each run: here they stand from the third opening on.
      let opened = 0;
      const there = await throughLife({
        project: copyOfExample(files),
        open: async () => {
          opened += 1;
          engine = await RealEngine.open(project, folder, cli, ...(opened < 3 ? [[]] : []));
          return engine;
        },
        objects: () => engine?.clouds.cloud.objects() ?? [],
        // A preview takes the engine ten seconds: production's stands for both.
        again: ["prod"],
      });
      for (const run of Object.keys(here)) {
        assert.deepEqual(names(there[run] as Outcome), names(here[run] as Outcome), run);
        assert.deepEqual(there[run]?.outputs, here[run]?.outputs, run);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
