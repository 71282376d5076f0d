import assert from "node:assert/strict";
import { test } from "node:test";
import { meant } from "./way";

const urn =
  "urn:pulumi:sandbox::shop::tandem:hosting:Hosting$aws:lambda/invocation:Invocation::verification-run";

test("a pattern means URNs as the engine reads it: one star ends at a colon, two nowhere", () => {
  const hits = (pattern: string) => meant([pattern])(urn);
  assert.ok(hits(urn));
  assert.ok(hits("**verification**"));
  assert.ok(hits("urn:pulumi:*::shop::**::verification-*"));
  assert.ok(!hits("urn:*::verification-run"));
  assert.ok(!hits("**verification"));
  assert.ok(!hits("**tandem.hosting**"), "a dot is a dot");
  assert.ok(!meant([])(urn));
});
