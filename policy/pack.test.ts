import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { stringify } from "yaml";
import { Cloud } from "../rehearsal/cloud";
import { Sealer } from "../rehearsal/seal";
import { type RehearsalServer, serve } from "../rehearsal/server";
import { worldFor } from "../rehearsal/world";
import { run } from "../tandem/child";
import { type Cli, findCli } from "../tandem/cli";
import { scratch } from "../tandem/scratch.test-helper";
import { Workspace } from "../tandem/workspace";

/** The pack as Pulumi's own engine runs it, on the simulated clouds. */

const PASSPHRASE = "guarded";
const PASSWORD = "sentinel-password-0123456789";
const KEY = "sentinel-key-0123456789";

const folder = scratch("policy");
const sealer = Sealer.fromPassphrase(PASSPHRASE);
const program = join(__dirname, "pack.program.test-helper.ts");
const manifest = {
  name: "guarded",
  runtime: { name: "nodejs", options: { typescript: false, nodeargs: "--require ./typescript.cjs" } },
};
const workspace = new Workspace({ name: "guarded", folder, manifest }, folder, PASSPHRASE, program);
let server: RehearsalServer;
let cli: Cli | undefined;
let absent = "";

before(async () => {
  const found = await findCli();
  if ("path" in found) cli = found;
  else absent = found.reason;
  server = await serve({ cloud: Cloud.empty(worldFor({})) });
});

after(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Everything that `pulumi` says, and how it ended. */
async function pulumi({ path }: Cli, wrong: boolean, ...words: string[]) {
  const config = {
    "aws:region": "eu-west-3",
    "guarded:wrong": wrong,
    "guarded:key": KEY,
    "guarded:password": { secure: sealer.seal(PASSWORD) },
  };
  writeFileSync(join(folder, "Pulumi.prod.yaml"), stringify({ encryptionsalt: sealer.salt, config }));
  const { env } = workspace.prepare("prod");
  const said: string[] = [];
  const { code, stderr } = await run({
    path,
    words: [...words, "--stack", "prod", "--non-interactive", "--color", "never"],
    cwd: workspace.cwd,
    env: {
      ...env,
      PATH: [dirname(path), env.PATH].join(delimiter),
      PULUMI_DEBUG_PROVIDERS: server.debugProviders,
    },
    onLine: (line) => said.push(line),
  }).ended;
  return { code, text: `${said.join("\n")}\n${stderr}` };
}

test("the engine refuses what breaks a rule and lets through what is right", async (t) => {
  if (cli === undefined) return t.skip(absent);
  const made = await pulumi(cli, false, "stack", "init", "--no-select");
  assert.equal(made.code, 0, made.text);
  const preview = (wrong: boolean) => pulumi(cli as Cli, wrong, "preview", "--policy-pack", __dirname);

  const right = await preview(false);
  assert.equal(right.code, 0, right.text);
  assert.doesNotMatch(right.text, /\[mandatory\]|\[advisory\]/);

  const { code, text } = await preview(true);
  assert.notEqual(code, 0, text);
  assert.match(text, /\[mandatory\] +private-database +\(aws:rds:Instance: database\)/);
  assert.match(text, /the internet reaches it\. Why it matters: .*Remedy: set publiclyAccessible: false/);
  assert.match(text, /\[mandatory\] +no-secret-in-clear/);
  assert.match(text, /its variable API_KEY looks like a secret in clear/);
  assert.equal(text.match(/\[mandatory\]/g)?.length, 2, text);
  for (const secret of [PASSWORD, KEY])
    assert.ok(!text.includes(secret), "a secret's value is never repeated");
});
