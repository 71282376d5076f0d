import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HIGHEST_PRIORITY, rulePriorities } from "./priorities";

const hosts = fc.uniqueArray(fc.domain(), { maxLength: 60 });

test("every host has its own whole priority from 1 to 40000", () => {
  fc.assert(
    fc.property(hosts, (names) => {
      const given = Object.values(rulePriorities(names));
      assert.equal(new Set(given).size, names.length);
      assert.ok(given.every((p) => Number.isInteger(p) && p >= 1 && p <= HIGHEST_PRIORITY));
    }),
  );
});

test("the order and the repetition of hosts do not matter", () => {
  fc.assert(
    fc.property(hosts, (names) =>
      assert.deepEqual(rulePriorities(names), rulePriorities([...names, ...names].reverse())),
    ),
  );
});

test("hosts that meet on one number all get one, even when every number is needed", () => {
  const names = Array.from({ length: 7 }, (_, index) => `host-${index}.example.org`);
  assert.deepEqual(Object.values(rulePriorities(names, 7)).sort(), [1, 2, 3, 4, 5, 6, 7]);
});

test("a host keeps its priority when an unrelated one comes", () => {
  const before = rulePriorities(["shop.example.org", "www.example.org"]);
  const after = rulePriorities(["admin.example.org", "shop.example.org", "www.example.org"]);
  assert.deepEqual({ ...after, ...before }, after);
});

test("the numbers themselves are a contract: they stay from one release to the next", () => {
  assert.deepEqual(rulePriorities(["shop.example.org", "www.shop.example.org"]), {
    "shop.example.org": 8365,
    "www.shop.example.org": 35_458,
  });
});

test("more hosts than numbers are refused with both counts", () => {
  assert.throws(() => rulePriorities(["a.org", "b.org", "c.org"], 2), /3 routes.*room for 2/);
});
