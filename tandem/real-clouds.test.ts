import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { stringify } from "yaml";
import { Cloud } from "../rehearsal/cloud";
import { Sealer } from "../rehearsal/seal";
import { type RehearsalServer, serve } from "../rehearsal/server";
import { worldFor } from "../rehearsal/world";
import { type Cli, findCli } from "./cli";
import { EngineRun } from "./engine-run";
import { openProject, ROOT } from "./project";
import { RealClouds } from "./real-clouds";
import { scratch } from "./scratch.test-helper";
import { chooseWay, realClouds } from "./ways";

/** The operator's own `pulumi` and back end; the simulated clouds stand where its plugins would. */

const SECRET = "sentinel-of-the-operator";
const PROGRAM = `const aws = require("@pulumi/aws");
const pulumi = require("@pulumi/pulumi");
const tags = { Project: "small", Environment: "prod", ManagedBy: "tandem" };
module.exports = async () => {
  const key = new pulumi.Config().requireSecret("key");
  key.apply((value) => pulumi.log.warn("the key is " + value));
  new aws.sns.Topic("late", { name: "late", tags });
  return { key, topic: "late" };
};
`;

const folder = scratch("real");
const project = { name: "small", folder, manifest: { name: "small" } };
let server: RehearsalServer;
let env: NodeJS.ProcessEnv;
let cli: Cli | undefined;
let absent = "";

before(async () => {
  const found = await findCli();
  if ("path" in found) cli = found;
  else absent = found.reason;
  server = await serve({ cloud: Cloud.empty(worldFor({})) });
  env = {
    ...process.env,
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: "the operator's",
    PULUMI_DEBUG_PROVIDERS: server.debugProviders,
  };
  const sealer = Sealer.fromPassphrase("the operator's");
  const config = {
    "aws:region": "eu-west-3",
    "aws:allowedAccountIds": ["111111111111"],
    "small:key": { secure: sealer.seal(SECRET) },
  };
  const runtime = { name: "nodejs", options: { typescript: false } };
  writeFileSync(join(folder, "Pulumi.prod.yaml"), stringify({ encryptionsalt: sealer.salt, config }));
  writeFileSync(join(folder, "Pulumi.yaml"), stringify({ name: "small", runtime, main: "index.js" }));
  writeFileSync(join(folder, "index.js"), PROGRAM);
});

after(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

test("real environments through the operator's own pulumi", async (t) => {
  if (cli === undefined) return t.skip(absent);
  const found = cli;
  const way = new RealClouds(project, found, env);

  await t.test("a stack that is not there is said so, with the command that makes it", async () => {
    const { failures, steps } = await way.run("prod", "preview");
    assert.deepEqual(failures, [
      { message: "There is no stack prod yet. Make it once: pulumi stack init prod" },
    ]);
    assert.deepEqual(steps, []);
    assert.equal(await way.outputs("prod"), undefined);
  });

  await t.test("destroying is left to pulumi", async () => {
    await assert.rejects(way.run("prod", "destroy"), /pulumi destroy --stack prod/);
  });

  const place = { cli: found, cwd: folder, clean: (message: string) => message };
  const made = await new EngineRun(place).ask(["stack", "init", "prod", "--no-select"], env);
  assert.equal(made.code, 0, made.stderr);

  await t.test(
    "what was brought up is told step by step; a secret is in no message and no output",
    async () => {
      const seen: string[] = [];
      const up = await way.run("prod", "up", ({ op, name }) => seen.push(`${op} ${name}`));
      assert.deepEqual(up.failures, []);
      assert.ok(seen.includes("create late"), seen.join());
      assert.deepEqual(up.warnings, ["the key is [secret]"]);
      assert.deepEqual(await way.outputs("prod"), { key: "[secret]", topic: "late" });
      assert.ok(!JSON.stringify(up).includes(SECRET));
    },
  );

  await t.test("a passphrase that does not open the stack is said in pulumi's words", async () => {
    const other = new RealClouds(project, found, { ...env, PULUMI_CONFIG_PASSPHRASE: "another" });
    const { failures } = await other.run("prod", "preview");
    assert.deepEqual(failures, [{ message: "incorrect passphrase" }]);
  });
});

test("the guard rails stand before every run; what is to be replaced is handed on", {
  skip: process.platform === "win32" && "the program here is a shell script",
}, async () => {
  const path = join(folder, "pulumi");
  writeFileSync(path, `#!/bin/sh\necho '{}'\necho "$@" >> "$0.log"\n`, { mode: 0o755 });
  const way = new RealClouds(project, { path, version: "v3.0.0" }, { PATH: process.env.PATH });
  for (const operation of ["preview", "up"] as const) {
    const { failures } = await way.run("prod", operation, undefined, ["**::late"]);
    assert.deepEqual(failures, []);
  }
  const rest = `--stack prod --json --non-interactive --replace **::late --policy-pack ${join(ROOT, "policy")}`;
  const runs = readFileSync(`${path}.log`, "utf8").split("\n");
  assert.deepEqual(
    runs.filter((words) => /^(preview|up) /.test(words)),
    [`preview ${rest}`, `up --yes --skip-preview ${rest}`],
  );
});

test("an example has no real clouds", async () => {
  await assert.rejects(chooseWay(openProject("oc-pizza"), { engine: "real" }), {
    message: /--real acts on this project only/,
    exitCode: 2,
  });
});

test("without a CLI the real clouds cannot be reached, and the reason is told", async () => {
  const none = async () => ({ reason: "no Pulumi CLI: it cannot be downloaded" });
  await assert.rejects(realClouds({ name: "small", folder: ROOT, manifest: {} }, none), {
    message: "--real needs Pulumi's CLI, and there is no Pulumi CLI: it cannot be downloaded",
    exitCode: 1,
  });
});
