import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Passport } from "../components/passport";
import type { Settings } from "../config/settings";
import { InProcess, type Memory } from "../tandem/in-process";
import { openProject } from "../tandem/project";
import { type Changes, variant } from "../tandem/variant";
import { changes } from "../tandem/way";
import { KEPT, keptWith } from "./passport";

const project = openProject("oc-pizza");
const REGISTRY = "oc-pizza-prod-web";
const sandboxOnly = new InProcess(project);

before(async () => {
  assert.deepEqual((await sandboxOnly.run("sandbox", "up")).failures, []);
});

/** What the sandbox proved, looked at when it came up. */
const proved = (): Passport => ({
  ...(sandboxOnly.memory.stacks.sandbox?.outputs.passport as Passport),
  verification: { at: sandboxOnly.memory.cloud.clock.now, urls: [], baked: [] },
});

interface Situation {
  /** Laid over what the sandbox proved; without a passport where undefined. */
  readonly passport?: Partial<Passport> | undefined;
  /** Production's own outputs. */
  readonly prod?: Readonly<Record<string, unknown>>;
  readonly pin?: Settings["passport"];
  readonly changes?: Changes;
  /** What production's registries hold. @default what the sandbox released */
  readonly images?: Readonly<Record<string, readonly string[]>>;
}

/** Runs `up` of production in a situation that it refuses. @returns its message */
async function refused(situation: Situation): Promise<string> {
  const memory = memoryOf(situation);
  const pinned = variant(project, situation.changes ?? {});
  if (situation.pin !== undefined)
    Object.assign(pinned.stacks?.prod?.config ?? {}, { "oc-pizza:passport": situation.pin });
  const objects = JSON.stringify(memory.cloud.state.objects);
  const { failures, steps } = await new InProcess(pinned, memory).run("prod", "up");
  assert.deepEqual(changes(steps), []);
  assert.equal(JSON.stringify(memory.cloud.state.objects), objects, "nothing is touched");
  assert.equal(failures.length, 1);
  return failures[0]?.message ?? "";
}

function memoryOf({ images, prod, ...situation }: Situation): Memory {
  const { cloud, stacks } = sandboxOnly.memory;
  const copy = cloud.copy();
  if (images !== undefined)
    Object.assign(copy.state.world, { images: { ...copy.state.world.images, [REGISTRY]: [], ...images } });
  const { sandbox } = stacks;
  assert.ok(sandbox);
  const { passport: _, ...outputs } = sandbox.outputs;
  const shown =
    "passport" in situation && situation.passport === undefined
      ? outputs
      : { ...outputs, passport: { ...proved(), ...situation.passport } };
  const own = prod === undefined ? {} : { prod: { resources: [], outputs: prod, secretOutputs: [] } };
  return { cloud: copy, stacks: { sandbox: { ...sandbox, outputs: shown }, ...own } };
}

test("without a passport of the sandbox there is nothing to promote", async () => {
  const message = await refused({ passport: undefined });
  assert.match(
    message,
    /^Production does not take over from the sandbox, for one reason; nothing was touched\./,
  );
  assert.match(message, /found {4}no passport, so nothing to promote/);
  assert.match(message, /remedy {3}pulumi up --stack sandbox, then this again/);
});

test("an unverified release is refused before anything is touched", async () => {
  const message = await refused({ passport: { verification: undefined } as unknown as Partial<Passport> });
  assert.match(
    message,
    new RegExp(`^Production does not take ${proved().id} from the sandbox, for one reason`),
  );
  assert.match(message, /nobody has looked at this release while it ran/);
});

test("every reason stands in one message", async () => {
  const message = await refused({
    images: { [REGISTRY]: [] },
    passport: {
      verification: {
        at: "2026-10-01T00:00:00.000Z",
        urls: [],
        baked: [{ application: "web", file: "/app.js", carries: ["API_URL"] }],
      },
      program: { files: "000000000000" },
    },
  });
  assert.match(message, /for 4 reasons; nothing was touched/);
  for (const reason of [
    /52 days and 8 hours ago/,
    /oc-pizza-prod-web\n {4}found {4}no image sha256:1f0c5e3b/,
    /found {4}program 000000000000\n/,
    /\/app\.js carries the sandbox's API_URL/,
  ])
    assert.match(message, reason);
});

