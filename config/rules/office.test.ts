import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../parse";
import { raw } from "../testing";

const read = (officeHours: object, more: object = {}) => parse(raw({ shared: { officeHours, ...more } }));

/** Backups at times at which databases that sleep at night answer. */
const BY_DAY = { backups: { cron: "30 12 * * 1-5", drill: { cron: "30 14 * * 1" } } };

test("without office hours an environment is always awake; with them, it is awake on workdays", () => {
  assert.equal(parse(raw()).officeHours, undefined);
  assert.deepEqual(read({}).officeHours, {
    from: "08:00",
    to: "19:00",
    days: ["mon", "tue", "wed", "thu", "fri"],
    timeZone: "Europe/Paris",
    databases: false,
    schedules: "pause",
  });
});

test("databases may sleep where backups are made by day, and what pauses with them runs whenever it likes", () => {
  assert.equal(read({ databases: true }, BY_DAY).officeHours?.databases, true);
});

test("databases of an environment that is off rest at any hour: nothing backs them up", () => {
  assert.equal(read({ databases: true }, { enabled: false }).officeHours?.databases, true);
});

test("times are those of their own zones: 06:30 UTC is within Parisian hours, in winter and in summer", () => {
  const schedules = {
    nightly: { application: "web", command: "manage nightly", cron: "30 7 * * 1-5", timeZone: "UTC" },
  };
  assert.ok(read({ databases: true, schedules: "go-on" }, { ...BY_DAY, schedules }).officeHours);
});

for (const [what, officeHours, more, ...messages] of [
  ["hours over midnight", { from: "19:00", to: "08:00" }, {}, /officeHours\.to/, /after 19:00/],
  ["a time that is none", { from: "8h" }, {}, /officeHours\.from/, /such as "08:00"/],
  ["no day", { days: [] }, {}, /officeHours\.days/, /use enabled: false/],
  ["a day that is none", { days: ["monday"] }, {}, /mon, tue, wed/],
  ["a day twice", { days: ["mon", "mon"] }, {}, /mon twice/],
  ["a zone that is none", { timeZone: "Europe/Lutetia" }, {}, /an IANA time zone/],
  ["an unknown key", { until: "20:00" }, {}, /officeHours/, /until/],
  ["backups of databases that sleep", { databases: true }, {}, /backups\.cron/, /has stopped the databases/],
  [
    "a drill of databases that sleep",
    { databases: true },
    { backups: { cron: "30 12 * * 1-5" } },
    /backups\.drill\.cron/,
  ],
  [
    "tasks at night that need databases that sleep",
    { databases: true, schedules: "go-on" },
    BY_DAY,
    /schedules\.nightly\.cron/,
    /move it into the hours/,
  ],
  [
    "tasks that GitHub starts at night, which nobody pauses",
    { databases: true },
    {
      ...BY_DAY,
      schedules: { nightly: { application: "web", command: "x", cron: "0 3 * * *", by: "github" } },
    },
    /schedules\.nightly\.cron/,
  ],
] as const)
  test(`refused: ${what}`, () => {
    const message = messageOf(() => read(officeHours, more));
    for (const each of messages) assert.match(message, each);
  });

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  return assert.fail("it was accepted");
}
