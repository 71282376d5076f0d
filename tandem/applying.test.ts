import assert from "node:assert/strict";
import { test } from "node:test";
import type { EnvironmentName } from "../config/settings";
import type { Step } from "../rehearsal/run-types";
import { type Applying, applying } from "./applying";
import { copied, refuseFailed, under } from "./cases/rehearsed.test-helper";
import { InProcess } from "./in-process";
import { openProject } from "./project";
import { embed, fingerprints, type Reviewed, readReviewed } from "./review/reviewed";
import { variant } from "./variant";
import type { Operation, Outcome, Way } from "./way";

const project = openProject("oc-pizza");
const NONE: Reviewed = { sandbox: [], prod: [] };

/** A way that does what it is told to have done. */
function scripted(preview: Partial<Outcome>, up: Partial<Outcome> = preview) {
  const runs: string[] = [];
  const nothing = { steps: [], outputs: {}, failures: [], warnings: [], seconds: 0 };
  const way: Way = {
    name: "as scripted",
    run: async (stack: EnvironmentName, operation: Operation) => {
      runs.push(`${operation} ${stack}`);
      return { ...nothing, ...(operation === "preview" ? preview : up) };
    },
    outputs: async () => ({}),
    now: () => "2026-01-15T09:00:00Z",
  };
  return { way, runs };
}

const step = (op: Step["op"], type: string, name: string, changed: readonly string[] = []): Step => ({
  op,
  type,
  name,
  urn: `urn:pulumi:sandbox::oc-pizza::${type}::${name}`,
  ...(changed.length === 0 ? {} : { changed }),
});

const QUEUE = step("update", "aws:sqs/queue:Queue", "dead", ["tags"]);
const TOPIC = step("create", "aws:sns/topic:Topic", "notices");

async function apply(how: Partial<Applying> & Pick<Applying, "way">): Promise<string> {
  const said: string[] = [];
  await applying({ project, stack: "sandbox", say: (text) => said.push(text), ...how });
  return said.join("\n");
}

const reviewOf = (...steps: Step[]): Reviewed => ({ ...NONE, sandbox: fingerprints("sandbox", steps) });

test("what was reviewed is brought up without a question", async () => {
  const { way, runs } = scripted({ steps: [QUEUE, TOPIC], seconds: 2 });
  const said = await apply({ way, reviewed: reviewOf(QUEUE, TOPIC) });
  assert.deepEqual(runs, ["preview sandbox", "up sandbox"]);
  assert.match(said, /sandbox stands: 1 updated, 1 created \(2\.0 s\)/);
});

test("a step that was in no review stops it before anything is touched, and is named", async () => {
  const { way, runs } = scripted({ steps: [QUEUE, TOPIC] });
  await assert.rejects(apply({ way, reviewed: reviewOf(TOPIC), yes: true }), {
    exitCode: 3,
    message: [
      "Nothing was touched: 1 of 2 steps on sandbox were in no reviewed preview:",
      "  update Queue dead: tags",
      "Open a pull request, whose review shows them; or look at them here and run this again with --accept-unreviewed.",
    ].join("\n"),
  });
  assert.deepEqual(runs, ["preview sandbox"]);
});

test("a review of the other environment reviews nothing of this one", async () => {
  const { way } = scripted({ steps: [TOPIC] });
  const reviewed = { ...NONE, prod: fingerprints("prod", [TOPIC]) };
  await assert.rejects(apply({ way, reviewed }), /no review of sandbox is in what was given/);
});

test("--accept-unreviewed lets it through", async () => {
  const { way, runs } = scripted({ steps: [QUEUE] });
  await apply({ way, reviewed: NONE, acceptUnreviewed: true });
  await apply({ way, acceptUnreviewed: true });
  assert.equal(runs.filter((run) => run === "up sandbox").length, 2);
});

test("without a review somebody is asked; a no touches nothing, and without a terminal --yes is needed", async () => {
  const { way, runs } = scripted({ steps: [QUEUE] });
  assert.match(await apply({ way, ask: async () => false }), /Nothing was touched\.$/);
  await assert.rejects(apply({ way }), { exitCode: 2, message: /no terminal to ask in\. Add --yes/ });
  assert.deepEqual(runs, ["preview sandbox", "preview sandbox"]);
  await apply({ way, yes: true });
  await apply({ way, ask: async () => true });
  assert.equal(runs.filter((run) => run === "up sandbox").length, 2);
});

