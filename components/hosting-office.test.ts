import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../config/parse";
import { raw } from "../config/testing";
import { resting } from "./hosting-office";

const uses = (enabled: boolean) => ({ enabled, databases: { main: {} }, processes: { worker: {} } });
const BY_DAY = { backups: { cron: "30 12 * * 1-5", drill: { cron: "30 14 * * 1" } } };
/** @param web whether the one application that asks the database is on @param office whether the other is */
const rest = (officeHours: object | undefined, enabled: boolean, web: boolean, office: boolean) => {
  const applications = { web: { enabled: web }, "back-office": uses(office) };
  const shared = { ...BY_DAY, enabled, applications };
  return resting(parse(raw({ shared: officeHours === undefined ? shared : { ...shared, officeHours } })));
};

test("a database rests while all that asks it is off, where it was asked to stop with it", () => {
  assert.deepEqual(rest({ databases: true }, true, false, false), ["main"]);
  assert.deepEqual(rest({ databases: true }, false, true, true), ["main"]);
});

test("it does not rest while something asks it, nor where nobody asked for that", () => {
  assert.deepEqual(rest({ databases: true }, true, true, false), []);
  assert.deepEqual(rest({ databases: false }, false, false, false), []);
  assert.deepEqual(rest(undefined, false, false, false), []);
});
