import assert from "node:assert/strict";
import { test } from "node:test";
import { changedKeys, changedPaths, keepOld, parsePath } from "./property-path";

test("paths are read as Pulumi writes them", () => {
  assert.deepEqual(parsePath("tags.owner"), ["tags", "owner"]);
  assert.deepEqual(parsePath('rules[0].labels["a.b"]'), ["rules", 0, "labels", "a.b"]);
  assert.deepEqual(parsePath("rules[*].port"), ["rules", "*", "port"]);
});

test("an ignored path keeps its old value, at any depth, and stays unset where it was", () => {
  const olds = { tags: { a: 1 }, rules: [{ port: 1 }, { port: 2 }] };
  const news = { tags: { a: 2, b: 3 }, rules: [{ port: 8 }, { port: 9 }] };
  const kept = keepOld(news, olds, ["tags.a", "tags.b", "rules[*].port"]);
  assert.deepEqual(kept, olds);
  assert.equal(news.tags.b, 3);
  assert.deepEqual(keepOld(news, olds, ["*"]), olds);
});

test("differences are found by path and by property", () => {
  const olds = { tags: { a: 1 }, size: 1 };
  const news = { tags: { a: 2 }, size: 1, name: "x" };
  assert.deepEqual(changedPaths(news, olds, ["tags.a", "size", "tags.b"]), ["tags.a"]);
  assert.deepEqual(changedPaths(news, olds, ["*"]), ["*"]);
  assert.deepEqual(changedKeys(news, olds), ["tags", "name"]);
});
