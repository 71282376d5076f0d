import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../config/parse";
import { raw } from "../config/testing";
import { secretAges } from "./secret-ages";

const settings = parse(
  raw({
    shared: { secrets: { HOOK: "given" }, notices: { webhook: "HOOK" } },
    secrets: { HOOK: "a" },
    around: { "shop:rotations": { SECRET_KEY: 2 } },
  }),
);

test("an age counts from the first up that saw the generation", () => {
  const now = "2026-06-01T00:00:00.000Z";
  const before = { generation: 1, since: "2026-01-01T00:00:00.000Z", limit: 365, retired: true, usedBy: [] };
  const ages = secretAges({ settings, now, ages: { SECRET_KEY: before, HOOK: before } });
  assert.deepEqual(ages, {
    SECRET_KEY: { generation: 2, since: now, limit: 365, retired: false, usedBy: ["web"] },
    MAP_KEY: { generation: 1, since: now, limit: 365, retired: true, usedBy: ["web"] },
    HOOK: { generation: 1, since: before.since, limit: 365, retired: true, usedBy: ["workflows"] },
    "databases.main": { generation: 1, since: now, limit: 365, retired: true, usedBy: ["web"] },
  });
});
