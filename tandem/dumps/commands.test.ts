import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, test } from "node:test";
import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  RunTaskCommand,
} from "@aws-sdk/client-ecs";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { parse } from "../../config/parse";
import { raw } from "../../config/testing";
import { restore } from "../commands/restore";
import { CommandError, EXIT } from "../errors";
import type { Project } from "../project";
import { configValue } from "../stack-file";
import { clientsOf } from "../status/clients";
import { backUpAll, drillOnce } from "./acting";
import { dumpCloud } from "./clouds";
import { type DumpDesk, placeOf, realClouds } from "./desk";
import { exportDump } from "./dumps";
import { listed } from "./listing";
import { DUMP, NEW, NOW, OLD, place, said } from "./place.test-helper";
import { refresh, restoreBeside } from "./restoring";
import { runDumpTask } from "./tasks";
import { databaseOf, dumpOf, dumpsOf, pressOf, wishOf } from "./wishes";

const ecs = mockClient(ECSClient);
const logs = mockClient(CloudWatchLogsClient);
const s3 = mockClient(S3Client);
const lambda = mockClient(LambdaClient);
beforeEach(() => {
  for (const mock of [ecs, logs, s3, lambda]) mock.reset();
});

const settings = parse(raw());
const outputs = { cluster: "cluster", backups: { bucket: "bucket" }, dumps: { door: "door" } };
const patience = { asked: "ada-1", wait: async () => {} };
const LOADED = {
  ok: true,
  problems: [],
  backup: NEW,
  time: "2026-11-22T02:17:00Z",
  age: 21_600,
  seconds: 84,
  tables: 1,
  rows: 3,
  head: "shop.0002",
};
const RESTORED = { ...LOADED, into: "Shop_20261122T021700", kept: true, events: 0 };
const told = (answer: object) => `tandem-answer ${JSON.stringify(answer)}`;
const kept = { [`${NEW}/manifest.json`]: said(), [`${NEW}/dump.sql.gz`]: String(DUMP) };

/** An environment whose bucket holds objects and whose tasks say answers, and what commands told people. */
function desk(
  objects: Record<string, string>,
  answers: readonly object[] = [],
  more: Partial<DumpDesk> = {},
) {
  const { where, asked, ...rest } = place({ ...objects }, answers.map(told));
  const here: DumpDesk = {
    settings,
    outputs,
    now: NOW,
    cloud: where.cloud,
    clients: clientsOf(settings),
    ...more,
  };
  const lines: string[] = [];
  const say = (text: string) => void lines.push(text);
  return { here, asked, say, text: () => lines.join("\n"), ...rest };
}

const project = {
  name: "shop",
  folder: "/nowhere",
  manifest: {},
  stacks: { prod: { config: {} } },
} as Project;

const refusal =
  (pattern: RegExp, exitCode: number = EXIT.refused) =>
  (error: unknown) => {
    assert.ok(error instanceof CommandError, String((error as Error).stack));
    assert.match(error.message, pattern);
    assert.equal(error.exitCode, exitCode);
    return true;
  };

