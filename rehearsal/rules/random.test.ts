import assert from "node:assert/strict";
import { test } from "node:test";
import { Cloud } from "../cloud";
import { worldFor } from "../world";
import { refusal } from "./context.test-helper";

const PASSWORD = "random:index/randomPassword:RandomPassword";

function make(type: string, news: Record<string, unknown>, name = "main", seed = "tandem") {
  const cloud = Cloud.empty(worldFor({}), seed);
  const urn = `urn:pulumi:test::test::${type}::${name}`;
  const { inputs, failures } = cloud.check({ type, urn, news });
  assert.deepEqual(failures, []);
  return cloud.create({ type, urn, inputs, account: "1" });
}

test("a password has its length, its minimums and no character of a class that is off", () => {
  const { id, outputs } = make(PASSWORD, { length: 24, special: false, minNumeric: 3, minUpper: 2 });
  assert.equal(id, "none");
  assert.match(String(outputs.result), /^[a-zA-Z0-9]{24}$/);
  assert.ok(String(outputs.result).replace(/\D/g, "").length >= 3);
  assert.ok(String(outputs.result).replace(/[^A-Z]/g, "").length >= 2);
});

test("special characters come from overrideSpecial alone", () => {
  const only = { upper: false, lower: false, numeric: false, overrideSpecial: "-_" };
  assert.match(String(make(PASSWORD, { length: 12, ...only }).outputs.result), /^[-_]{12}$/);
});

test("the same seed gives the same password, another seed or name another", () => {
  const result = (name: string, seed: string) => make(PASSWORD, { length: 20 }, name, seed).outputs.result;
  assert.equal(result("a", "x"), result("a", "x"));
  assert.notEqual(result("a", "x"), result("b", "x"));
  assert.notEqual(result("a", "x"), result("a", "y"));
});

test("a replacement is another password, and deleting the replaced one leaves the new one", () => {
  const cloud = Cloud.empty(worldFor({}));
  const urn = `urn:pulumi:test::test::${PASSWORD}::main`;
  const first = cloud.create({ type: PASSWORD, urn, inputs: { length: 20 }, account: "1" });
  const second = cloud.create({ type: PASSWORD, urn, inputs: { length: 20 }, account: "1" });
  assert.notEqual(first.outputs.result, second.outputs.result);
  cloud.remove({ type: PASSWORD, urn, id: "none", account: "1" });
  const read = cloud.read({ type: PASSWORD, id: "none", account: "1", urn });
  assert.equal(read?.outputs.result, second.outputs.result);
});

test("minimums that do not fit into the length are refused", () => {
  assert.throws(() => make(PASSWORD, { length: 4, minNumeric: 5 }), refusal("InvalidAttribute", /5/));
});

test("all classes off is refused", () => {
  const off = { upper: false, lower: false, numeric: false, special: false };
  assert.throws(() => make(PASSWORD, { length: 4, ...off }), refusal("InvalidAttribute"));
});

test("ids, strings, bytes and UUIDs have the provider's forms", () => {
  const id = make("random:index/randomId:RandomId", { byteLength: 4, prefix: "a-" });
  assert.match(String(id.outputs.hex), /^a-[0-9a-f]{8}$/);
  assert.doesNotMatch(id.id, /^a-/);
  const string = make("random:index/randomString:RandomString", { length: 8, special: false });
  assert.equal(string.id, string.outputs.result);
  const bytes = make("random:index/randomBytes:RandomBytes", { length: 32 });
  assert.equal(Buffer.from(String(bytes.outputs.base64), "base64").toString("hex"), bytes.outputs.hex);
  const uuid = make("random:index/randomUuid:RandomUuid", {});
  assert.match(uuid.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
