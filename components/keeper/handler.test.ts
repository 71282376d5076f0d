import assert from "node:assert/strict";
import { test } from "node:test";
import { KEPT, KeptCloud } from "./cloud.test-helper";

const { isOpen, nextOpening } = require("./hours.js") as {
  isOpen: (instant: number, hours: object) => boolean;
  nextOpening: (instant: number, hours: object) => number;
};

const WITHOUT_DATABASE = { ...KEPT, databases: {} };
const at = (instant: string) => Date.parse(instant);
const paris = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Paris",
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const wall = (instant: number) => paris.format(new Date(instant)).replace(",", "");

for (const [what, from, to] of [
  ["in spring", "2026-03-22T23:00:00Z", "2026-04-05T22:00:00Z"],
  ["in autumn", "2026-10-18T22:00:00Z", "2026-11-01T23:00:00Z"],
] as const)
  test(`a fortnight over the change of clocks ${what}: ten workdays, each from eight to seven by the wall`, async () => {
    const cloud = new KeptCloud(at(from), WITHOUT_DATABASE);
    const turns: string[] = [];
    let asleep: boolean | undefined;
    await cloud.until(to, () => {
      if (asleep !== undefined && asleep !== cloud.asleep)
        turns.push(`${wall(cloud.now)} ${cloud.asleep ? "asleep" : "awake"}`);
      asleep = cloud.asleep;
    });
    const week = ["Mon", "Tue", "Wed", "Thu", "Fri"].flatMap((day) => [
      `${day} 08:00 awake`,
      `${day} 19:00 asleep`,
    ]);
    assert.deepEqual(turns, [...week, ...week]);
  });

test("it wakes up to the counts of the configuration: fixed ones, bounds where load decides, none where none is said", async () => {
  const cloud = new KeptCloud(at("2026-11-23T06:00:00Z"), WITHOUT_DATABASE);
  await cloud.round();
  assert.deepEqual([cloud.asleep, cloud.bounds, cloud.schedule.State], [true, [0, 0], "DISABLED"]);
  assert.deepEqual(cloud.schedule.Target, { Arn: "arn:guard" });
  assert.deepEqual(Object.keys(cloud.schedule).sort(), ["Name", "State", "Target"]);
  await cloud.until("2026-11-23T07:30:00Z");
  const desired = Object.values(cloud.services).map(({ desired: count }) => count);
  assert.deepEqual([desired, cloud.bounds, cloud.schedule.State], [[2, 1, 0], [1, 4], "ENABLED"]);
});

test("a round that finds all as it should be changes nothing, and leaves what load decided alone", async () => {
  const cloud = new KeptCloud(at("2026-11-23T09:00:00Z"));
  await cloud.until("2026-11-23T10:00:00Z");
  cloud.changes.length = 0;
  Object.assign(cloud.services["shop-sandbox-web_api"] as object, { desired: 3 });
  await cloud.until("2026-11-23T12:00:00Z");
  assert.deepEqual(cloud.changes, []);
});

test("a database stops when nothing runs any more, and answers when the hours begin", async () => {
  const cloud = new KeptCloud(at("2026-11-23T17:50:00Z"));
  cloud.tasks = ["a long import"];
  await cloud.until("2026-11-23T19:00:00Z");
  assert.deepEqual([cloud.asleep, cloud.database], [true, "available"]);
  cloud.tasks = [];
  await cloud.until("2026-11-23T20:00:00Z");
  assert.equal(cloud.database, "stopped");
  await cloud.until("2026-11-24T06:35:00Z");
  assert.equal(cloud.database, "stopped");
  await cloud.until("2026-11-24T07:00:00Z");
  assert.deepEqual([cloud.asleep, cloud.database], [true, "available"]);
  await cloud.until("2026-11-24T07:10:00Z");
  assert.equal(cloud.asleep, false);
});

test("processes wait for a database that takes longer, and nothing is refused by one that is busy", async () => {
  const cloud = new KeptCloud(at("2026-11-23T07:00:00Z"));
  cloud.database = "stopping";
  for (const service of Object.values(cloud.services)) service.desired = 0;
  await cloud.round();
  assert.equal(cloud.asleep, true);
  cloud.database = "backing-up";
  await cloud.round();
  assert.equal(cloud.asleep, false);
});