describe("what makes no sense is refused before a cloud is asked", () => {
  test("a database that is not there, with the one that was meant", () => {
    assert.throws(
      () => databaseOf(settings, "mian"),
      refusal(/no database mian\. Did you mean main\?/, EXIT.usage),
    );
  });

  test("a dump that is not there, with those that are; and none at all, with when the first one comes", async () => {
    const { here } = desk(kept);
    await assert.rejects(
      dumpOf(here, "main", "dumps/main/x"),
      refusal(/no dump dumps\/main\/x\. The newest are: dumps/),
    );
    await assert.rejects(
      dumpOf(desk({}).here, "main", "latest"),
      refusal(
        /no dump of main in prod yet[\s\S]*17 3 \* \* \* \(Europe\/Paris\)[\s\S]*npx tandem backup main --stack prod --real/,
      ),
    );
    assert.equal(
      (await dumpOf(here, "main", "20261122T021700Z")).backup,
      NEW,
      "its time is enough of a name",
    );
  });

  test("a dump of another environment, unless that is said; and one that is too old", async () => {
    const foreign = await dumpOf(
      desk({ [`${NEW}/manifest.json`]: said({ environment: "sandbox" }) }).here,
      "main",
      "latest",
    );
    const wish = (words: object) => () => wishOf(settings, "main", foreign, words);
    assert.throws(wish({}), refusal(/is of sandbox, and this is prod[\s\S]*--from-environment sandbox/));
    assert.equal(wish({ fromEnvironment: "sandbox" })().fromEnvironment, "sandbox");
    const young = { fromEnvironment: "sandbox", maxAge: "1h" };
    assert.throws(wish(young), refusal(/6 hours old, and --max-age allows 60 minutes/));
    assert.throws(wish({ maxAge: "2 days" }), refusal(/--max-age 2 days is no duration/, EXIT.usage));
  });

  test("a schema that is in use, or whose name is none beside it", () => {
    const into = (name: string) => () => wishOf(settings, "main", undefined, { into: name });
    assert.throws(into("Shop"), refusal(/in use/, EXIT.usage));
    for (const name of ["Other_1", "Shop_`x", "mysql"])
      assert.throws(into(name), refusal(/Shop_, then/, EXIT.usage));
    assert.equal(into("Shop_monday")().into, "Shop_monday");
  });

  test("an environment that makes no dumps", () => {
    const off = parse(raw({ shared: { backups: { dumps: { enabled: false } } } }));
    const without = { outputs: { cluster: "c", backups: { bucket: "b" } } };
    assert.throws(
      () => placeOf(desk({}, [], { ...without, settings: off }).here),
      refusal(/backups\.dumps\.enabled is false/),
    );
    assert.throws(() => placeOf(desk({}, [], without).here), refusal(/an up brings/));
  });

  test("options that do not go together", async () => {
    const words = { refreshSandbox: true, into: "Shop_x", stack: "prod" } as const;
    await assert.rejects(
      restore("main", "latest", words),
      refusal(/--into, --stack prod has no place there/, EXIT.usage),
    );
    await assert.rejects(
      restore("main", "latest", {}),
      refusal(/--stack sandbox or --stack prod/, EXIT.usage),
    );
    assert.throws(() => pressOf("a b", NOW), refusal(/letters, digits and hyphens/, EXIT.usage));
    assert.match(pressOf(undefined, NOW), /^[A-Za-z0-9]+-20261122T081700Z$/);
  });
});

test("a list has age, size and proof of each dump, the last drill, and what lies there of a former database", async () => {
  const report = JSON.stringify({ ok: true, seconds: 84, age: 7200 });
  const { here } = desk({
    ...kept,
    [`${OLD}/manifest.json`]: said({ time: "2026-11-21T02:17:00Z", doubts: "it has 3 bytes" }),
    "dumps/gone/20261101T021700Z/manifest.json": said({ database: "gone", time: "2026-11-01T02:17:00Z" }),
    "reports/main/20261122T044700Z-drill.json": report,
  });
  const { text, dumps } = await listed(here);
  assert.match(
    text,
    /prod, database main:\n {2}dumps\/main\/20261122T021700Z {2}6 hours old {2}1 kB {2}3 rows {2}shop\.0002 {2}checked whole/,
  );
  assert.match(
    text,
    /30 hours old .*doubtful: it has 3 bytes\n {2}last drill: well, 2026-11-22 04:47 UTC .*84 s from a dump 2 hours old/,
  );
  assert.match(text, /database gone:\n {2}dumps\/gone/);
  assert.deepEqual(Object.keys(dumps[0] ?? {}).slice(0, 5), [
    "environment",
    "database",
    "backup",
    "time",
    "age",
  ]);
  assert.equal((await dumpsOf(here, "gone")).length, 1);
});

test("dumps are taken one after the other, and a doubtful one is told without keeping the others from it", async () => {
  const dumped = { ...LOADED, bytes: 14_200_000, rows: 100_011 };
  const doubtful = { ok: false, problems: ["The dump was kept, but is doubtful: it has 3 bytes"] };
  const { here, say, text, asked } = desk({}, [doubtful, dumped]);
  await assert.rejects(
    backUpAll(here, ["main", "other"], { say }, patience),
    refusal(
      /main in prod was not dumped as it should be:\n {2}- The dump was kept[\s\S]*npx tandem logs dump\/main --since 1h --stack prod --real/,
    ),
  );
  assert.deepEqual(
    asked.map((each) => (each as { job: string }).job),
    ["dump--main", "dump--other"],
  );
  assert.match(
    text(),
    /other in prod was dumped: dumps[\s\S]*14\.2 MB, 1 table, 100,011 rows, newest migration shop\.0002/,
  );
});

test("a drill by hand says how old the dump was and how long it took, beside the one by the clock", async () => {
  const { here, say, text, asked } = desk(kept, [LOADED]);
  await drillOnce(here, "main", { say }, patience);
  assert.match(text(), /Age \(RPO\): 6 hours[\s\S]*Duration \(RTO\): 84 s/);
  assert.equal((asked[0] as { inputs: { INTO: string } }).inputs.INTO, "tandem_drill_by_hand");
});

