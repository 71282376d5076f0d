import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../parse";
import { raw } from "../testing";

const serving = (main: object) => parse(raw({ differences: { databases: { main } } })).databases.main;

test("an environment serves a schema that was restored beside, and no other one", () => {
  assert.equal(serving({ serves: "Shop_20261122T021700" })?.serves, "Shop_20261122T021700");
  assert.equal(serving({})?.serves, undefined);
  assert.throws(() => serving({ serves: "Blog_1" }), /databases\.main\.serves[\s\S]*begins with Shop_/);
  assert.throws(() => serving({ serves: "Shop_`" }), /databases\.main\.serves[\s\S]*letters, digits or _/);
  assert.throws(() => serving({ servs: "Shop_1" }), /servs[\s\S]*serves/);
});