test("what AWS starts by itself after seven days is stopped again; what a person starts at night is not fought", async () => {
  const closed = { ...KEPT, hours: { ...KEPT.hours, days: ["sun"], from: "23:58", to: "23:59" } };
  const cloud = new KeptCloud(at("2026-11-23T00:00:00Z"), closed);
  await cloud.until("2026-11-23T01:00:00Z");
  assert.equal(cloud.database, "stopped");
  cloud.database = "available";
  await cloud.until("2026-11-23T12:00:00Z");
  assert.equal(cloud.database, "available");
  await cloud.until("2026-11-24T00:00:00Z");
  assert.equal(cloud.database, "stopped");
  cloud.changes.length = 0;
  // A round at 23:58 of Sunday is between two rounds: for the keeper the week has no hours at all.
  await cloud.until("2026-12-01T12:00:00Z");
  assert.equal(cloud.database, "stopped");
  assert.deepEqual(
    cloud.changes.filter((change) => /DBInstance/.test(change)),
    ["StopDBInstance shop-sandbox-main"],
  );
});

test("alarms of what sleeps are quiet, others are not; they are heard again twenty minutes after it woke up", async () => {
  const cloud = new KeptCloud(at("2026-11-23T18:30:00Z"), WITHOUT_DATABASE);
  await cloud.round();
  const asleep = [
    "service-web_web-unhealthy",
    "service-office_web-unhealthy",
    "balancer-errors",
    "database-main-cpu",
  ];
  assert.deepEqual(cloud.silent, asleep);
  const unhealthy = cloud.alarms["shop-sandbox-service-web_web-unhealthy"];
  if (unhealthy) unhealthy.StateValue = "ALARM";
  await cloud.until("2026-11-24T07:15:00Z");
  assert.deepEqual(cloud.silent, asleep);
  await cloud.until("2026-11-24T07:25:00Z");
  assert.deepEqual(cloud.silent, []);
  assert.equal(unhealthy?.StateValue, "OK", "a lasting alarm begins anew, so that somebody hears of it");
});

test("somebody works late: awake until then, through every round, and asleep by itself after", async () => {
  const cloud = new KeptCloud(at("2026-11-23T18:30:00Z"), WITHOUT_DATABASE);
  await cloud.round();
  assert.equal(cloud.asleep, true);
  const answer = await cloud.ask({ do: "start", until: "2026-11-23T22:00:00+01:00" });
  assert.deepEqual(answer, { awake: true, until: "2026-11-23T21:00:00.000Z", ready: true });
  assert.equal(cloud.asleep, false);
  await cloud.until("2026-11-23T21:00:00Z");
  assert.equal(cloud.asleep, false);
  await cloud.until("2026-11-23T21:05:00Z");
  assert.equal(cloud.asleep, true);
  await cloud.until("2026-11-24T07:05:00Z");
  assert.equal(cloud.asleep, false);
});

test("stop lets it sleep at once, until the hours begin anew: by day until the next workday, at night until morning", async () => {
  const cloud = new KeptCloud(at("2026-11-27T09:00:00Z"), WITHOUT_DATABASE);
  const answer = (await cloud.ask({ do: "stop" })) as { until: string };
  assert.equal(answer.until, "2026-11-30T07:00:00.000Z");
  await cloud.until("2026-11-30T07:00:00Z");
  assert.equal(cloud.asleep, true);
  await cloud.until("2026-11-30T07:05:00Z");
  assert.equal(cloud.asleep, false);
});

for (const until of [
  undefined,
  "22:00",
  "2026-11-23T17:00:00Z",
  "2026-11-25T17:00:01Z",
  7,
  "2026-11-23T20:00:00",
])
  test(`until ${JSON.stringify(until)} is refused in words, and nothing changes`, async () => {
    const cloud = new KeptCloud(at("2026-11-23T18:00:00Z"));
    const { refused } = (await cloud.ask({ do: "start", until })) as { refused: string };
    assert.match(refused, /an instant from now to a day from now/);
    assert.deepEqual(cloud.changes, []);
  });

for (const event of [{}, { do: "constructor" }, { do: "keep" }])
  test(`nothing is done for ${JSON.stringify(event)}`, async () => {
    const cloud = new KeptCloud(at("2026-11-23T18:00:00Z"));
    await assert.rejects(cloud.ask(event), /is nothing that is done here: round, start, stop/);
  });

test("killed after any number of calls, the rounds that follow finish what was begun", async () => {
  const calm = new KeptCloud(at("2026-11-23T18:30:00Z"), WITHOUT_DATABASE);
  const begin = { do: "start", until: "2026-11-23T22:00:00Z" };
  for (let lives = 0; lives < 40; lives += 1) {
    const cloud = new KeptCloud(calm.now, WITHOUT_DATABASE);
    await cloud.round();
    cloud.lives = lives;
    const died = await cloud.ask(begin).then(
      () => false,
      () => true,
    );
    cloud.lives = Number.POSITIVE_INFINITY;
    const asked = cloud.parameters.asked !== "{}";
    await cloud.round();
    assert.equal(cloud.asleep, !asked, `after ${lives} calls`);
    // Asked again, it is as if it had never been killed.
    await cloud.ask(begin);
    assert.deepEqual([cloud.asleep, cloud.bounds, cloud.schedule.State], [false, [1, 4], "ENABLED"]);
    if (!died) return;
  }
  assert.fail("it needs more calls than that");
});

