import assert from "node:assert/strict";
import { test } from "node:test";
import type { Step } from "../../rehearsal/run-types";
import { embed, fingerprints, readReviewed, unreviewed } from "./reviewed";

const step = (name: string, more: Partial<Step> = {}): Step => {
  const type = "aws:sns/topic:Topic";
  const urn = `urn:pulumi:prod::shop::${type}::${name}`;
  return { op: "update", urn, type, name, changed: ["b", "a"], ...more };
};

test("a step is known again by what it does, not by the order of its properties", () => {
  const [one] = fingerprints("prod", [step("told")]);
  assert.match(one ?? "", /^[0-9a-f]{10}$/);
  assert.deepEqual(fingerprints("prod", [step("told", { changed: ["a", "b"], id: "x" })]), [one]);
  const others = [
    ...fingerprints("sandbox", [step("told")]),
    ...fingerprints("prod", [
      step("other"),
      step("told", { op: "delete" }),
      step("told", { changed: ["a"] }),
    ]),
    ...fingerprints("prod", [step("told", { replaces: ["a"] })]),
  ];
  assert.equal(new Set([one, ...others]).size, 6);
});

test("what stays as it is, and what only groups, needs no review", () => {
  const component = step("group", { type: "tandem:notices:Notices" });
  assert.deepEqual(fingerprints("prod", [step("told", { op: "same" }), component]), []);
});

test("what a comment embeds is read again, from several comments together", () => {
  const [first, second, third] = [step("a"), step("b"), step("c")];
  const of = (...steps: Step[]) => embed({ sandbox: [], prod: fingerprints("prod", steps) });
  const read = readReviewed(`text\n${of(first)}\nmore\n${of(second, first)}`);
  assert.deepEqual(unreviewed("prod", [first, second, third], read), [third]);
  assert.deepEqual(unreviewed("sandbox", [first], read), [first]);
});

test("a text without the block says that nothing was reviewed", () => {
  assert.deepEqual(readReviewed("looks good to me"), { sandbox: [], prod: [] });
});

test("more steps than a comment holds are not embedded", () => {
  const steps = Array.from({ length: 4000 }, (_, index) => step(String(index)));
  assert.equal(embed({ sandbox: [], prod: fingerprints("prod", steps) }), undefined);
});