describe("a restore", () => {
  const words = { project, database: "main", backup: "latest" };

  test("says what stands where and which lines serve it, and writes them where that is agreed to", async () => {
    const { here, say, text, asked } = desk(kept, [RESTORED]);
    const stacks = {
      prod: { config: { "shop:differences": { databases: { main: { size: "db.t4g.small" } } } } },
    };
    const questions: string[] = [];
    const ask = async (question: string) => questions.push(question) === 0;
    const own = { ...project, stacks } as Project;
    await restoreBeside(here, { ...words, project: own, say, ask }, patience);
    assert.equal((asked[0] as { inputs: { BACKUP: string } }).inputs.BACKUP, NEW);
    assert.match(text(), /stands in the schema Shop_20261122T021700, beside Shop[\s\S]*Age \(RPO\): 6 hours/);
    assert.match(
      text(),
      / {4}databases:\n {6}main:\n {8}serves: Shop_20261122T021700\n[\s\S]*npx tandem apply --stack prod --real/,
    );
    assert.match(
      text(),
      /web declares no check[\s\S]*take the line out[\s\S]*Pulumi\.prod\.yaml is as it was/,
    );
    assert.deepEqual(questions, ["Write it into Pulumi.prod.yaml now?"]);
  });

  test("that the task refuses changes nothing and says why, line by line", async () => {
    const { here, say } = desk(kept, [{ ok: false, problems: ["It is empty.", "It has no table."] }]);
    const done = restoreBeside(here, { ...words, say, yes: true }, patience);
    await assert.rejects(
      done,
      refusal(
        /was not restored:\n {2}- It is empty\.\n {2}- It has no table\.\nWhat the application uses was not touched/,
      ),
    );
    assert.equal(configValue(project, "prod", "differences"), undefined);
  });

  const checked = parse(raw({ shared: { applications: { web: { check: ["manage", "look"] } } } }));
  const looks = (exitCode: number) => {
    ecs.on(DescribeServicesCommand).resolves({ services: [{ serviceName: "s", networkConfiguration: {} }] });
    const containerDefinitions = [{ name: "app", image: "web@sha256:1" }];
    ecs.on(DescribeTaskDefinitionCommand).resolves({ taskDefinition: { containerDefinitions } });
    ecs.on(RunTaskCommand).resolves({ tasks: [{ taskArn: "task/1" }] });
    ecs
      .on(DescribeTasksCommand)
      .resolves({ tasks: [{ lastStatus: "STOPPED", containers: [{ name: "app", exitCode }] }] });
    logs.on(GetLogEventsCommand).resolves({ events: [{ message: "looked" }], nextForwardToken: "end" });
  };

  test("lets the application look at its data in the restored schema first", async () => {
    looks(0);
    const { here, say, text } = desk(kept, [RESTORED], { settings: checked });
    await restoreBeside(here, { ...words, say }, patience);
    const { overrides } = ecs.commandCalls(RunTaskCommand)[0]?.args[0].input ?? {};
    const environment = [{ name: "DB_NAME", value: "Shop_20261122T021700" }];
    assert.deepEqual(overrides?.containerOverrides, [
      { name: "app", command: ["manage", "look"], environment },
    ]);
    assert.match(text(), /looked[\s\S]*To serve it/);
  });

  test("that the application does not find whole is not offered", async () => {
    looks(3);
    const { here, say, text } = desk(kept, [RESTORED], { settings: checked });
    await assert.rejects(
      restoreBeside(here, { ...words, say, yes: true }, patience),
      refusal(/web does not find its data whole in Shop_20261122T021700 \(exit code 3\)/),
    );
    assert.doesNotMatch(text(), /To serve it/);
  });
});

