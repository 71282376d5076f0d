import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ENVIRONMENTS } from "../config/settings";
import { Cloud } from "../rehearsal/cloud";
import { knows } from "../rehearsal/facts";
import { worldFor } from "../rehearsal/world";
import { exampleDeclared } from "./declared.test-helper";
import { goldenFile, inventory } from "./inventory";
import { examples } from "./project";

for (const example of examples())
  test(`${example} declares exactly what its golden inventories say, and all of it has facts`, async () => {
    const stacks = await exampleDeclared(example);
    for (const environment of ENVIRONMENTS) {
      const golden: unknown = JSON.parse(readFileSync(goldenFile(example, environment), "utf8"));
      const lines: unknown = JSON.parse(JSON.stringify(inventory(stacks[environment].neutral)));
      assert.deepEqual(lines, golden, `${environment}: if this is meant, npm run golden, and read the diff`);
      const { resources } = stacks[environment].stack;
      const types = [...new Set(resources.filter(({ custom }) => custom).map(({ type }) => type))];
      const known = types.filter((type) => !type.startsWith("pulumi:"));
      assert.ok(known.length > 10);
      assert.deepEqual(
        known.filter((type) => !knows(type)),
        [],
        "types that the rehearsal has no facts about",
      );
    }
  });

test("a type without facts is an error that names the nearest one, never a silent yes", () => {
  const cloud = Cloud.empty(worldFor({}));
  const type = "aws:s3/buckett:Buckett";
  assert.ok(!knows(type));
  assert.throws(
    () => cloud.check({ type, urn: `urn:pulumi:sandbox::p::${type}::b`, news: {} }),
    /unknown type aws:s3\/buckett:Buckett: .*no facts.*nearest: aws:s3\/bucket:Bucket/,
  );
});
