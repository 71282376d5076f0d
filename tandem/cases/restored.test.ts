import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { backUpAll, drillOnce } from "../dumps/acting";
import { listed } from "../dumps/listing";
import { rehearsedDumpCloud } from "../dumps/rehearsed";
import { restoreBeside } from "../dumps/restoring";
import type { InProcess } from "../in-process";
import { openProject, settingsOf } from "../project";
import { writeDifference } from "../stack-file";
import { variant } from "../variant";
import type { Outcome } from "../way";
import { containers, lines, refuseFailed, standing, under } from "./rehearsed.test-helper";

const RESTORED = "OC_Pizza_20261122T021700";
const former = variant(openProject("oc-pizza"), {});
const project = writeDifference(former, "prod", ["databases", "main", "serves"], RESTORED);

describe("a restored schema that production is to serve", () => {
  let way: InProcess;
  let up: Outcome;
  before(async () => {
    way = under(project, (await standing(former)).memory);
    up = await way.run("prod", "up");
    refuseFailed(up);
  });

  const variables = (family: string) => {
    const [container] = containers(way.memory, family) as {
      environment: { name: string; value: string }[];
    }[];
    return Object.fromEntries((container?.environment ?? []).map(({ name, value }) => [name, value]));
  };
  const served = () => ({
    web: variables("oc-pizza-prod-web_web").DB_NAME,
    release: variables("oc-pizza-prod-release-web").DB_NAME,
    dumped: variables("oc-pizza-prod-schedule-dump--main").SCHEMA,
  });
  const all = (schema: string) => ({ web: schema, release: schema, dumped: schema });

  test("is what processes, the release command and the nightly dump are given", () => {
    assert.deepEqual(served(), all(RESTORED));
  });

  test("comes as a release: a snapshot and its migrations first, and the server itself stays as it is", () => {
    const told = lines(up);
    for (const step of ["replace Snapshot web-release-main", "replace Invocation web-release-run"])
      assert.ok(
        told.some((line) => line.startsWith(step)),
        told.join("\n"),
      );
    assert.deepEqual(
      told.filter((line) => / Instance /.test(line)),
      [],
    );
  });

  test("is asked for in a rehearsal up to the door, which takes it, and nothing is done", async () => {
    const settings = settingsOf(project, "prod");
    const cloud = rehearsedDumpCloud(way.memory.cloud, settings);
    const outputs = way.memory.stacks.prod?.outputs ?? {};
    const desk = { settings, outputs, now: way.now(), cloud, clients: undefined };
    const told: string[] = [];
    const words = {
      project,
      database: "main",
      backup: "latest",
      say: (text: string) => void told.push(text),
    };
    await assert.rejects(restoreBeside(desk, { ...words, maxAge: "2d" }), {
      message: /would start the task restore--main with BACKUP=latest, MAX_AGE=172800\. .* nothing was done/,
      exitCode: 2,
    });
    await assert.rejects(restoreBeside(desk, { ...words, database: "mian" }), /Did you mean main/);
    await assert.rejects(drillOnce(desk, "main", words), { exitCode: 2 });
    await assert.rejects(backUpAll(desk, ["main"], words), { exitCode: 2 });
    assert.deepEqual(told, []);
    assert.match((await listed(desk)).text, /no dump of main in the rehearsed prod: no night passes/);
  });

  test("gives way to the former one once the line is taken out", async () => {
    way = under(former, way.memory);
    refuseFailed(await way.run("prod", "up"));
    assert.deepEqual(served(), all("OC_Pizza"));
  });
});
