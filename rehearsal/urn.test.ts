import assert from "node:assert/strict";
import { test } from "node:test";
import { aliasUrns, makeUrn, parseUrn } from "./urn";

const here = { stack: "s", project: "p" };
const stack = makeUrn({ ...here, type: "pulumi:pulumi:Stack", name: "p-s" });
const outer = makeUrn({ ...here, type: "a:b:Outer", name: "outer", parent: stack });

test("a URN has the types of all ancestors but the stack", () => {
  assert.equal(outer, "urn:pulumi:s::p::a:b:Outer::outer");
  const inner = makeUrn({ ...here, type: "a:b:Inner", name: "x::y", parent: outer });
  assert.equal(inner, "urn:pulumi:s::p::a:b:Outer$a:b:Inner::x::y");
  const parts = { stack: "s", project: "p", qualifiedType: "a:b:Outer$a:b:Inner", name: "x::y" };
  assert.deepEqual(parseUrn(inner), parts);
  assert.throws(() => parseUrn("outer"), /is no URN/);
});

test("an alias changes what it names and leaves the rest", () => {
  const r = { ...here, type: "a:b:C", name: "new", parent: outer };
  assert.deepEqual(
    aliasUrns(r, [{ name: "old" }, { noParent: true }, { type: "a:b:D", stack: "t" }, "urn:x"]),
    [
      "urn:pulumi:s::p::a:b:Outer$a:b:C::old",
      "urn:pulumi:s::p::a:b:C::new",
      "urn:pulumi:t::p::a:b:Outer$a:b:D::new",
      "urn:x",
    ],
  );
});

test("children follow a parent that was renamed, those named after it with their name", () => {
  const was = "urn:pulumi:s::p::a:b:Outer::before";
  const child = (name: string) => aliasUrns({ ...here, type: "a:b:C", name, parent: outer }, [], was);
  assert.deepEqual(child("outer-rest"), ["urn:pulumi:s::p::a:b:Outer$a:b:C::before-rest"]);
  assert.deepEqual(child("other"), ["urn:pulumi:s::p::a:b:Outer$a:b:C::other"]);
});
