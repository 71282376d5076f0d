import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { stringify } from "yaml";
import { Sealer } from "../rehearsal/seal";
import { worldFor } from "../rehearsal/world";
import { type Cli, findCli } from "./cli";
import { KeptClouds } from "./kept-clouds";
import { RealEngine } from "./real-engine";
import { scratch } from "./scratch.test-helper";
import { Workspace } from "./workspace";

const TOPIC = "aws:sns/topic:Topic";
const PROGRAM = `import "../../traces";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
export = async () => {
  const config = new pulumi.Config();
  if (config.get("throws")) throw new Error("the program gives up");
  const key = new aws.ssm.Parameter("key", { type: "SecureString", value: config.requireSecret("key") });
  const logs = new aws.cloudwatch.LogGroup("logs", { retentionInDays: config.getNumber("days") ?? 7 });
  new aws.sns.Topic("late", { name: "late" }, { dependsOn: [key, logs] });
  return { key: key.value };
};
`;

const folder = scratch("engine");
let cli: Cli | undefined;
let absent = "";

before(async () => {
  const found = await findCli();
  if ("path" in found) cli = found;
  else absent = found.reason;
});

after(() => rmSync(folder, { recursive: true, force: true }));

function engine(found: Cli, config: object = {}): RealEngine {
  const sealer = Sealer.fromPassphrase("a");
  const runtime = { name: "nodejs", options: { typescript: false, nodeargs: "--require ./typescript.cjs" } };
  const project = { name: "small", folder, manifest: { name: "small", runtime } };
  const values = {
    "aws:region": "eu-west-3",
    "aws:allowedAccountIds": ["111111111111"],
    "small:key": { secure: sealer.seal("a-secret-of-ours") },
    ...config,
  };
  writeFileSync(join(folder, "Pulumi.prod.yaml"), stringify({ encryptionsalt: sealer.salt, config: values }));
  writeFileSync(join(folder, "index.ts"), PROGRAM);
  const workspace = new Workspace(project, folder, "a", join(folder, "index.ts"));
  return new RealEngine(workspace, new KeptClouds(folder, worldFor({}), "a"), found, []);
}

test("the real engine and what goes wrong with it", async (t) => {
  if (cli === undefined) return t.skip(absent);
  const found = cli;

  await t.test("a wrong input is told in the rehearsal's words", async () => {
    const { failures } = await engine(found, { "small:days": 8 }).run("prod", "preview");
    assert.match(failures[0]?.message ?? "", /^retentionInDays: retentionInDays is 8; allowed: /);
    assert.equal(failures.length, 1);
  });

  await t.test("what the program throws comes without traces and paths", async () => {
    const { failures } = await engine(found, { "small:throws": true }).run("prod", "up");
    assert.deepEqual(failures, [{ message: "the program gives up" }]);
  });

  await t.test("a kill leaves what was done; the next run goes on from there", async () => {
    const killed = engine(found);
    killed.clouds.cloud.faults.push({ type: TOPIC, nth: 1, kind: "kill" });
    const first = await killed.run("prod", "up");
    assert.match(first.failures[0]?.message ?? "", /^the run was killed/);
    assert.deepEqual(first.steps.map(({ name }) => name).sort(), ["key", "logs"]);

    const again = engine(found);
    again.clouds.cloud.remove({
      type: TOPIC,
      urn: "",
      id: again.clouds.cloud.objects(TOPIC)[0]?.id ?? "",
      account: "111111111111",
    });
    const second = await again.run("prod", "up");
    assert.deepEqual(second.failures, []);
    assert.deepEqual(second.steps.map(({ op, name }) => `${op} ${name}`).sort(), [
      "create late",
      "same key",
      "same logs",
      "same small-prod",
    ]);
    assert.deepEqual(second.outputs, { key: "a-secret-of-ours" });
  });

  await t.test("the clouds' file does not contain a secret in clear, nor are logs left", () => {
    assert.doesNotMatch(readFileSync(join(folder, "cloud.json"), "utf8"), /a-secret-of-ours/);
    assert.equal(existsSync(join(folder, "home", "logs")), false);
  });

  await t.test("destroying what never was is no run", async () => {
    rmSync(join(folder, "state"), { recursive: true });
    assert.deepEqual((await engine(found).run("prod", "destroy")).steps, []);
  });
});
