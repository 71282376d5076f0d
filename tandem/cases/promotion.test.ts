import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { type Passport, passportId } from "../../components/passport";
import { CommandError, EXIT } from "../errors";
import { InProcess, type Memory } from "../in-process";
import { verification } from "../promotion-verify";
import { scratch } from "../scratch.test-helper";
import { variant } from "../variant";
import { changes } from "../way";
import { A, B, copyOfExample, promoted, release } from "./promoted.test-helper";
import { copied, lines, refuseFailed, under } from "./rehearsed.test-helper";

delete process.env.PULUMI_CONFIG_PASSPHRASE;

const folder = scratch("promotion");
after(() => rmSync(folder, { recursive: true, force: true }));
const project = copyOfExample(folder);

const ids = { a: passportId({ web: A }), b: passportId({ web: B }) };
const prodFile = () => readFileSync(join(folder, "Pulumi.prod.yaml"), "utf8");
const untouchedFile = prodFile();
const kept = ({ stacks }: Memory) =>
  ((stacks.prod?.outputs.passports ?? []) as Passport[]).map(({ id }) => id);

/** Everything of production, in a few characters. */
function production({ cloud, stacks }: Memory): string {
  const objects = Object.values(cloud.state.objects).filter(({ origin }) => origin.includes(":prod::"));
  assert.ok(objects.length > 100);
  return createHash("sha256")
    .update(JSON.stringify([objects, stacks.prod]))
    .digest("hex");
}

/** Release A in both environments; then release B in the sandbox. */
const stood = (async () => {
  release(project, A);
  const first = new InProcess(project);
  refuseFailed(await first.run("sandbox", "up"));
  const { said } = await promoted(project, first);
  const before = production(first.memory);
  release(project, B);
  const second = under(project, first.memory);
  refuseFailed(await second.run("sandbox", "up"));
  return { memory: second.memory, before, first: said };
})();

/** The situation in which B is proved and production runs A, to be changed. */
const situation = async () => under(project, copied((await stood).memory));

/** The same once B was promoted. */
const promotedOnce = situation().then(async (way) => ({
  ...(await promoted(project, way)),
  memory: way.memory,
}));
const afterwards = async () => under(project, copied((await promotedOnce).memory));

async function failing(promise: Promise<unknown>): Promise<CommandError> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  assert.ok(error instanceof CommandError, String(error));
  return error;
}

/** A new release: backup, then the release command, then the new version, then the look at it. */
const STEPS = [
  "create-replacement RandomId web-release-key keepers",
  "replace RandomId web-release-key keepers",
  "create-replacement Snapshot web-release-main dbSnapshotIdentifier",
  "replace Snapshot web-release-main dbSnapshotIdentifier",
  "create-replacement TaskDefinition web-release containerDefinitions",
  "replace TaskDefinition web-release containerDefinitions",
  "create-replacement TaskDefinition web-migrations containerDefinitions",
  "replace TaskDefinition web-migrations containerDefinitions",
  "create-replacement TaskDefinition web_web-task containerDefinitions",
  "replace TaskDefinition web_web-task containerDefinitions",
  "create-replacement Invocation web-release-run input",
  "replace Invocation web-release-run input",
  "create-replacement TaskDefinition schedules-clear-sessions-task containerDefinitions",
  "replace TaskDefinition schedules-clear-sessions-task containerDefinitions",
  "update Service web_web taskDefinition",
  "create-replacement Invocation verification triggers",
  "replace Invocation verification triggers",
  "delete-replaced Invocation verification",
  "delete-replaced TaskDefinition schedules-clear-sessions-task",
  "delete-replaced Invocation web-release-run",
  "delete-replaced TaskDefinition web_web-task",
  "delete-replaced TaskDefinition web-migrations",
  "delete-replaced TaskDefinition web-release",
  "retain Snapshot web-release-main",
  "delete-replaced RandomId web-release-key",
];

