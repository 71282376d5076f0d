import assert from "node:assert/strict";
import { test } from "node:test";
import { allTypes, factsOf } from "./facts";
import { rules } from "./rules";

test("every rule is about a type of which facts are known", () => {
  const known = allTypes();
  assert.deepEqual(
    Object.keys(rules).filter((type) => !known.includes(type)),
    [],
  );
});

test("every type of which facts are known has a rule: at least its id and its outputs", () => {
  const without = allTypes().filter((type) => !rules[type]);
  assert.deepEqual(without, []);
});

test("facts speak of properties that exist, and of their source", () => {
  for (const type of allTypes()) {
    const f = factsOf(type);
    const known = [...f.required, ...f.optional];
    const named = [
      ...f.replaceOn,
      ...(f.replaceUnverified ?? []),
      ...(f.replaceOnceSet ?? []),
      ...(f.replaceOnSwitch ?? []).flat(),
      ...Object.keys(f.allowed ?? {}),
      ...Object.keys(f.limits ?? {}),
      ...Object.keys(f.defaults ?? {}),
      ...(f.conflicts ?? []).flat(),
      ...(f.exactlyOne ?? []).flat(),
      ...(f.autoname ? [f.autoname.property] : []),
    ];
    const strange = named.filter((path) => !known.includes(path.split(".")[0] ?? ""));
    assert.deepEqual(strange, [], type);
    assert.deepEqual(
      f.outputs.filter((p) => known.includes(p)),
      [],
      type,
    );
    assert.ok(f.source.length > 0, type);
  }
});

test("every pattern compiles", () => {
  for (const type of allTypes()) {
    for (const limit of Object.values(factsOf(type).limits ?? {})) {
      const patterns = [limit.pattern, limit.notPattern, ...(limit.patterns ?? [])].filter(
        (p) => p !== undefined,
      );
      for (const p of patterns) assert.doesNotThrow(() => new RegExp(p, p.includes("\\p{") ? "u" : ""), type);
    }
  }
});
