import assert from "node:assert/strict";
import { test } from "node:test";
import { Cloud } from "../rehearsal/cloud";
import { knows } from "../rehearsal/facts";
import { worldFor } from "../rehearsal/world";
import { declared } from "./declared";
import { examples, openProject } from "./project";

for (const example of examples())
  test(`the rehearsal has facts about every type that ${example} declares`, async () => {
    const { sandbox, prod } = await declared(openProject(example));
    const resources = [...sandbox.stack.resources, ...prod.stack.resources];
    const types = new Set(resources.filter(({ custom }) => custom).map(({ type }) => type));
    const known = [...types].filter((type) => !type.startsWith("pulumi:"));
    assert.ok(known.length > 10);
    assert.deepEqual(
      known.filter((type) => !knows(type)),
      [],
    );
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