test("names that production lacks are told, all of them", async () => {
  const message = await refused({ passport: { configuration: { web: ["NEW_FLAG", "OTHER_FLAG"] } } });
  assert.match(message, /for 2 reasons; nothing was touched/);
  assert.match(message, /NEW_FLAG/);
  assert.match(message, /OTHER_FLAG/);
});

test("each digest that a registry of production does not hold is told, and each registry that is not there", async () => {
  const office = { processes: { office: { command: "office" } }, directory: "office" };
  const message = await refused({
    images: {},
    passport: { release: { web: `sha256:${"e".repeat(64)}`, office: `sha256:${"f".repeat(64)}` } },
    changes: { shared: { applications: { office } } },
  });
  assert.match(message, /for 2 reasons/);
  assert.match(message, /production's registries {2}oc-pizza-prod-web\n {4}found {4}no image sha256:eeee/);
  assert.match(message, /run the production workflow of oc-pizza/);
  assert.match(message, /oc-pizza-prod-office\n {4}found {4}no such registry, so no image sha256:ffff/);
  assert.match(message, /applications\.office\.enabled: false/);
});

test("what is switched off runs nothing, so its image may be missing: so begins the first up", async () => {
  for (const off of [{ enabled: false }, { applications: { web: { enabled: false } } }]) {
    const way = new InProcess(
      variant(project, { prod: { differences: off } }),
      memoryOf({ images: { [REGISTRY]: [] } }),
    );
    const { failures } = await way.run("prod", "preview");
    assert.deepEqual(failures, []);
  }
});

test("where the stack's own workflow copies images, a preview tells of those that lack, and the up refuses", async () => {
  const changes = { shared: { github: { stack: "oc-pizza" } } };
  const way = new InProcess(variant(project, changes), memoryOf({ images: { [REGISTRY]: [] } }));
  const { warnings } = await way.run("prod", "preview");
  assert.match(
    warnings.join("\n"),
    /oc-pizza-prod-web: no image sha256:1f0c5e3b.*\. Before the up: run the workflow up prod of oc-pizza/,
  );
  assert.match(await refused({ images: { [REGISTRY]: [] }, changes }), /no image sha256:1f0c5e3b/);
});

test("production goes back to a passport of its own without asking the sandbox", async () => {
  const former = { ...proved(), id: "r-ffffffffffff", program: { files: "000000000000" } };
  const pinned = variant(project, {});
  Object.assign(pinned.stacks?.prod?.config ?? {}, { "oc-pizza:passport": former.id });
  const memory = memoryOf({ passport: undefined, prod: { passports: [proved(), former] } });
  const { failures, outputs } = await new InProcess(pinned, memory).run("prod", "preview");
  assert.deepEqual(failures, []);
  const kept = outputs.passports as Passport[];
  assert.deepEqual(
    kept.map(({ id }) => id),
    [former.id, proved().id],
  );
});

test("what was not kept cannot be gone back to: those that were are listed", async () => {
  const message = await refused({ pin: "r-ffffffffffff", prod: { passports: [proved()] } });
  assert.match(message, /^Production does not go back to r-ffffffffffff, for one reason/);
  assert.match(message, new RegExp(`allowed {2}one of ${proved().id}`));
});

const passport = (id: string): Passport => ({
  id,
  environment: "sandbox",
  release: {},
  configuration: {},
  program: { files: id },
  migrations: {},
});

test("the last ten passports are kept, each once: one that is taken again moves to the front", () => {
  const [a, b] = [passport("r-a"), passport("r-b")];
  const ids = (kept: readonly Passport[]) => kept.map(({ id }) => id);
  assert.deepEqual(ids(keptWith(a, keptWith(b, keptWith(a, [])))), ["r-a", "r-b"]);
  const many = Array.from({ length: 14 }, (_, index) => passport(`r-${index}`));
  const kept = many.reduce<readonly Passport[]>((before, taken) => keptWith(taken, before), []);
  assert.equal(KEPT, 10);
  assert.deepEqual(
    ids(kept),
    many
      .map(({ id }) => id)
      .reverse()
      .slice(0, 10),
  );
});

test("a sandbox that was switched off since does not take back what it verified", () => {
  const verification = { at: "2026-11-20T08:00:00.000Z", urls: [], baked: [] };
  const [kept] = keptWith(passport("r-a"), [{ ...passport("r-a"), verification }]);
  assert.deepEqual(kept?.verification, verification);
});
