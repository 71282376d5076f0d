import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { Bench, changes, messages, Pair, Thing } from "./fake-cloud.test-helper";

const NAMES = Array.from({ length: 18 }, (_, i) => `thing-${i}`);

test("an empty stack is created, with every ancestor's type in the URNs, and then stays as it is", async () => {
  const bench = new Bench();
  const program = () => {
    const outer = new pulumi.ComponentResource("test:index:Outer", "outer");
    const pair = new Pair("pair", { size: 1 }, { parent: outer });
    const things = NAMES.map((name) => new Thing(name, { size: 1 }));
    return { address: pair.second.address, count: things.length };
  };
  const first = await bench.run(program);
  assert.deepEqual(first.failures, []);
  assert.equal(first.steps.filter((s) => s.op === "create").length, 1 + 2 + 20);
  assert.equal(bench.cloud.things.size, 20);
  assert.deepEqual(first.outputs, { address: "at-111-20", count: 18 });
  const urns = first.state.resources.map((r) => r.urn);
  assert.ok(urns.includes("urn:pulumi:sandbox::app::pulumi:pulumi:Stack::app-sandbox"));
  assert.ok(
    urns.includes("urn:pulumi:sandbox::app::test:index:Outer$test:index:Pair$test:index:Thing::pair-second"),
  );

  const second = await bench.run(program);
  assert.deepEqual(changes(second), []);
  assert.equal(second.steps.length, 23);
  assert.deepEqual(second.state, first.state);
  assert.equal(bench.cloud.calls.length, 20);
});

test("a changed size updates in place and the program sees the new outputs", async () => {
  const bench = new Bench();
  await bench.run(() => void new Thing("a", { size: 1 }));
  const result = await bench.run(() => ({ size: new Thing("a", { size: 2 }).size }));
  const step = result.steps.find((s) => s.op === "update");
  assert.deepEqual(step?.changed, ["size"]);
  assert.equal(result.outputs.size, 2);
  assert.deepEqual(bench.cloud.calls, ["create a", "update a"]);
});

test("a replacement is created first, and its former self is deleted last", async () => {
  const bench = new Bench();
  const program = (place: string) => () => {
    const a = new Thing("a", { place });
    new Thing("b", { uses: a.id });
  };
  await bench.run(program("here"));
  const result = await bench.run(program("there"));
  assert.deepEqual(result.failures, []);
  assert.deepEqual(changes(result), [
    "create-replacement a",
    "replace a",
    "create-replacement b",
    "replace b",
    "delete-replaced b",
    "delete-replaced a",
  ]);
  assert.deepEqual(result.steps.find((s) => s.op === "replace")?.replaces, ["place"]);
  assert.equal(bench.cloud.things.size, 2);
  assert.deepEqual(changes(await bench.run(program("there"))), []);
});

test("what cannot stand beside its replacement is deleted before, after those that use it", async () => {
  const bench = new Bench();
  const program = (place: string) => () => {
    const a = new Thing("a", { place, name: "fixed" });
    new Thing("b", { uses: a.id });
    new Thing("c", {}, { dependsOn: a });
  };
  await bench.run(program("here"));
  const result = await bench.run(program("there"));
  assert.deepEqual(result.failures, []);
  assert.deepEqual(changes(result), [
    "delete-replaced b",
    "delete-replaced a",
    "replace a",
    "create-replacement a",
    "replace b",
    "create-replacement b",
  ]);
});

test("the options deleteBeforeReplace and replaceOnChanges decide over the provider", async () => {
  const bench = new Bench();
  const options = { deleteBeforeReplace: true, replaceOnChanges: ["size"] };
  await bench.run(() => void new Thing("a", { size: 1 }, options));
  const result = await bench.run(() => void new Thing("a", { size: 2 }, options));
  assert.deepEqual(changes(result), ["delete-replaced a", "replace a", "create-replacement a"]);
});

test("what is no longer declared is deleted in the reverse order of its dependencies", async () => {
  const bench = new Bench();
  await bench.run(() => {
    const a = new Thing("a");
    const b = new Thing("b", { uses: a.id });
    new Thing("c", { uses: b.id });
  });
  const result = await bench.run(() => undefined);
  assert.deepEqual(changes(result), ["delete c", "delete b", "delete a"]);
  assert.equal(bench.cloud.things.size, 0);
});

test("a resource found under an alias is the same resource, and so are its children", async () => {
  const bench = new Bench();
  await bench.run(() => void new Pair("old"));
  const result = await bench.run(() => void new Pair("new", {}, { aliases: [{ name: "old" }] }));
  assert.deepEqual(result.failures, []);
  assert.deepEqual(changes(result), []);
  assert.deepEqual(bench.cloud.calls, ["create old-first", "create old-second"]);
  const names = result.state.resources.map((r) => r.urn.split("::").at(-1));
  assert.deepEqual(names, ["app-sandbox", "new", "new-first", "new-second"]);
});

test("an alias to another parent or to none keeps the resource", async () => {
  const bench = new Bench();
  await bench.run(() => void new Thing("a"));
  const result = await bench.run(() => {
    const parent = new pulumi.ComponentResource("test:index:Home", "home");
    new Thing("a", {}, { parent, aliases: [{ parent: pulumi.rootStackResource }] });
  });
  assert.deepEqual(changes(result), ["create home"]);
});

