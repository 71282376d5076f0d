import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Cloud } from "../../rehearsal/cloud";
import type { Props } from "../../rehearsal/types";
import { InProcess, type Memory } from "../in-process";
import { openProject, type Project } from "../project";
import { type Changes, variant } from "../variant";
import { containers, copied, lines, refuseFailed, under } from "./rehearsed.test-helper";

delete process.env.PULUMI_CONFIG_PASSPHRASE;

/** envinorma's sandbox, whose manual wants to switch to the GUN API; with a schedule that reads it as well. */
const project = variant(openProject("envinorma"), {
  shared: {
    schedules: {
      refresh: { application: "web", command: "bundle exec rake gun:refresh", cron: "0 5 * * *" },
    },
  },
});
const standing = new InProcess(project);
const stood = standing.run("sandbox", "up").then(refuseFailed);
const memoryOf = async () => copied((await stood.then(() => standing)).memory);

const FORMER = "https://gun-recette.example/api";
const NEXT = "https://gun-2.example/api";
const TASKS = ["schedule-refresh", "job-s3ic-import", "job-gun-check"] as const;

const changed = (differences: object, secrets: Record<string, string> = {}): Project =>
  variant(project, { sandbox: { differences, secrets } } satisfies Changes);
const moved = (url: string) => changed({ applications: { web: { variables: { GUN_API_URL: url } } } });

/** What each service of the application runs with, and each of its tasks that starts from now on. */
function found(memory: Memory): Record<string, unknown> {
  const definitions = memory.cloud.objects("aws:ecs/taskDefinition:TaskDefinition");
  const services = memory.cloud
    .objects("aws:ecs/service:Service")
    .filter(({ inputs }) => String(inputs.name).includes("-web_"))
    .map(({ inputs }) => {
      const revision = definitions.find(({ outputs }) => outputs.arn === inputs.taskDefinition);
      return [inputs.name, JSON.parse(String(revision?.inputs.containerDefinitions))[0]] as const;
    });
  const tasks = TASKS.map(
    (family) => [family, containers(memory, `envinorma-sandbox-${family}`)[0]] as const,
  );
  return Object.fromEntries(
    [...services, ...tasks].map(([what, { environment }]: readonly [unknown, Props]) => [
      what,
      (environment as Props[]).find(({ name }) => name === "GUN_API_URL")?.value,
    ]),
  );
}

const WEB = ["envinorma-sandbox-web_web", "envinorma-sandbox-web_worker", ...TASKS];
const everywhere = (url: string) => Object.fromEntries(WEB.map((family) => [family, url]));

/** The same clouds, in which checks of sources fail; without an error they end well. */
function checking({ cloud, stacks }: Memory, error?: string): Memory {
  const { world } = cloud.state;
  const name = "envinorma-sandbox-release";
  const { source: _, ...answers } = world.functions?.[name] ?? {};
  const functions = { ...world.functions, [name]: error ? { ...answers, source: { error } } : answers };
  return { cloud: new Cloud({ ...cloud.state, world: { ...world, functions } }), stacks };
}

const checks = (outcome: Parameters<typeof lines>[0]) =>
  lines(outcome).filter((line) => /Invocation/.test(line));

test("a source whose check ends well is switched: checked with the new value first, then everything that runs", async () => {
  const way = under(moved(NEXT), await memoryOf());
  const outcome = await way.run("sandbox", "up");
  refuseFailed(outcome);
  assert.deepEqual(found(way.memory), everywhere(NEXT));
  const order = lines(outcome);
  const at = (line: string) => {
    assert.ok(order.includes(line), line);
    return order.indexOf(line);
  };
  const check = at("create-replacement Invocation web-source-gun-run input");
  assert.ok(at("create-replacement TaskDefinition web-source-gun containerDefinitions") < check);
  for (const [index, line] of order.entries())
    if (/Service web_|TaskDefinition (schedules-|jobs-)/.test(line)) assert.ok(index > check, line);
  assert.ok(order.some((line) => /^update Service web_web/.test(line)));
});

describe("one whose check fails", () => {
  const why =
    "Source gun of web was not switched (GUN_API_URL, GUN_API_KEY): its check, job gun-check, failed";
  const failed = memoryOf().then(async (memory) => {
    const way = new InProcess(moved(NEXT), checking(under(moved(NEXT), memory).memory, why));
    return { outcome: await way.run("sandbox", "up"), memory: way.memory };
  });

  test("is not switched: all keeps the former value, and the error names variables and job, no value", async () => {
    const { outcome, memory } = await failed;
    const said = outcome.failures.map(({ message }) => message).join("\n");
    assert.ok(said.includes(why), said);
    assert.ok(!said.includes(NEXT));
    assert.deepEqual(found(memory), everywhere(FORMER));
  });

  test("is checked again by the next update, and switched where it then ends well", async () => {
    const way = new InProcess(moved(NEXT), checking(copied((await failed).memory)));
    const outcome = await way.run("sandbox", "up");
    refuseFailed(outcome);
    assert.ok(checks(outcome).some((line) => line.includes("web-source-gun-run")));
    assert.deepEqual(found(way.memory), everywhere(NEXT));
  });

  test("is put back without a check: the update goes through while the source is down", async () => {
    const way = new InProcess(project, copied((await failed).memory));
    refuseFailed(await way.run("sandbox", "up"));
    assert.deepEqual(found(way.memory), everywhere(FORMER));
  });
});

test("a new key of the source is checked as well; what is no part of it, and a new image, are not", async () => {
  const memory = await memoryOf();
  const key = await under(changed({}, { GUN_API_KEY: "another key" }), copied(memory)).run("sandbox", "up");
  refuseFailed(key);
  assert.ok(checks(key).some((line) => line.includes("web-source-gun-run")));
  assert.ok(!JSON.stringify(key).includes("another key"));

  const release = { web: `sha256:${"9".repeat(64)}` };
  const other = variant(changed({ applications: { web: { variables: { THEME: "dark" } } } }), {
    sandbox: { release },
  });
  const outcome = await under(other, copied(memory)).run("sandbox", "up");
  refuseFailed(outcome);
  assert.ok(lines(outcome).some((line) => /^update Service web_web/.test(line)));
  assert.deepEqual(
    checks(outcome).filter((line) => line.includes("source")),
    [],
  );
});

test("again, and nothing changes", async () => {
  const outcome = await new InProcess(project, await memoryOf()).run("sandbox", "preview");
  refuseFailed(outcome);
  assert.deepEqual(lines(outcome), []);
});
