import assert from "node:assert/strict";
import { test } from "node:test";
import { Redactor } from "./redact";

test("a secret is taken out in every spelling, a longer one before one that it contains", () => {
  const redactor = new Redactor();
  redactor.add({ key: "pass/word", more: ["pass/word and more"] });
  assert.equal(redactor.redact("a pass/word and more, a pass/word"), "a [secret], a [secret]");
  assert.equal(redactor.redact("?key=pass%2Fword"), "?key=[secret]");
  assert.ok(redactor.finds(`Basic ${Buffer.from("pass/word").toString("base64")}`));
  assert.ok(!redactor.finds("password"));
});

test("a secret of any size and any characters is a secret", () => {
  const redactor = new Redactor();
  const chain = "-----BEGIN $& (.*+?) \\ []\n".repeat(20_000);
  redactor.add(chain);
  assert.equal(redactor.redact(`it is ${chain}!`), "it is [secret]!");
});
