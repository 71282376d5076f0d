import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { Bench, changes, messages, Thing } from "./fake-cloud.test-helper";

const chain = () => {
  const a = new Thing("a");
  const b = new Thing("b", { uses: a.id });
  const c = new Thing("c", { uses: b.id });
  new Thing("alone");
  return { last: c.address };
};

test("a failed create stops what depends on it; the rest is made, and the next run goes on from there", async () => {
  const bench = new Bench();
  bench.cloud.faults.set("b", "fail");
  const failed = await bench.run(chain);
  assert.deepEqual(messages(failed), ["Broken: b cannot be created, label plain"]);
  assert.match(failed.failures[0]?.urn ?? "", /Thing::b$/);
  assert.deepEqual(changes(failed), ["create app-sandbox", "create a", "create alone"]);
  const resumed = await bench.run(chain);
  assert.deepEqual(resumed.failures, []);
  assert.deepEqual(changes(resumed), ["create b", "create c"]);
  assert.equal(resumed.outputs.last, "at-111-4");
});

test("after a failure nothing is deleted, and the state keeps what was not reached", async () => {
  const bench = new Bench();
  await bench.run(chain);
  bench.cloud.faults.set("new", "fail");
  const failed = await bench.run(() => {
    new Thing("new");
    new Thing("a");
    return { last: "changed" };
  });
  assert.equal(bench.cloud.things.size, 4);
  assert.equal(failed.state.resources.length, 5);
  assert.deepEqual(failed.state.outputs, { last: "at-111-4" });
  assert.deepEqual(changes(await bench.run(chain)), []);
});

test("a replacement that fails after its predecessor was deleted is made up for by the next run", async () => {
  const bench = new Bench();
  const program = (place: string) => () => {
    const a = new Thing("a", { place, name: "fixed" });
    new Thing("b", { uses: a.id });
  };
  await bench.run(program("here"));
  bench.cloud.faults.set("a", "fail");
  const failed = await bench.run(program("there"));
  assert.equal(failed.failures.length, 1);
  assert.deepEqual(changes(failed), ["delete-replaced b", "delete-replaced a"]);
  const resumed = await bench.run(program("there"));
  assert.deepEqual(resumed.failures, []);
  assert.deepEqual(changes(resumed), [
    "replace a",
    "create-replacement a",
    "replace b",
    "create-replacement b",
  ]);
  assert.equal(bench.cloud.things.size, 2);
});

test("a kill ends the run at once with the state of that moment, and the next run says what is uncertain", async () => {
  const bench = new Bench();
  bench.cloud.faults.set("b", "kill");
  const killed = await bench.run(chain);
  assert.equal(killed.killed, true);
  assert.ok(bench.cloud.things.size >= 2 && !bench.cloud.calls.includes("create c"));
  assert.ok(killed.state.resources.some((r) => r.urn.endsWith("::a")));
  assert.ok(!killed.state.resources.some((r) => r.urn.endsWith("::b")));
  const next = await bench.run(chain);
  assert.match(next.diagnostics.join(), /killed in the middle of "create" of .*Thing::b/);
  assert.deepEqual(next.failures, []);
  assert.equal(next.state.interrupted, undefined);
});

test("inputs that the provider refuses are reported with their property", async () => {
  const bench = new Bench();
  const result = await bench.run(() => void new Thing("a", { size: -1 }));
  assert.deepEqual(messages(result), ["size: -1 is below 0; label undefined"]);
});

test("a program that throws fails once, with its message", async () => {
  const bench = new Bench();
  const result = await bench.run(() => {
    new Thing("a");
    throw new Error("no such size: 7");
  });
  assert.deepEqual(messages(result), ["no such size: 7"]);
  assert.equal(bench.cloud.things.size, 1);
});

test("an error inside apply fails once, stops its dependents and leaves the process in peace", async () => {
  const bench = new Bench();
  const listeners = process.listenerCount("unhandledRejection");
  const result = await bench.run(() => {
    const a = new Thing("a");
    const broken = a.address.apply((): string => {
      throw new Error("cannot parse");
    });
    new Thing("b", { label: broken });
    new Thing("c");
  });
  assert.equal(result.failures.length, 1);
  assert.match(messages(result).join(), /cannot parse/);
  assert.deepEqual(bench.cloud.calls.sort(), ["create a", "create c"]);
  assert.equal(process.listenerCount("unhandledRejection"), listeners);
});

test("reading what does not exist, calling what is unknown and asking for what is unsupported fail clearly", async () => {
  const missing = await new Bench().run(() => ({ size: Thing.get("ghost", "nowhere").size }));
  assert.deepEqual(messages(missing), ['test:index:Thing "nowhere" does not exist']);
  const unknown = await new Bench().run(async () => {
    await pulumi.runtime.invoke("test:index:nothing", {});
  });
  assert.deepEqual(messages(unknown), ["Unknown: test:index:nothing"]);
  const transform = await new Bench().run(() => void new Thing("a", {}, { transforms: [() => undefined] }));
  assert.match(messages(transform).join(), /does not support transforms/);
});

test("two resources that wait for each other are given up with their names", async () => {
  const bench = new Bench();
  const result = await bench.run(
    () => {
      const later: { address?: pulumi.Output<string> } = {};
      const a = new Thing("a", { label: new Promise<string>(() => undefined) });
      later.address = a.address;
      new Thing("b", { label: later.address });
    },
    { patience: 200 },
  );
  assert.match(messages(result).join(), /nothing moved for 0.2 s/);
});

test("what the program logs is in the diagnostics, and an error logged is a failure", async () => {
  const bench = new Bench();
  const result = await bench.run(async () => {
    await pulumi.log.warn("the certificate is old");
    await pulumi.log.error("no way on", new Thing("a"));
  });
  assert.deepEqual(result.diagnostics, ["warning: the certificate is old", "error: no way on"]);
  assert.match(result.failures[0]?.urn ?? "", /Thing::a$/);
});

test("a delete that is refused keeps the resource and everything that it needs", async () => {
  const bench = new Bench();
  await bench.run(() => void new Thing("b", { uses: new Thing("a").id }));
  bench.cloud.things.set("foreign", { id: "foreign", inputs: { uses: "111-2" }, outputs: {} });
  const result = await bench.run(() => undefined);
  assert.deepEqual(messages(result), ["InUse: 111-2 is in use by foreign"]);
  assert.deepEqual(result.state.resources.map((r) => r.urn.split("::").at(-1)).sort(), [
    "a",
    "app-sandbox",
    "b",
  ]);
  bench.cloud.things.delete("foreign");
  assert.deepEqual(changes(await bench.run(() => undefined)), ["delete b", "delete a"]);
});

test("runs one after the other, and at the same time, know nothing of each other", async () => {
  const bench = new Bench();
  const other = new Bench();
  const key = () => ({ key: new pulumi.Config("app").get("key"), stack: pulumi.getStack() });
  const [one, two] = await Promise.all([
    bench.run(key, { config: { "app:key": "1" } }),
    other.run(key, { stack: "prod" }),
  ]);
  assert.deepEqual(one.outputs, { key: "1", stack: "sandbox" });
  assert.deepEqual(two.outputs, { stack: "prod" });
});