describe("an interrupt", () => {
  test("ends the waiting only, and the same name waits for the same task", async () => {
    const { here, asked } = desk({}, [LOADED]);
    const interrupted = new AbortController();
    const wait = async () => interrupted.abort();
    await assert.rejects(
      runDumpTask(
        placeOf(here),
        "dump",
        "main",
        {},
        { asked: "ada-1", interrupted: interrupted.signal, wait },
      ),
      refusal(/task t1: it goes on[\s\S]*--asked ada-1/, 130),
    );
    assert.equal((await runDumpTask(placeOf(here), "dump", "main", {}, patience)).ok, true);
    assert.deepEqual(asked[0], asked[1], "the door knows it by its name");
  });

  test("before a start starts nothing", async () => {
    const { here, asked } = desk({});
    const done = runDumpTask(
      placeOf(here),
      "dump",
      "main",
      {},
      { ...patience, interrupted: AbortSignal.abort() },
    );
    await assert.rejects(done, refusal(/before dump--main was started/, 130));
    assert.deepEqual(asked, []);
  });

  test("of somebody else's is named by the door, and with it how to wait for it", async () => {
    const { here } = desk({});
    const refused =
      "Job dump--main runs already (task t9, dump--main/bob-7), and no two may overlap: no second one was started.";
    const cloud = { ...here.cloud, ask: async () => ({ refused }) };
    const done = runDumpTask(placeOf({ ...here, cloud }), "dump", "main", {}, patience);
    await assert.rejects(done, refusal(/--asked bob-7\.$/));
  });

  test("of an export leaves what the next one begins anew; a folder with anything else is not touched", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tandem-export-"));
    try {
      const { here } = desk(kept);
      const dump = await dumpOf(here, "main", "latest");
      const own = join(folder, "prod-dumps-main-20261122T021700Z");
      mkdirSync(own);
      writeFileSync(join(own, "dump.sql.gz.part"), "hal");
      await exportDump(here.cloud, "bucket", dump, folder);
      await exportDump(here.cloud, "bucket", dump, folder);
      assert.deepEqual(readdirSync(own).sort(), ["dump.sql.gz", "manifest.json"]);
      writeFileSync(join(own, "mine"), "");
      await assert.rejects(exportDump(here.cloud, "bucket", dump, folder), refusal(/not empty: mine/));
      await assert.rejects(
        exportDump(here.cloud, "bucket", dump, join(own, "mine")),
        refusal(/cannot be written/),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a refresh of the sandbox", () => {
  const box = parse(raw({}, "sandbox"));
  const declared = parse(raw({ shared: { backups: { anonymise: { main: { pizza: "empty" } } } } }));
  const at = "anonymised/main/20261122T100000Z";
  const words = { project, database: "main", backup: "latest" };

  test("asks, then carries what nobody is known in, and says where the former data is", async () => {
    const production = desk(
      { ...kept, [`${at}/dump.sql.gz`]: "nobody", [`${at}/manifest.json`]: "m" },
      [{ ...LOADED, anonymised: at }],
      { settings: declared },
    );
    const sandbox = desk({}, [{ ...LOADED, schema: "Shop", before: "Shop_before" }], { settings: box });
    const { say, text } = production;
    await refresh(production.here, sandbox.here, { ...words, say, ask: async () => false }, patience);
    assert.match(text(), /Nothing was touched/);
    assert.deepEqual([production.asked, sandbox.asked], [[], []]);
    await refresh(production.here, sandbox.here, { ...words, say, yes: true }, patience);
    assert.match(text(), /stays in Shop_before/);
    assert.equal(sandbox.asked.length, 1);
  });

  test("without rules is refused, and so is one that nobody can be asked about", async () => {
    const sandbox = desk({}, [], { settings: box }).here;
    await assert.rejects(
      refresh(desk(kept).here, sandbox, { ...words, say: () => {}, yes: true }, patience),
      refusal(/backups\.anonymise\.main says of no column/),
    );
    await assert.rejects(
      refresh(desk(kept, [], { settings: declared }).here, sandbox, { ...words, say: () => {} }, patience),
      refusal(/--yes/, EXIT.usage),
    );
  });
});

describe("the real clouds", () => {
  const cloud = dumpCloud("eu-west-3");

  test("list a bucket of many pages, and read manifests", async () => {
    s3.on(ListObjectsV2Command, { ContinuationToken: undefined })
      .resolves({
        Contents: [{ Key: `${OLD}/manifest.json` }],
        NextContinuationToken: "2",
        IsTruncated: true,
      })
      .on(ListObjectsV2Command, { ContinuationToken: "2" })
      .resolves({ Contents: [{ Key: `${NEW}/manifest.json` }] })
      .on(GetObjectCommand)
      .resolves({ Body: { transformToString: async () => said() } as never });
    const dumps = await dumpsOf(desk({}, [], { cloud }).here, "main");
    assert.deepEqual(dumps.map(({ backup }) => backup).sort(), [OLD, NEW].sort());
  });

  test("that refuse are told in a line, and so is a door that fails", async () => {
    s3.on(ListObjectsV2Command).rejects(Object.assign(new Error("no"), { name: "AccessDenied" }));
    await assert.rejects(
      dumpsOf(desk({}, [], { cloud }).here, "main"),
      refusal(/AWS does not do it: not allowed/),
    );
    lambda.on(InvokeCommand).resolves({ FunctionError: "Unhandled", Payload: Buffer.from("oh") as never });
    const { here } = desk({}, [], { cloud });
    await assert.rejects(backUpAll(here, ["main"], { say: () => {} }, patience), refusal(/door failed: oh/));
  });

  test("of another account are not asked", async () => {
    ecs
      .on(DescribeClustersCommand)
      .resolves({ failures: [{ arn: "arn:aws:ecs:eu-west-3:111111111111:cluster/x" }] });
    await assert.rejects(realClouds(settings), refusal(/those of account 111111111111/));
  });
});
