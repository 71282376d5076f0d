import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { keptOf } from "../../components/keeper/kept.test-helper";
import type { Props } from "../../rehearsal/types";
import { InProcess } from "../in-process";
import { askRehearsedKeeper } from "../keeper-door";
import { openProject, settingsOf } from "../project";
import { variant } from "../variant";
import { changes } from "../way";
import { copied, refuseFailed, under } from "./rehearsed.test-helper";

/** oc-pizza's sandbox keeps office hours, its database too; load decides about its web process. */
const project = variant(openProject("oc-pizza"), {
  sandbox: {
    differences: {
      officeHours: { databases: true },
      backups: { cron: "30 12 * * 1-5", drill: { cron: "30 14 * * 1" } },
      applications: { web: { processes: { web: { autoscale: { min: 1, max: 3 } } } } },
    },
  },
});
const settings = settingsOf(project, "sandbox");
const way = new InProcess(project);

const only = (type: string, name: string): Props => {
  const found = way.memory.cloud.objects(type).find(({ inputs }) => inputs.name === name);
  assert.ok(found, name);
  return found.inputs;
};
const stands = () => ({
  count: only("aws:ecs/service:Service", "oc-pizza-sandbox-web_web").desiredCount,
  most: way.memory.cloud.objects("aws:appautoscaling/target:Target")[0]?.inputs.maxCapacity,
  schedule: only("aws:scheduler/schedule:Schedule", "oc-pizza-sandbox-clear-sessions").state,
  database: way.memory.cloud.objects("aws:rds/instance:Instance")[0]?.contents?.status ?? "available",
  heard: only("aws:cloudwatch/metricAlarm:MetricAlarm", "oc-pizza-sandbox-service-web_web-unhealthy")
    .actionsEnabled,
});

describe("a sandbox that keeps office hours", () => {
  before(async () => refuseFailed(await way.run("sandbox", "up")));

  test("stop puts all of it to sleep, and an up meanwhile wakes nothing", async () => {
    const { until } = await askRehearsedKeeper(way.memory.cloud, settings, { do: "stop" });
    assert.match(until, /T0[67]:00:00\.000Z$/);
    const asleep = { count: 0, most: 0, schedule: "DISABLED", database: "stopped", heard: false };
    assert.deepEqual(stands(), asleep);
    const up = await way.run("sandbox", "up");
    refuseFailed(up);
    assert.deepEqual(
      changes(up.steps).map(({ name }) => name),
      [],
    );
    assert.deepEqual(stands(), asleep);
  });

  test("what the clouds say meanwhile is no drift that a deployment would put right", async () => {
    refuseFailed(await way.run("sandbox", "refresh"));
    const { steps } = await way.run("sandbox", "preview");
    assert.deepEqual(
      changes(steps).map(({ name }) => name),
      [],
    );
  });

  test("start wakes it to its configured counts", async () => {
    const until = new Date(Date.parse(way.memory.cloud.clock.now) + 3_600_000).toISOString();
    const answer = await askRehearsedKeeper(way.memory.cloud, settings, { do: "start", until });
    assert.deepEqual(answer, { awake: true, until });
    const { heard: _, ...awake } = stands();
    assert.deepEqual(awake, { count: 1, most: 3, schedule: "ENABLED", database: "available" });
  });

  test("off, it keeps its data, its database rests, and nothing dumps, backs up or runs by the clock", async () => {
    const off = under(variant(project, { sandbox: { differences: { enabled: false } } }), copied(way.memory));
    const outcome = await off.run("sandbox", "up");
    refuseFailed(outcome);
    const gone = changes(outcome.steps).filter(({ op }) => /delete|replace/.test(op));
    const data = /rds\/instance|s3\/bucket|secretsmanager/;
    assert.deepEqual(
      gone.filter(({ type }) => data.test(type)),
      [],
    );
    const objects = (type: string) => off.memory.cloud.objects(type).map(({ inputs }) => inputs);
    const [selection] = objects("aws:backup/selection:Selection");
    assert.doesNotMatch(JSON.stringify(selection?.resources), /rds/);
    const group = ({ groupName }: Props) => groupName === "oc-pizza-sandbox";
    const dumps = objects("aws:scheduler/schedule:Schedule").filter(
      (each) => group(each) && /dump|drill/.test(String(each.name)),
    );
    assert.deepEqual([...new Set(dumps.map(({ state }) => state))], ["DISABLED"]);
    const lambda = objects("aws:lambda/function:Function").find(
      ({ name }) => name === "oc-pizza-sandbox-keeper",
    );
    const kept = await keptOf(lambda);
    assert.equal(kept.on, false);
    assert.deepEqual(Object.values(kept.databases), [false]);
    assert.deepEqual([...new Set(Object.values(kept.services).flat())], [0]);
    assert.deepEqual([...new Set(Object.values(kept.schedules))], [false]);
  });

  test("an end that is no instant is refused in the keeper's own words", async () => {
    const wrong = askRehearsedKeeper(way.memory.cloud, settings, { do: "start", until: "22:00" });
    await assert.rejects(wrong, /an instant from now to a day from now/);
  });
});

test("without office hours there is no keeper to ask, and the message says how to get one", async () => {
  const other = new InProcess(openProject("oc-pizza"));
  const asked = askRehearsedKeeper(other.memory.cloud, settings, { do: "stop" });
  await assert.rejects(asked, /does not stand in the rehearsal yet/);
});