test("two calls at once end as one would", async () => {
  const cloud = new KeptCloud(at("2026-11-23T18:30:00Z"));
  await Promise.all([cloud.round(), cloud.round(), cloud.ask({ do: "stop" })]);
  await cloud.until("2026-11-23T19:30:00Z");
  assert.deepEqual([cloud.asleep, cloud.database, cloud.schedule.State], [true, "stopped", "DISABLED"]);
  cloud.now = at("2026-11-23T19:30:00Z");
  await Promise.all([cloud.ask({ do: "start", until: "2026-11-23T21:00:00Z" }), cloud.round()]);
  await cloud.until("2026-11-23T20:00:00Z");
  assert.deepEqual([cloud.asleep, cloud.database, cloud.schedule.State], [false, "available", "ENABLED"]);
});

test("one step that fails keeps no other from being done, and fails the call", async () => {
  const cloud = new KeptCloud(at("2026-11-23T18:30:00Z"));
  cloud.refusing.add("UpdateSchedule");
  await assert.rejects(cloud.round(), /UpdateSchedule is out of order/);
  assert.equal(cloud.asleep, true);
});

test("a note that somebody spoiled counts for nothing: the hours hold", async () => {
  const cloud = new KeptCloud(at("2026-11-23T18:30:00Z"));
  for (const note of [
    "",
    "null",
    "[]",
    '{"open":true,"until":"later"}',
    '{"open":"yes","until":"2027-01-01T00:00:00Z"}',
  ]) {
    cloud.parameters.asked = note;
    await cloud.round();
    assert.equal(cloud.asleep, true, note);
  }
});

test("hours in an hour that the clocks leave out begin with the next one that there is", () => {
  const hours = { from: "02:30", to: "04:00", days: ["sun"], timeZone: "Europe/Paris" };
  assert.equal(nextOpening(at("2026-03-28T12:00:00Z"), hours), at("2026-03-29T01:00:00Z"));
  assert.equal(isOpen(at("2026-03-29T01:59:00Z"), hours), true);
  assert.equal(isOpen(at("2026-03-29T02:00:00Z"), hours), false);
});

test("more services than one answer holds all sleep", async () => {
  const names = Array.from({ length: 23 }, (_, index) => `shop-sandbox-web_p${index}`);
  const services = Object.fromEntries(names.map((name) => [name, 1]));
  const cloud = new KeptCloud(at("2026-11-23T18:30:00Z"), { ...WITHOUT_DATABASE, services });
  for (const name of names) cloud.services[name] = { desired: 1, running: 1 };
  await cloud.round();
  assert.ok(names.every((name) => cloud.services[name]?.desired === 0));
});

test("a service that is not there any more, or not yet, is nothing that is changed", async () => {
  const cloud = new KeptCloud(at("2026-11-23T18:30:00Z"), WITHOUT_DATABASE);
  delete cloud.services["shop-sandbox-web_web"];
  await cloud.round();
  assert.ok(!cloud.changes.some((change) => change.includes("web_web")));
  assert.equal(cloud.asleep, true);
});

test("the runtime's clients are made once for each service and region", async () => {
  const { sdk } = require("./sdk.js") as {
    sdk: (
      load: (module: string) => unknown,
    ) => (where: string, command: string, input: object) => Promise<unknown>;
  };
  const made: string[] = [];
  const send = sdk((module) => ({
    CloudWatchClient: class {
      constructor(private readonly options: { region?: string }) {
        made.push(`${module} ${options.region ?? "here"}`);
      }
      send(command: object) {
        return Promise.resolve([this.options.region, command]);
      }
    },
    DescribeAlarmsCommand: class {
      constructor(readonly input: object) {}
    },
  }));
  await send("cloudwatch", "DescribeAlarms", {});
  await send("cloudwatch@us-east-1", "DescribeAlarms", {});
  const [region] = (await send("cloudwatch@us-east-1", "DescribeAlarms", {})) as [string];
  assert.equal(region, "us-east-1");
  assert.deepEqual(made, ["@aws-sdk/client-cloudwatch here", "@aws-sdk/client-cloudwatch us-east-1"]);
});

test("a schedule that is off by configuration stays off by day", async () => {
  const kept = { ...WITHOUT_DATABASE, schedules: { "shop-sandbox-nightly": false } };
  const cloud = new KeptCloud(at("2026-11-23T09:00:00Z"), kept);
  await cloud.round();
  assert.equal(cloud.schedule.State, "DISABLED");
});
