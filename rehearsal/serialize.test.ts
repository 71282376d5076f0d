import assert from "node:assert/strict";
import { test } from "node:test";
import { Redactor } from "./redact";
import { fromWire, plain, SECRET, SIGNATURE, toWire } from "./serialize";
import { UNKNOWN } from "./types";

const secret = (value: unknown) => ({ [SIGNATURE]: SECRET, value });
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";

test("secrets, references and outputs become what they stand for", () => {
  const output = { [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", value: 2, secret: true };
  const wire = {
    deep: [{ a: secret({ b: 1 }) }],
    output,
    custom: { [SIGNATURE]: RESOURCE, urn: "u", id: "i" },
    component: { [SIGNATURE]: RESOURCE, urn: "u" },
    unset: null,
    inner: { unset: null, list: [null] },
  };
  assert.deepEqual(fromWire(wire), {
    values: { deep: [{ a: { b: 1 } }], output: 2, custom: "i", component: "u", inner: { list: [null] } },
    secrets: ["deep", "output"],
    unknown: false,
  });
});

test("what is not known is noticed at any depth", () => {
  assert.equal(fromWire({ a: [{ b: UNKNOWN }] }).unknown, true);
  assert.equal(fromWire({ a: { [SIGNATURE]: RESOURCE, urn: "u", id: "" } }).unknown, true);
});

test("named properties are marked on the way back, and nothing is shared", () => {
  const values = { a: { b: 1 }, c: 2, d: undefined };
  const wire = toWire(values, ["a", "missing"]);
  assert.deepEqual(wire, { a: secret({ b: 1 }), c: 2 });
  assert.notEqual(plain(values).a, values.a);
});

test("a known secret is found and blotted out in every spelling, the longest first", () => {
  const redactor = new Redactor();
  redactor.add({ a: "pass/word", list: ["pass/word-2", "abc", 7] });
  assert.equal(redactor.redact("x pass/word-2 y pass%2Fword z"), "x [secret] y [secret] z");
  assert.ok(redactor.finds(Buffer.from("pass/word").toString("base64")));
  assert.ok(!redactor.finds("abc password"));
});
