import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { KEPT, KeptCloud } from "./cloud.test-helper";

const at = (instant: string) => Date.parse(instant);
const on = (until: unknown) => JSON.stringify({ until, since: "x", by: "ada" });
const WEB = "maintenance/web.json";
const OFFICE = "maintenance/office.json";

/** Production: no office hours, and so nothing that the keeper counts, starts or stops. */
const { hours: _, ...ALWAYS } = { ...KEPT, services: {}, databases: {}, schedules: {}, alarms: [] };

describe("during a maintenance", () => {
  test("alarms of the closed application are quiet, those of others and of what both share are heard", async () => {
    const cloud = new KeptCloud(at("2026-11-23T10:00:00Z"), ALWAYS);
    await cloud.round();
    assert.deepEqual(cloud.changes, []);
    cloud.switches[WEB] = on("2026-11-23T11:00:00Z");
    await cloud.round();
    assert.deepEqual(cloud.silent, ["service-web_web-unhealthy"]);
    cloud.switches[OFFICE] = on("2026-11-23T10:30:00Z");
    await cloud.round();
    assert.deepEqual(cloud.silent, [
      "service-web_web-unhealthy",
      "service-office_web-unhealthy",
      "balancer-errors",
    ]);
    cloud.changes.length = 0;
    await cloud.until("2026-11-23T10:30:00Z");
    assert.deepEqual(cloud.changes, []);
    await cloud.until("2026-11-23T10:35:00Z");
    assert.deepEqual(cloud.silent, ["service-web_web-unhealthy"]);
  });

  test("one that lasts when the application opens again begins anew, so that somebody hears of it", async () => {
    const cloud = new KeptCloud(at("2026-11-23T10:00:00Z"), ALWAYS);
    cloud.switches[WEB] = on("2026-11-23T11:00:00Z");
    await cloud.round();
    const unhealthy = cloud.alarms["shop-sandbox-service-web_web-unhealthy"];
    if (unhealthy) unhealthy.StateValue = "ALARM";
    delete cloud.switches[WEB];
    cloud.changes.length = 0;
    await cloud.round();
    assert.deepEqual(
      [cloud.silent, unhealthy?.StateValue, cloud.changes],
      [[], "OK", ["SetAlarmState shop-sandbox-service-web_web-unhealthy", "EnableAlarmActions"]],
    );
  });

  test("a planned one counts from shortly before its beginning to its end, without a switch", async () => {
    const planned = { from: "2026-11-23T10:00:00Z", until: "2026-11-23T12:00:00Z" };
    const { web } = KEPT.maintenance;
    const maintenance = { ...KEPT.maintenance, web: { ...web, ...planned } };
    const cloud = new KeptCloud(at("2026-11-23T09:57:00Z"), { ...ALWAYS, maintenance });
    for (const [instant, quiet] of [
      ["09:57:00", 0],
      ["09:58:00", 1],
      ["11:59:59", 1],
      ["12:00:00", 0],
    ] as const) {
      cloud.now = at(`2026-11-23T${instant}Z`);
      await cloud.round();
      assert.equal(cloud.silent.length, quiet, instant);
    }
  });

  for (const text of ["", "null", "[]", "{}", on("soon"), on(9_999_999_999_999), on("2026-11-23T09:59:59Z")])
    test(`a switch with ${text || "nothing"} in it silences nobody, as it closes nothing`, async () => {
      const cloud = new KeptCloud(at("2026-11-23T10:00:00Z"), ALWAYS);
      cloud.switches[WEB] = text;
      await cloud.round();
      assert.deepEqual(cloud.silent, []);
    });

  test("a switch that cannot be read silences nobody and keeps nothing else from being done, and the call fails", async () => {
    const cloud = new KeptCloud(at("2026-11-23T18:30:00Z"), { ...KEPT, databases: {} });
    cloud.switches[WEB] = on("2026-11-23T20:00:00Z");
    cloud.refusing.add("GetObject");
    await assert.rejects(cloud.round(), /GetObject is out of order/);
    assert.equal(cloud.asleep, true);
  });
});

describe("office hours that end in the middle of a maintenance", () => {
  const evening = async () => {
    const cloud = new KeptCloud(at("2026-11-23T17:30:00Z"), { ...KEPT, databases: {} });
    cloud.switches[WEB] = on("2026-11-23T20:00:00Z");
    await cloud.until("2026-11-23T19:00:00Z");
    return cloud;
  };

  test("stop nothing until it ends", async () => {
    const cloud = await evening();
    assert.equal(cloud.asleep, false);
    await cloud.until("2026-11-23T20:00:00Z");
    assert.equal(cloud.asleep, false);
    await cloud.until("2026-11-23T20:05:00Z");
    assert.equal(cloud.asleep, true);
  });

  test("stop at once where somebody says so", async () => {
    const cloud = await evening();
    await cloud.ask({ do: "stop" });
    assert.equal(cloud.asleep, true);
    await cloud.until("2026-11-23T19:30:00Z");
    assert.equal(cloud.asleep, true);
  });

  test("wake nothing up that slept before it began", async () => {
    const cloud = new KeptCloud(at("2026-11-23T21:00:00Z"), { ...KEPT, databases: {} });
    await cloud.round();
    cloud.switches[WEB] = on("2026-11-24T01:00:00Z");
    await cloud.until("2026-11-23T23:00:00Z");
    assert.equal(cloud.asleep, true);
  });
});

describe("an environment that is off", () => {
  const OFF = { ...KEPT, on: false, maintenance: {} };

  test("stays asleep all day, its database too, also when AWS starts it after seven days", async () => {
    const cloud = new KeptCloud(at("2026-11-23T09:00:00Z"), OFF);
    await cloud.until("2026-11-23T12:00:00Z");
    assert.deepEqual([cloud.asleep, cloud.database], [true, "stopped"]);
    cloud.changes.length = 0;
    await cloud.until("2026-12-01T12:00:00Z");
    assert.deepEqual(
      [cloud.database, cloud.changes.filter((change) => /DBInstance/.test(change))],
      ["stopped", ["StopDBInstance shop-sandbox-main"]],
    );
  });

  for (const event of [{ do: "start", until: "2026-11-23T12:00:00Z" }, { do: "stop" }])
    test(`${event.do} says that it is off, and changes nothing`, async () => {
      const cloud = new KeptCloud(at("2026-11-23T09:00:00Z"), OFF);
      assert.deepEqual(await cloud.ask(event), {
        refused: "it is off: enabled is false in its configuration.",
      });
      assert.deepEqual(cloud.changes, []);
    });
});

test("a database whose applications are all off stops by day too, and starts with them", async () => {
  const cloud = new KeptCloud(at("2026-11-23T09:00:00Z"), {
    ...KEPT,
    databases: { "shop-sandbox-main": false },
  });
  await cloud.until("2026-11-23T10:00:00Z");
  assert.deepEqual([cloud.asleep, cloud.database], [false, "stopped"]);
  const again = new KeptCloud(at("2026-11-23T10:00:00Z"));
  again.database = "stopped";
  await again.round();
  assert.equal(again.database, "starting");
});

test("where there are no office hours nobody is kept awake or sent to sleep by hand", async () => {
  const cloud = new KeptCloud(at("2026-11-23T10:00:00Z"), ALWAYS);
  for (const event of [{ do: "start", until: "2026-11-23T12:00:00Z" }, { do: "stop" }])
    assert.match(String(((await cloud.ask(event)) as { refused: string }).refused), /has no office hours/);
  assert.deepEqual(cloud.changes, []);
});