test("two resources of one URN are refused", async () => {
  const bench = new Bench();
  const result = await bench.run(() => {
    new Thing("a");
    new Thing("a");
  });
  assert.match(messages(result).join(), /two resources have this URN/);
  assert.equal(bench.cloud.things.size, 1);
});

test("a protected resource is neither deleted nor replaced, and the message names it", async () => {
  const bench = new Bench();
  await bench.run(() => void new Thing("a", { place: "here" }, { protect: true }));
  const replaced = await bench.run(() => void new Thing("a", { place: "there" }, { protect: true }));
  assert.match(messages(replaced).join(), /Thing::a is protected and cannot be replaced \(place\)/);
  const removed = await bench.run(() => undefined);
  assert.match(messages(removed).join(), /Thing::a is protected and cannot be deleted/);
  const destroyed = await bench.run(() => undefined, { operation: "destroy" });
  assert.equal(destroyed.failures.length, 1);
  assert.equal(bench.cloud.things.size, 1);
  assert.ok(destroyed.state.resources.some((r) => r.urn.endsWith("::a")));
});

test("retainOnDelete forgets the resource and leaves the object", async () => {
  const bench = new Bench();
  await bench.run(() => void new Thing("a", {}, { retainOnDelete: true }));
  const result = await bench.run(() => undefined, { operation: "destroy" });
  assert.deepEqual(changes(result), ["retain a", "delete app-sandbox"]);
  assert.equal(bench.cloud.things.size, 1);
  assert.deepEqual(result.state.resources, []);
});

test("what goes with its container is not held up by a refusal of its own", async () => {
  const bench = new Bench();
  await bench.run(() => {
    const box = new Thing("box");
    new Thing("inside", {}, { deletedWith: box });
  });
  bench.cloud.things.set("foreign", { id: "foreign", inputs: { uses: "111-2" }, outputs: {} });
  const result = await bench.run(() => undefined);
  assert.deepEqual(result.failures, []);
  assert.deepEqual(changes(result), ["delete inside", "delete box"]);
});

test("destroy deletes everything, what is needed last", async () => {
  const bench = new Bench();
  await bench.run(() => void new Pair("pair"));
  const result = await bench.run(() => undefined, { operation: "destroy" });
  assert.deepEqual(changes(result), [
    "delete pair-second",
    "delete pair-first",
    "delete pair",
    "delete app-sandbox",
  ]);
  assert.deepEqual(result.outputs, {});
});

test("ignoreChanges keeps what was there", async () => {
  const bench = new Bench();
  await bench.run(() => void new Thing("a", { size: 1, label: "x" }, { ignoreChanges: ["size"] }));
  const result = await bench.run(
    () => void new Thing("a", { size: 9, label: "x" }, { ignoreChanges: ["size"] }),
  );
  assert.deepEqual(changes(result), []);
  assert.equal(bench.last?.state.resources.at(-1)?.inputs.size, 1);
});

test("an existing object is adopted where the inputs match, and refused where they do not", async () => {
  const bench = new Bench();
  bench.cloud.things.set("7", {
    id: "7",
    inputs: { label: "plain", size: 3 },
    outputs: { size: 3, address: "x" },
  });
  const refused = await bench.run(() => void new Thing("a", { size: 4 }, { import: "7" }));
  assert.match(messages(refused).join(), /do not match what is imported as "7": size differ/);
  const adopted = await bench.run(() => ({ address: new Thing("a", { size: 3 }, { import: "7" }).address }));
  assert.deepEqual(changes(adopted), ["import a"]);
  assert.equal(adopted.outputs.address, "x");
  assert.deepEqual(changes(await bench.run(() => void new Thing("a", { size: 3 }))), []);
});

test("a preview tells the same steps and leaves the cloud and the state untouched", async () => {
  const bench = new Bench();
  await bench.run(() => void new Thing("a", { place: "here" }));
  const before = structuredClone({ state: bench.last?.state, things: [...bench.cloud.things] });
  const program = () => {
    new Thing("b", { uses: new Thing("a", { place: "there" }).id });
    return { dry: pulumi.runtime.isDryRun() };
  };
  const preview = await bench.run(program, { operation: "preview" });
  assert.deepEqual({ state: bench.last?.state, things: [...bench.cloud.things] }, before);
  assert.equal(preview.outputs.dry, true);
  assert.deepEqual(preview.steps, (await bench.run(program)).steps);
});

test("refresh reports what changed behind the program's back and what vanished", async () => {
  const bench = new Bench();
  const program = () => ["a", "b", "c"].forEach((name) => void new Thing(name, { size: 1 }));
  await bench.run(program);
  const [a, b] = [...bench.cloud.things.values()];
  assert.ok(a && b);
  a.inputs.size = 5;
  a.outputs.size = 5;
  bench.cloud.things.delete(b.id);
  const result = await bench.run(program, { operation: "refresh" });
  assert.deepEqual(changes(result), ["update a", "delete b"]);
  assert.deepEqual(result.steps.find((s) => s.op === "update")?.changed, ["size"]);
  assert.deepEqual(changes(await bench.run(program)), ["update a", "create b"]);
});
