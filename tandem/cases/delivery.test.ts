import assert from "node:assert/strict";
import { test } from "node:test";
import { REPORT_FILE } from "../../components/reports";
import { type Action, PINS, type Pin } from "../../components/workflows/pins";
import { ENVIRONMENTS } from "../../config/settings";
import { Cloud } from "../../rehearsal/cloud";
import type { StackState } from "../../rehearsal/stack-state";
import type { World } from "../../rehearsal/types";
import { InProcess, type Memory } from "../in-process";
import { openProject } from "../project";
import { variant } from "../variant";
import { reasons } from "../way";
import { worldOf } from "../world";
import { copied, lines, standing, under } from "./rehearsed.test-helper";

delete process.env.PULUMI_CONFIG_PASSPHRASE;

const project = openProject("oc-pizza");
const FILE = "github:index/repositoryFile:RepositoryFile";

/** Both environments as the examples declare them; each test takes a copy. */
const stood = standing(project);
const site = openProject("osuny-site");
const small = standing(site);
const memoryOf = async () => copied((await stood).memory);

/** The files in the repository that carry a text, by the stack and the resource that declared them. */
function carrying({ stacks }: Memory, stack: (typeof ENVIRONMENTS)[number], text: string): string[] {
  const files = (stacks[stack] as StackState).resources.filter(({ type }) => type === FILE);
  return files
    .filter(({ inputs }) => String(inputs.content).includes(text))
    .map(({ urn }) => urn.split("::").at(-1) as string)
    .sort();
}

const PINS_BEFORE = structuredClone(PINS);

/** Does something while an action is pinned to another commit. */
async function bumped<T>(action: Action, work: () => Promise<T>): Promise<T> {
  const pins: Record<string, Pin> = PINS;
  const before = PINS_BEFORE[action];
  pins[action] = { version: "v99.0.0", sha: "f".repeat(40) };
  try {
    return await work();
  } finally {
    pins[action] = before;
  }
}

/** As somebody would who opens the file on github.com. */
function editByHand({ cloud }: Memory, file: string): void {
  const object = cloud.objects(FILE).find(({ inputs }) => inputs.file === file);
  assert.ok(object);
  const edited = { content: "# mine now\n", sha: "e".repeat(40) };
  object.inputs = { ...object.inputs, content: edited.content };
  object.outputs = { ...object.outputs, ...edited };
}

test("an `up` of what stands commits nothing and changes nothing", async () => {
  const way = new InProcess(project, await memoryOf());
  for (const stack of ENVIRONMENTS) {
    const outcome = await way.run(stack, "up");
    assert.deepEqual(outcome.failures, []);
    assert.deepEqual(lines(outcome), []);
    assert.ok(outcome.steps.filter(({ type }) => type === FILE).length > 0);
  }
});

for (const [action, stacks] of [
  ["aws-actions/configure-aws-credentials", ENVIRONMENTS],
  ["docker/setup-buildx-action", ["sandbox"]],
] as const)
  test(`a bump of ${action} changes the files that carry it, and nothing else`, async () => {
    const memory = await memoryOf();
    await bumped(action, async () => {
      const way = new InProcess(project, memory);
      for (const stack of stacks) {
        const carriers = carrying(memory, stack, PINS_BEFORE[action].sha);
        assert.ok(carriers.length > 0);
        const expected = carriers.map((name) => `update RepositoryFile ${name} content`);
        assert.deepEqual(lines(await way.run(stack, "up")).sort(), expected);
      }
    });
    for (const stack of ENVIRONMENTS) assert.deepEqual(carrying(memory, stack, PINS[action].sha), []);
  });

test("what somebody edited in the repository is not overwritten unseen: after a refresh it is declared again", async () => {
  const memory = copied((await small).memory);
  editByHand(memory, REPORT_FILE);
  const french = under(variant(site, { shared: { github: { reports: "fr" } } }), memory);
  assert.match(reasons(await french.run("prod", "up")), /409: .*report\.yml was edited.*Run pulumi refresh/);
  const way = under(site, french.memory);
  assert.deepEqual((await way.run("prod", "refresh")).failures, []);
  const again = await way.run("prod", "up");
  assert.deepEqual(lines(again), ["update RepositoryFile delivery-repository-report content"]);
  assert.deepEqual(lines(await way.run("prod", "up")), []);
});

test("fewer reviewers change the environment's protection, in place", async () => {
  const reviewed = (...reviewers: string[]) =>
    variant(site, { prod: { differences: { github: { reviewers } } } });
  const usersOf = ({ cloud }: Memory) =>
    cloud
      .objects("github:index/repositoryEnvironment:RepositoryEnvironment")
      .flatMap(({ inputs }) => (inputs.reviewers as [{ users: number[] }] | undefined)?.[0].users ?? []);
  const two = under(reviewed("ana", "zoe"), copied((await small).memory));
  assert.deepEqual(lines(await two.run("prod", "up")), ["update RepositoryEnvironment delivery reviewers"]);
  const before = usersOf(two.memory);
  const one = under(reviewed("zoe"), two.memory);
  assert.deepEqual(lines(await one.run("prod", "up")), ["update RepositoryEnvironment delivery reviewers"]);
  assert.deepEqual([before.length, usersOf(one.memory).length], [2, 1]);
});

test("GitHub's issuer, which belonged to the deployment once, is kept and not made anew", async () => {
  const memory = await memoryOf();
  const state = memory.stacks.sandbox as StackState;
  const urn = String(state.resources.find(({ urn }) => urn.endsWith("::delivery-issuer"))?.urn);
  const roles = String(state.resources.find(({ urn }) => urn.endsWith("::delivery-deploy-roles"))?.urn);
  const before = urn
    .replace("$aws:iam/", "$tandem:delivery:Deployment$tandem:delivery:DeployRoles$aws:iam/")
    .replace("::delivery-issuer", "::delivery-deploy-roles-issuer");
  const former = JSON.parse(JSON.stringify(state).replaceAll(urn, before)) as StackState;
  const resources = former.resources.map((each) => (each.urn === before ? { ...each, parent: roles } : each));
  memory.stacks.sandbox = { ...former, resources };
  assert.deepEqual(lines(await new InProcess(project, memory).run("sandbox", "preview")), []);
});

/** A rehearsal in a repository that somebody has worked in before. */
function adopted(of: typeof project, files: readonly string[]): InProcess {
  const world = worldOf(of);
  const repositories: World["repositories"] = Object.fromEntries(
    Object.entries(world.repositories).map(([name, held]) => [name, { ...held, files }]),
  );
  return new InProcess(of, { cloud: Cloud.empty({ ...world, repositories }), stacks: {} });
}

test("in a repository with a life of its own, a workflow under tandem's name is taken over", async () => {
  const way = adopted(project, [".github/workflows/deploy-sandbox.yml"]);
  assert.deepEqual((await way.run("sandbox", "up")).failures, []);
});

test("somebody's own Dependabot file and form are left alone: refused with a remedy, and stood beside on request", async () => {
  const own = [".github/dependabot.yml", REPORT_FILE];
  const way = adopted(site, own);
  assert.deepEqual((await way.run("sandbox", "up")).failures, []);
  const { memory } = way;
  const refused = reasons(await new InProcess(site, copied(memory)).run("prod", "up"));
  assert.match(refused, /422: \S+\.yml exists in \S+ and is somebody's: take it away/);
  const beside = variant(site, { shared: { github: { ecosystems: [], reports: "none" } } });
  assert.deepEqual((await new InProcess(beside, memory).run("prod", "up")).failures, []);
});