describe("a promotion", () => {
  test("a release in the sandbox changes nothing in production", async () => {
    const { memory, before } = await stood;
    assert.equal(production(memory), before);
  });

  test("touches the release and nothing else, in these steps", async () => {
    const { up, said, memory } = await promotedOnce;
    assert.ok(up);
    assert.deepEqual(lines(up), STEPS);
    assert.deepEqual(kept(memory), [ids.b, ids.a]);
    assert.match(said, new RegExp(`^Promoting ${ids.b} in this process\\.`));
    assert.match(said, /web +sha256:aaaaaaaaaaaa -> sha256:bbbbbbbbbbbb\n/);
    assert.match(said, /verified +2026-11-22 \d\d:\d\d UTC by https:\/\/sandbox\.oc-pizza\.fr/);
    assert.match(said, new RegExp(`Production runs ${ids.b}: web sha256:bbbbbbbbbbbb \\(`));
    assert.match(said, new RegExp(`Going back to ${ids.a} .*: npx tandem promote --back`));
  });

  test("going back is a promotion of the former release, and stays until the next promotion", async () => {
    const way = await afterwards();
    const back = await promoted(project, way, { back: true, yes: true });
    assert.ok(back.up);
    assert.deepEqual(lines(back.up), STEPS);
    assert.deepEqual(kept(way.memory), [ids.a, ids.b]);
    assert.match(back.said, new RegExp(`Going back to ${ids.a} in this process`));
    assert.match(back.said, /Commit Pulumi\.prod\.yaml/);
    assert.match(prodFile(), new RegExp(`oc-pizza:passport: ${ids.a}\n`));

    const again = await way.run("prod", "up");
    assert.deepEqual([again.failures, changes(again.steps)], [[], []], "an up stays at the release");
    const forward = await promoted(project, way);
    assert.match(forward.said, new RegExp(`^Pulumi\\.prod\\.yaml kept production at ${ids.a}: taken out`));
    assert.deepEqual(kept(way.memory), [ids.b, ids.a]);
    assert.equal(prodFile(), untouchedFile);
  });

  test("of what production runs already is none, and says so", async () => {
    const way = await afterwards();
    const { said, up } = await promoted(project, way, {});
    assert.equal(up, undefined);
    assert.match(
      said,
      new RegExp(`Nothing to promote: production runs ${ids.b} already, and nothing else changes`),
    );
  });

  test("asks; a no touches nothing", async () => {
    const way = await situation();
    const before = production(way.memory);
    const asked: string[] = [];
    const ask = async () => {
      asked.push(production(way.memory));
      return false;
    };
    const { said } = await promoted(project, way, { ask });
    assert.deepEqual(asked, [before]);
    assert.match(said, /Nothing was touched\.$/);
    assert.equal(production(way.memory), before);
  });

  test("refuses where there is nobody to ask, and leaves the files as they were", async () => {
    const way = await afterwards();
    const before = production(way.memory);
    const error = await failing(promoted(project, way, { back: ids.a }));
    assert.equal(error.exitCode, EXIT.usage);
    assert.match(error.message, /there is no terminal to ask in\. Add --yes/);
    assert.equal(production(way.memory), before);
    assert.equal(prodFile(), untouchedFile);
  });

  test("goes back to what was kept only: the kept ones are listed", async () => {
    const nothing = await failing(promoted(project, await situation(), { back: true, yes: true }));
    assert.match(nothing.message, /nothing to go back to yet: production took one release/);
    const error = await failing(promoted(project, await afterwards(), { back: "r-ffffffffffff", yes: true }));
    assert.equal(error.exitCode, EXIT.usage);
    assert.match(error.message, new RegExp(`${ids.b} .*sha256:bbbbbbbbbbbb .*\\(runs now\\)\n +${ids.a} `));
  });

  test("that is refused touches nothing and says every reason", async () => {
    const way = await situation();
    const images = way.memory.cloud.state.world.images as Record<string, readonly string[]>;
    images["oc-pizza-prod-web"] = [A];
    way.memory.cloud.clock.set("2026-12-01T09:00:00.000Z");
    const before = production(way.memory);
    const error = await failing(promoted(project, way));
    assert.match(error.message, /for 2 reasons; nothing was touched/);
    assert.match(error.message, /no image sha256:bbbb/);
    assert.match(error.message, /9 days and 1 hour ago/);
    assert.equal(production(way.memory), before);
  });

  test("that fails says what stands, and that a migration is not put back", async () => {
    const way = await situation();
    const ask = async () => {
      way.memory.cloud.faults.push({ type: "aws:ecs/taskDefinition:TaskDefinition", nth: 2, kind: "fail" });
      return true;
    };
    const error = await failing(promoted(project, way, { ask }));
    assert.match(error.message, new RegExp(`^Production does not stand at ${ids.b}\\.`));
    assert.match(
      error.message,
      new RegExp(`The last release that stood whole is ${ids.a} \\(web sha256:aaaaaaaaaaaa\\)`),
    );
    assert.match(error.message, /\d+ steps were done before the failure and are kept/);
    assert.match(error.message, /Where a migration ran, nothing was put back/);
  });
});

describe("a verification", () => {
  test("is made anew without any change, so that an old release can be promoted", async () => {
    const way = await situation();
    way.memory.cloud.clock.set("2026-12-01T09:00:00.000Z");
    const said = await verification(way);
    assert.match(
      said,
      new RegExp(`^The sandbox runs ${ids.b}, verified 2026-12-01 09:00 UTC \\(1 replaced, `),
    );
    assert.match(said, /answers {2}https:\/\/sandbox\.oc-pizza\.fr/);
    assert.match((await promoted(project, way)).said, new RegExp(`Production runs ${ids.b}`));
  });

  test("needs something that runs", async () => {
    const off = variant(project, { sandbox: { differences: { enabled: false } } });
    const error = await failing(verification(under(off, copied((await stood).memory))));
    assert.match(error.message, /Nothing runs in the sandbox, so there is nothing to look at/);
  });

  test("of a sandbox that does not stand is none", async () => {
    const way = await situation();
    way.memory.cloud.faults.push({ type: "aws:lambda/invocation:Invocation", nth: 1, kind: "fail" });
    assert.match((await failing(verification(way))).message, /^The sandbox is not verified\.\n/);
  });
});
