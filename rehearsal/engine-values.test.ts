import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { Bench, changes, messages, Thing } from "./fake-cloud.test-helper";

const SECRET = "correct-horse-battery";

test("a secret reaches the cloud in clear, comes back marked, and is remembered as secret", async () => {
  const bench = new Bench();
  const marks: Record<string, Promise<boolean>> = {};
  const result = await bench.run(() => {
    const a = new Thing("a", { label: pulumi.secret(SECRET) }, { additionalSecretOutputs: ["address"] });
    for (const name of ["label", "token", "address"] as const) marks[name] = pulumi.isSecret(a[name]);
    marks.size = pulumi.isSecret(a.size);
    return { label: a.label, size: a.size, nested: { token: a.token } };
  });
  const marked = Object.fromEntries(
    await Promise.all(Object.entries(marks).map(async ([name, mark]) => [name, await mark] as const)),
  );
  assert.deepEqual(marked, { label: true, token: true, address: true, size: false });
  assert.equal([...bench.cloud.things.values()][0]?.inputs.label, SECRET);
  const state = result.state.resources.at(-1);
  assert.deepEqual(state?.secretInputs, ["label"]);
  assert.deepEqual(state?.secretOutputs, ["label", "address", "token"]);
  assert.deepEqual(result.outputs, { label: SECRET, nested: { token: "token-of-111-1" } });
  assert.deepEqual([...result.secretOutputs].sort(), ["label", "nested"]);
});

test("a secret from the configuration stays secret, and no message shows it", async () => {
  const bench = new Bench();
  bench.cloud.faults.set("a", "fail");
  const options = { config: { "app:password": SECRET }, secretKeys: ["app:password"] };
  const result = await bench.run(() => {
    const password = new pulumi.Config("app").requireSecret("password");
    new Thing("a", { label: password });
    pulumi.log.info(`password ${SECRET}`);
  }, options);
  assert.deepEqual(messages(result), ["Broken: a cannot be created, label [secret]"]);
  assert.deepEqual(result.diagnostics, ["info: password [secret]"]);
});

test("a stack reference gives the outputs of the other stack with their secrets marked", async () => {
  const bench = new Bench();
  const asked: string[] = [];
  let secret: Promise<boolean> | undefined;
  const program = () => {
    const other = new pulumi.StackReference("organization/app/prod");
    secret = pulumi.isSecret(other.getOutput("password"));
    return { url: other.requireOutput("url"), password: other.getOutput("password") };
  };
  const otherStacks = (name: string) => {
    asked.push(name);
    return { outputs: { url: "https://x", password: SECRET }, secretOutputs: ["password"] };
  };
  const result = await bench.run(program, { otherStacks });
  assert.deepEqual(asked, ["organization/app/prod"]);
  assert.deepEqual(result.outputs, { url: "https://x", password: SECRET });
  assert.deepEqual(result.secretOutputs, ["password"]);
  assert.equal(await secret, true);
});

test("a reference to a stack that is not there fails and names it", async () => {
  const result = await new Bench().run(() => ({
    url: new pulumi.StackReference("organization/app/nope").requireOutput("url"),
  }));
  assert.deepEqual(messages(result), [
    'there is no stack "organization/app/nope": bring it up first, or correct the reference',
  ]);
});

test("functions answer, and what is read is not owned", async () => {
  const bench = new Bench();
  bench.cloud.things.set("9", { id: "9", inputs: { size: 2 }, outputs: { size: 2, address: "there" } });
  const program = async () => {
    const answer = await pulumi.runtime.invoke("test:index:answer", { question: "six times seven" });
    return { answer, address: Thing.get("seen", "9").address };
  };
  const result = await bench.run(program);
  assert.deepEqual(result.outputs, { answer: { answer: 42, asked: "six times seven" }, address: "there" });
  assert.ok(changes(result).includes("read seen"));
  const destroyed = await bench.run(() => undefined, { operation: "destroy" });
  assert.deepEqual(changes(destroyed), ["delete app-sandbox"]);
  assert.equal(bench.cloud.things.size, 1);
});

test("dependencies are kept by property and as a whole, through components too", async () => {
  const bench = new Bench();
  const result = await bench.run(() => {
    const home = new pulumi.ComponentResource("test:index:Home", "home");
    const a = new Thing("a", {}, { parent: home });
    new Thing("b", { uses: a.id }, { dependsOn: home });
  });
  const urn = "urn:pulumi:sandbox::app::test:index:Home$test:index:Thing::a";
  const b = result.state.resources.at(-1);
  assert.deepEqual(b?.dependencies, [urn]);
  assert.deepEqual(b?.propertyDependencies, { uses: [urn] });
});

test("a provider of its own is a resource without a cloud", async () => {
  const bench = new Bench();
  class Provider extends pulumi.ProviderResource {}
  const program = (region: string) => () => {
    const provider = new Provider("test", "far", { region });
    new Thing("a", {}, { provider });
  };
  const first = await bench.run(program("x"));
  assert.deepEqual(first.failures, []);
  assert.match(first.state.resources.at(-1)?.provider ?? "", /^urn:.*providers:test::far::[0-9a-f-]{36}$/);
  assert.deepEqual(changes(await bench.run(program("y"))), ["update far"]);
  const destroyed = await bench.run(() => undefined, { operation: "destroy" });
  assert.deepEqual(changes(destroyed), ["delete a", "delete far", "delete app-sandbox"]);
});

test("an asset counts by its content", async () => {
  const bench = new Bench();
  const program = (text: string) => () => void new Thing("a", { source: new pulumi.asset.StringAsset(text) });
  await bench.run(program("one"));
  assert.deepEqual(changes(await bench.run(program("one"))), []);
  assert.deepEqual(changes(await bench.run(program("two"))), ["update a"]);
});

test("in a preview an output that is not set is known, as in the run itself", async () => {
  const bench = new Bench();
  const program = () => ({ size: new Thing("a").size.apply((size) => size ?? "none") });
  assert.equal((await bench.run(program, { operation: "preview" })).outputs.size, "none");
  assert.equal((await bench.run(program)).outputs.size, "none");
});

test("a long chain is made from its beginning and deleted from its end", async () => {
  const bench = new Bench();
  const declare = () => {
    let before: Thing | undefined;
    for (let i = 0; i < 400; i++)
      before = new Thing(`thing-${i}`, { label: before && i % 10 !== 0 ? before.address : "first" });
  };
  const made = await bench.run(declare);
  assert.deepEqual(made.failures, []);
  assert.equal(bench.cloud.things.size, 400);
  const gone = await bench.run(() => undefined, { operation: "destroy" });
  assert.deepEqual(gone.failures, []);
  assert.equal(bench.cloud.things.size, 0);
  const order = gone.steps.map(({ name }) => name);
  assert.ok(order.indexOf("thing-9") < order.indexOf("thing-8"));
});
