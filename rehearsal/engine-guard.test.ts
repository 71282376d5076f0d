import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { Bench, changes, messages, Thing } from "./fake-cloud.test-helper";
import type { Guard, Guarded } from "./run-types";

const guard: Guard = ({ name, inputs }) =>
  Number(inputs.size) > 9 ? [`${name} is too big`, `${name} costs too much`] : [];

const program = (size: number) => () => {
  const a = new Thing("a", { size });
  new Thing("b", { uses: a.id });
  new Thing("c", { size: size + 1 });
};

test("what the guard has something against is not made, nor what depends on it; the rest is", async () => {
  const bench = new Bench();
  const result = await bench.run(
    () => {
      const a = new Thing("a", { size: 10 });
      new Thing("b", { uses: a.id });
      new Thing("c", { size: 1 });
    },
    { guard },
  );
  assert.deepEqual(messages(result), ["a is too big", "a costs too much"]);
  assert.match(result.failures[0]?.urn ?? "", /::a$/);
  assert.deepEqual(bench.cloud.calls, ["create c"]);
});

test("an update and a replacement pass the guard too, before anything is deleted for them", async () => {
  const bench = new Bench();
  await bench.run(() => void new Thing("a", { size: 1, place: "here", name: "fixed" }), { guard });
  const change = (size: number, place: string) =>
    bench.run(() => void new Thing("a", { size, place, name: "fixed" }), { guard });
  for (const place of ["here", "there"]) {
    const result = await change(10, place);
    assert.deepEqual(messages(result), ["a is too big", "a costs too much"]);
    assert.deepEqual(changes(result), []);
  }
  assert.deepEqual(bench.cloud.calls, ["create a"]);
});

test("a preview shows everything that the guard has something against, each once", async () => {
  const bench = new Bench();
  await bench.run(program(1));
  const result = await bench.run(program(10), { guard, operation: "preview" });
  assert.deepEqual(messages(result), [
    "a is too big",
    "a costs too much",
    "c is too big",
    "c costs too much",
  ]);
});

test("the guard sees what the provider made of the inputs, and whether the resource is protected", async () => {
  const seen: Guarded[] = [];
  const look: Guard = (resource) => {
    seen.push(resource);
    return [];
  };
  const options = { guard: look };
  await new Bench().run(() => {
    const outer = new pulumi.ComponentResource("test:index:Outer", "outer", {}, { protect: true });
    new Thing("a", { size: 1 }, { parent: outer });
    new Thing("b", { size: 2 });
  }, options);
  assert.deepEqual(
    seen.map(({ type, name, inputs, protect }) => [type, name, inputs, protect]).sort(byName),
    [
      ["test:index:Thing", "a", { label: "plain", size: 1 }, true],
      ["test:index:Thing", "b", { label: "plain", size: 2 }, false],
    ],
  );
});

test("a secret in the guard's words is not shown", async () => {
  const tell: Guard = ({ inputs }) => [`its label is ${String(inputs.label)}`];
  const result = await new Bench().run(
    () => void new Thing("a", { label: pulumi.secret("sentinel-0123456789") }),
    { guard: tell },
  );
  assert.deepEqual(messages(result), ["its label is [secret]"]);
});

const byName = (a: readonly unknown[], b: readonly unknown[]) => String(a[1]).localeCompare(String(b[1]));
