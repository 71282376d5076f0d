import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { refuseFailed } from "../cases/rehearsed.test-helper";
import { InProcess } from "../in-process";
import { openProject, settingsOf } from "../project";
import { parityOf } from "./desk";
import type { Environment } from "./environment";
import { known } from "./known";
import { look } from "./look";
import { rehearsedSources } from "./rehearsed";
import type { PairStatus, Status } from "./status";
import { words } from "./words";
import { wrongs } from "./wrong";

const project = openProject("oc-pizza");
const settings = settingsOf(project, "sandbox");
const way = new InProcess(project);

async function looked(changes: Partial<Environment> = {}): Promise<Status> {
  const environment = { settings, outputs: await way.outputs("sandbox"), now: way.now(), ...changes };
  return look(environment, rehearsedSources(way.memory.cloud, environment));
}

async function pair(): Promise<PairStatus> {
  return { environments: [await looked()], parity: await parityOf(project, way) };
}

before(async () => {
  for (const stack of ["sandbox", "prod"] as const) refuseFailed(await way.run(stack, "up"));
});

const SANDBOX = `
             sandbox
state        on
region       eu-west-3, copies in eu-central-1
passport     r-97180d9f33ff
             verified 2026-11-22 08:00 UTC
processes    web/web 1/1, sha256:1f0c5e3b8a7d
               since 2026-11-22 08:00 UTC (just now)
maintenance  web open
hosts        sandbox.oc-pizza.fr
               IPv4 and IPv6 Cloudflare's edge
               TLS not known [1]
origin TLS   Amazon, until 2027-11-22 (365 days left)
mail         no address is forwarded
             alarms to exploitation@oc-pizza.fr
databases    main: OC_Pizza, db.t4g.micro, available
               mysql 8.4.6, supported until 2029-07-31
               disk 20 GiB, at most 100 GiB
               disk used not known [2]
backups      main:
               snapshot not known [3]
               before the release 2026-11-22 08:00 UTC (just now)
               any second until not known [2]
               dump not known [2]
drills       main: not known [2]
schedules    clear-sessions, next 2026-11-23 03:30 UTC
               last run not known [2]
             dump--main, next 2026-11-23 02:07 UTC
               last run not known [2]
             drill--main, next 2026-11-29 03:47 UTC
               last run not known [2]
secrets      5, none too old
               next SECRET_KEY: 0 of 365 days
silence      not known [2]
alarms       #, none is ringing
plan         Cloudflare free, does not end
             AWS by use, does not end
a month      about $# [4]
parity       holds: # properties differ, each with its reason (npx tandem parity)
`;

describe("the status of a rehearsed environment", () => {
  test("says every row, from what the simulated clouds hold, and what cannot be known there", async () => {
    const said = stripVTControlCharacters(words(await pair()));
    const table = said.slice(0, said.indexOf("\n\n"));
    assert.equal(
      table
        .replace(/^(alarms +)\d+/m, "$1#")
        .replace(/about \$[\d.]+/, "about $#")
        .replace(/\d+ properties/, "# properties"),
      SANDBOX.slice(1).trimEnd(),
    );
    assert.match(
      said,
      /^logs {9}sandbox {5}https:\/\/eu-west-3\.console.*\$252Foc-pizza\$252Fsandbox\$252F$/m,
    );
    assert.match(said, /^dashboard {4}sandbox {5}.*#dashboards\/dashboard\/oc-pizza-sandbox$/m);
    assert.match(said, /^\[1\] only the real edge has one\n\[2\] nothing runs in a rehearsal\n/m);
    assert.match(said, /\n\nNothing is wrong\.$/);
  });

  test("fits 100 columns, two environments side by side, but for addresses", async () => {
    const { environments, parity } = await pair();
    const [status] = environments;
    assert.ok(status);
    const notices = ["exploitation@oc-pizza.fr", "astreinte@oc-pizza.fr", "direction@oc-pizza.fr"];
    const long = { ...status, mail: { ...status.mail, notices } };
    const said = stripVTControlCharacters(words({ environments: [long, status], parity }));
    for (const line of said.split("\n")) assert.ok(line.length <= 100 || line.includes("https://"), line);
    assert.match(
      said,
      /^ {13}alarms to exploitation@oc-pizza\.fr, {2,}alarms to exploitation@oc-pizza\.fr$/m,
    );
    assert.match(said, /^ {15}astreinte@oc-pizza\.fr,/m);
  });

  test("says last what is wrong, parity included", async () => {
    const { environments } = await pair();
    const said = stripVTControlCharacters(words({ environments, parity: known({ allowed: 3, refused: 2 }) }));
    assert.match(said, /^parity {7}broken: 2 properties differ that nobody declared \(npx tandem parity\)$/m);
    assert.match(said, /\nWrong: 1\n {2}parity is broken: 2 properties differ that nobody declared$/);
  });

  test("is well, and shows no secret", async () => {
    const status = await looked();
    assert.deepEqual(wrongs(status), []);
    const shown = JSON.stringify(status);
    const secret = way.memory.cloud.objects("aws:rds/instance:Instance")[0]?.inputs.password;
    assert.ok(typeof secret === "string" && !shown.includes(secret));
  });

  test("says when an application is closed, and until when", async () => {
    const switches = way.memory.cloud
      .objects("aws:s3/bucket:Bucket")
      .find(({ outputs }) => outputs.bucket === way.memory.stacks.sandbox?.outputs.switches);
    assert.ok(switches);
    const body = JSON.stringify({ until: "2026-11-22T09:00:00Z", since: way.now(), by: "ada" });
    switches.contents = { objects: [{ key: "maintenance/web.json", body }] };
    const { maintenance } = await looked();
    switches.contents = {};
    assert.deepEqual(maintenance, { value: { web: "closed until 2026-11-22 09:00 UTC by ada" } });
  });

  test("names the secrets that are too old and the engine that is out of support", async () => {
    const found = wrongs(await looked({ now: "2029-08-01T08:00:00.000Z" }));
    assert.ok(
      found.some((line) => /^sandbox: secret SECRET_KEY is \d+ days old, its limit is 365$/.test(line)),
    );
    assert.ok(found.includes("sandbox: standard support of mysql 8.4.6 ended on 2029-07-31"));
    assert.ok(found.some((line) => /the certificate of the origin ends in -\d+ days/.test(line)));
  });

  test("is not up before its first up, beside one that is", async () => {
    const status = await looked({ settings: settingsOf(project, "prod"), outputs: undefined });
    assert.deepEqual(wrongs(status), ["production is not up yet"]);
    const { parity } = await pair();
    const environments = [await looked(), status];
    const [head, state] = stripVTControlCharacters(words({ environments, parity })).split("\n");
    assert.match(head ?? "", /^ +sandbox +production$/);
    assert.match(state ?? "", /^state +on +not up yet$/);
  });
});
