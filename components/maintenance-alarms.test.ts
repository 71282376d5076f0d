import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "../config/parse";
import { raw } from "../config/testing";
import { closings, DURING_MAINTENANCE } from "./maintenance-alarms";
import { runbookAnchor } from "./runbook";

test("of everything that speaks it is said whether it is quiet during a maintenance, and why", () => {
  // Another test keeps the runbook's rows and what speaks the same.
  const [, rows = ""] = readFileSync(join(__dirname, "..", "docs", "runbook.md"), "utf8").split(/^## .*$/m);
  const known = [...rows.matchAll(/^### (.+)$/gm)].map(([, title = ""]) => title);
  assert.deepEqual(Object.keys(DURING_MAINTENANCE).sort(), known.sort());
});

const until = "2026-12-01T11:00:00.000Z";
const office = { processes: { web: { host: "office.shop.example" }, worker: {} } };
const settings = (more: object = {}, shared: object = {}) =>
  parse(
    raw({
      shared: {
        applications: {
          "back-office": office,
          hidden: { processes: { worker: {} } },
          web: { maintenance: { until } },
          ...more,
        },
        schedules: {
          clean: { application: "hidden", command: "clean", cron: "0 3 * * *" },
        },
        ...shared,
      },
    }),
  );

test("an application's own alarms are those of its hosts and of its schedules", () => {
  const { maintenance, shared } = closings(settings());
  assert.deepEqual(maintenance, {
    "back-office": { from: undefined, until: undefined, alarms: ["service-back-office_web-unhealthy"] },
    web: { from: undefined, until, alarms: ["service-web_web-unhealthy", "schedule-nightly-silent"] },
  });
  assert.deepEqual(shared, ["balancer-errors", "application-errors", "slow-answers"]);
  for (const role of [...Object.values(maintenance).flatMap(({ alarms }) => alarms), ...shared])
    assert.notEqual(DURING_MAINTENANCE[runbookAnchor(role)]?.quiet, "never", role);
});

test("what is off has no alarm that a maintenance could silence", () => {
  const off = settings({ "back-office": { ...office, enabled: false } });
  assert.deepEqual(Object.keys(closings(off).maintenance), ["web"]);
  assert.deepEqual(closings(settings({}, { enabled: false })).maintenance, {});
});