test("new images pass a review that could not know them; what would be done without them does not", async () => {
  const SERVICE = step("update", "aws:ecs/service:Service", "web_web", ["taskDefinition"]);
  const along = async (without: readonly Step[]) => {
    let laid = true;
    const runs: string[] = [];
    const outcome = (steps: readonly Step[]) => ({
      steps,
      outputs: {},
      failures: [],
      warnings: [],
      seconds: 0,
    });
    const way: Way = {
      ...scripted({}).way,
      run: async (stack, operation) => {
        runs.push(`${operation} ${stack} ${laid ? "with" : "without"}`);
        return outcome(laid ? [...without, SERVICE] : without);
      },
    };
    const release = {
      lay: () => {
        laid = true;
      },
      lift: () => {
        laid = false;
      },
    };
    const ended = apply({ way, reviewed: reviewOf(TOPIC), release });
    return { runs, said: await ended.catch(({ message }) => String(message)) };
  };
  const released = await along([TOPIC]);
  assert.deepEqual(released.runs, ["preview sandbox without", "preview sandbox with", "up sandbox with"]);
  assert.match(released.said, /sandbox stands: 1 created, 1 updated/);
  const stopped = await along([QUEUE]);
  assert.deepEqual(stopped.runs, ["preview sandbox without"]);
  assert.match(stopped.said, /in no reviewed preview:\n {2}update Queue dead/);
});

test("where nothing changes, nothing runs and nobody is asked", async () => {
  const { way, runs } = scripted({ steps: [step("same", "aws:sns/topic:Topic", "notices")] });
  assert.match(await apply({ way, reviewed: NONE }), /Nothing to apply: it stands as declared\./);
  assert.deepEqual(runs, ["preview sandbox"]);
});

test("a preview that fails touches nothing", async () => {
  const { way, runs } = scripted({ failures: [{ message: "no" }, { message: "no" }] });
  await assert.rejects(apply({ way, acceptUnreviewed: true }), { message: "Nothing was touched.\nno" });
  assert.deepEqual(runs, ["preview sandbox"]);
});

test("what the up did beyond its preview is told, though it is done", async () => {
  const replaced = { ...QUEUE, op: "replace" as const, replaces: ["name"] };
  const { way } = scripted({ steps: [QUEUE] }, { steps: [replaced, TOPIC] });
  await assert.rejects(apply({ way, reviewed: reviewOf(QUEUE) }), {
    exitCode: 3,
    message: /without having been shown:\n {2}replace Queue dead because of name\n {2}create Topic notices$/,
  });
});

test("an up that does less than its preview said, or only updates what it would have replaced, is as shown", async () => {
  const replaced = { ...QUEUE, op: "replace" as const };
  const { way } = scripted({ steps: [replaced, TOPIC] }, { steps: [QUEUE] });
  await apply({ way, reviewed: reviewOf(replaced, TOPIC) });
});

test("a failure says what was done before it", async () => {
  const { way } = scripted({ steps: [QUEUE] }, { steps: [QUEUE], failures: [{ message: "throttled" }] });
  await assert.rejects(apply({ way, yes: true }), {
    message:
      "sandbox does not stand:\nthrottled\n1 steps were done before that and are kept: run it again to go on.",
  });
});

test("in the rehearsal, the review of one change lets that one through and no further one", async () => {
  const before = new InProcess(project);
  refuseFailed(await before.run("sandbox", "up"));
  const budget = { monitoring: { budget: 90 } };
  const [small, large] = [budget, { ...budget, databases: { main: { size: "db.t4g.small" } } }].map(
    (differences) => under(variant(project, { sandbox: { differences } }), copied(before.memory)),
  ) as [InProcess, InProcess];
  const { steps } = await small.run("sandbox", "preview");
  const comment = `## What it does\n${embed(reviewOf(...steps))}`;
  const state = JSON.stringify(large.memory.cloud.state);
  await assert.rejects(apply({ way: large, reviewed: readReviewed(comment) }), {
    exitCode: 3,
    message: /: 3 of 4 steps .*:\n {2}update Instance database-main-instance: instanceClass\n/,
  });
  assert.equal(JSON.stringify(large.memory.cloud.state), state);
  const said = await apply({ way: small, reviewed: readReviewed(comment) });
  assert.match(said, /sandbox stands: 1 updated .*\nIt runs r-[0-9a-f]+: web sha256:/);
  assert.match(await apply({ way: small, reviewed: readReviewed(comment) }), /Nothing to apply/);
});
