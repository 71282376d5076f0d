import assert from "node:assert/strict";
import { test } from "node:test";
import type { Passport } from "../../components/passport";
import { Cloud } from "../../rehearsal/cloud";
import type { Fault } from "../../rehearsal/faults";
import type { Props } from "../../rehearsal/types";
import { InProcess, type Memory } from "../in-process";
import { openProject, type Project } from "../project";
import { type Changes, variant } from "../variant";
import { changes, type Outcome } from "../way";
import { copied, lines, objectsOf, refuseFailed, under } from "./rehearsed.test-helper";

const project = openProject("oc-pizza");
const RELEASER = "oc-pizza-sandbox-release";
const ACCOUNT = "111111111111";
const OLD = "sha256:1f0c5e3b";
const NEW = `sha256:${"9".repeat(64)}`;

/** The sandbox as the example declares it; each test goes on in a copy. */
const stood = (async () => {
  const way = new InProcess(project);
  refuseFailed(await way.run("sandbox", "up"));
  return way.memory;
})();

interface Twist {
  readonly shared?: Changes["shared"];
  /** @default the example's */
  readonly from?: Project;
  /** What the function answers to `release`. */
  readonly release?: Props;
  /** Whether the new image has not been pushed. */
  readonly lost?: boolean;
  readonly fault?: Fault;
}

/** A new image in the sandbox, under circumstances. */
async function update({ shared, from = project, release, lost, fault }: Twist = {}) {
  const next = variant(from, {
    sandbox: { release: { web: NEW } },
    ...(shared === undefined ? {} : { shared }),
  });
  const way = under(next, copied(await stood));
  const world = way.memory.cloud.state.world;
  const functions = {
    ...world.functions,
    [RELEASER]: { ...world.functions?.[RELEASER], ...(release && { release }) },
  };
  const images = lost
    ? Object.fromEntries(Object.keys(world.images).map((name) => [name, []]))
    : world.images;
  way.memory.cloud = new Cloud({ ...way.memory.cloud.state, world: { ...world, functions, images } });
  if (fault) way.memory.cloud.faults.push(fault);
  return { way, outcome: await way.run("sandbox", "up") };
}

/** The example without a release command: nothing then stands between its backup and its new version. */
function withoutCommand(): Project {
  const manifest = structuredClone(project.manifest);
  type Shared = { shared: { default: { applications: { web: { release?: string } } } } };
  delete (manifest.config as Shared).shared.default.applications.web.release;
  return { ...project, manifest };
}

const message = ({ failures }: Outcome) => failures.map((failure) => failure.message).join("\n");

/** When something was done, by its place among the steps. */
function place({ steps }: Outcome, what: RegExp): number {
  const at = changes(steps).findIndex(({ op, type, name }) =>
    what.test(`${op} ${type.split(":").at(-1)} ${name}`),
  );
  assert.notEqual(at, -1, `${what} is among the steps`);
  return at;
}

/** What the service runs: the beginning of its image's digest. */
function running(memory: Memory): string {
  const [service] = objectsOf(memory, "aws:ecs/service:Service", ACCOUNT);
  const [task] = (service?.contents?.tasks ?? []) as { image: string }[];
  return task?.image.split("@")[1]?.slice(0, OLD.length) ?? "nothing";
}

const BACKUP = /create-replacement Snapshot web-release-main/;
const COMMAND = /create-replacement Invocation web-release-run/;
const SERVICE = /update Service web_web/;
const LOOK = /create-replacement Invocation verification/;

const snapshots = (memory: Memory) =>
  objectsOf(memory, "aws:rds/snapshot:Snapshot", ACCOUNT).map(({ inputs }) => inputs.dbSnapshotIdentifier);

test("an update goes backup, release command, new version, look at it; back to the former image as well", async () => {
  const { way, outcome } = await update();
  refuseFailed(outcome);
  const places = [BACKUP, COMMAND, SERVICE, LOOK].map((what) => place(outcome, what));
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
  // Who starts a family starts its newest revision: there is none of the new code before its migrations.
  assert.ok(place(outcome, COMMAND) < place(outcome, /TaskDefinition schedules-clear-sessions-task/));
  assert.ok(place(outcome, /create-replacement TaskDefinition web-release$/) < place(outcome, COMMAND));
  assert.equal(running(way.memory), NEW.slice(0, OLD.length));
  const { verification, migrations } = outcome.outputs.passport as Passport;
  assert.equal(verification?.at, way.memory.cloud.clock.now);
  assert.deepEqual(verification?.urls, ["https://sandbox.oc-pizza.fr/"]);
  assert.deepEqual(migrations, { web: "0001" });

  // What did not change is neither backed up, nor migrated, nor looked at again.
  assert.deepEqual(lines(await way.run("sandbox", "up")), []);

  // Going back is a release of its own, with a backup of its own: the former image had another.
  const before = [...snapshots(await stood), ...snapshots(way.memory)];
  const back = under(project, way.memory);
  refuseFailed(await back.run("sandbox", "up"));
  const after = snapshots(back.memory);
  assert.equal(after.length, 1);
  assert.equal(new Set([...before, ...after]).size, 3);
});

for (const [what, twist, why, untouched] of [
  [
    "without a backup",
    { fault: { type: "aws:rds/snapshot:Snapshot", nth: 1, kind: "fail" } },
    /injected failure.*Snapshot::web-release-main/,
    /Invocation|Service|schedules-clear-sessions-task/,
  ],
  [
    "when the release command fails",
    { release: { error: "The release command of web failed with exit code 1" } },
    /FunctionError.*exit code 1/,
    /Service|verification|schedules-clear-sessions-task/,
  ],
  [
    "when its image cannot be pulled",
    { lost: true },
    /FunctionError.*CannotPullContainerError/,
    /Service|verification|schedules-clear-sessions-task/,
  ],
] as const)
  test(`${what}, the new version does not start and the former one runs on`, async () => {
    const { way, outcome } = await update(twist);
    assert.match(message(outcome), why);
    assert.deepEqual(
      lines(outcome).filter((line) => untouched.test(line)),
      [],
    );
    assert.equal(running(way.memory), OLD);
  });

test("a version that does not become steady is not looked at, and the passport says nothing new", async () => {
  const { way, outcome } = await update({ lost: true, from: withoutCommand() });
  assert.match(message(outcome), /web_web does not become steady/);
  assert.deepEqual(
    lines(outcome).filter((line) => line.includes("verification")),
    [],
  );
  assert.equal(running(way.memory), OLD);
  const passport = way.memory.stacks.sandbox?.outputs.passport as Passport;
  assert.ok(passport.release.web?.startsWith(OLD));
});

test("where a migration ran, a version that fails is held: the former one is not put back", async () => {
  const { way, outcome } = await update({
    shared: { applications: { web: { migrations: "python manage.py showmigrations --plan" } } },
    release: { migrated: true, head: "0008", at: "<now>" },
  });
  refuseFailed(outcome);
  const [service] = objectsOf(way.memory, "aws:ecs/service:Service", ACCOUNT);
  assert.deepEqual(service?.inputs.deploymentCircuitBreaker, { enable: true, rollback: false });
  assert.deepEqual((outcome.outputs.passport as Passport).migrations, { web: "0008" });
});

test("killed while the release command runs and run again, an update comes to its end", async () => {
  const fault = { type: "aws:lambda/invocation:Invocation", nth: 1, kind: "kill" } as const;
  const { way, outcome } = await update({ fault });
  assert.notDeepEqual(outcome.failures, []);
  assert.equal(running(way.memory), OLD);
  const again = await way.run("sandbox", "up");
  refuseFailed(again);
  assert.equal(running(way.memory), NEW.slice(0, OLD.length));
  assert.ok((again.outputs.passport as Passport).verification);
});
