import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse, stringify } from "yaml";
import { run as runProgram } from "../tandem/child";
import { type Cli, findCli } from "../tandem/cli";
import { KeptClouds } from "../tandem/kept-clouds";
import { RealEngine } from "../tandem/real-engine";
import { Workspace } from "../tandem/workspace";
import { Cloud } from "./cloud";

import program = require("./conformance.program.test-helper");

import { scratch } from "../tandem/scratch.test-helper";
import { run } from "./engine";
import type { Step } from "./run-types";
import { Sealer } from "./seal";
import { emptyStack, type StackState } from "./stack-state";
import { worldFor, zoneId } from "./world";

/** The two ways into the rehearsal, held against each other: the real engine and the one in this process. */

const ACCOUNT = "111111111111";
const PASSPHRASE = "conformance";
const SECRET = "given-by-hand-0123456789";
const WORLD = worldFor({ zones: ["example.org"], repositories: ["acme/shop"] });

type Operation = "up" | "preview" | "destroy";

const folder = scratch("conformance");
let cli: Cli | undefined;
let absent = "";

before(async () => {
  const found = await findCli();
  if ("path" in found) cli = found;
  else absent = found.reason;
});

after(() => rmSync(folder, { recursive: true, force: true }));

const values = (scenario: string) => ({
  "aws:region": "eu-west-3",
  "github:owner": "acme",
  "conformance:scenario": scenario,
  "conformance:zone": zoneId("example.org"),
});

function inProcess() {
  const cloud = Cloud.empty(WORLD);
  let state: StackState = emptyStack();
  return async (operation: Operation, scenario: string) => {
    const result = await run({
      project: "conformance",
      stack: "sandbox",
      config: {
        ...values(scenario),
        "aws:allowedAccountIds": JSON.stringify([ACCOUNT]),
        "conformance:given": SECRET,
      },
      secretKeys: ["conformance:given"],
      program,
      cloud,
      account: ACCOUNT,
      state,
      operation,
    });
    if (operation !== "preview") state = result.state;
    return result;
  };
}

function withPulumi(found: Cli) {
  const sealer = Sealer.fromPassphrase(PASSPHRASE);
  const manifest = {
    name: "conformance",
    runtime: { name: "nodejs", options: { typescript: false, nodeargs: "--require ./typescript.cjs" } },
  };
  const project = { name: "conformance", folder, manifest };
  const workspace = new Workspace(
    project,
    folder,
    PASSPHRASE,
    join(__dirname, "conformance.program.test-helper.ts"),
  );
  const engine = new RealEngine(workspace, new KeptClouds(folder, WORLD, PASSPHRASE), found, []);
  return (operation: Operation, scenario: string) => {
    const config = {
      ...values(scenario),
      "aws:allowedAccountIds": [ACCOUNT],
      "conformance:given": { secure: sealer.seal(SECRET) },
    };
    writeFileSync(join(folder, "Pulumi.sandbox.yaml"), stringify({ encryptionsalt: sealer.salt, config }));
    return engine.run("sandbox", operation);
  };
}

/** What was done, without its order: independent resources may come in any. */
const done = (steps: readonly Step[]) =>
  steps.map(({ op, urn }) => `${op} ${urn.split("::").slice(2).join(" ")}`).sort();

const reasons = (steps: readonly Step[]) =>
  Object.fromEntries(
    steps.filter(({ op }) => /update|create-repl/.test(op)).map((s) => [s.urn, [s.changed, s.replaces]]),
  );

test("both ways make the same steps for the same changes", async (t) => {
  if (cli === undefined) return t.skip(absent);
  const [real, here] = [withPulumi(cli), inProcess()];
  const course = [
    ["create everything", "up", "first"],
    // Each run takes the engine five seconds: updates come with replacements, a rename with deletions. That nothing
    // changes the second time, cases/both-ways.test.ts sees.
    ["foresee updates and replacements", "preview", "replaced"],
    ["update and replace", "up", "replaced"],
    ["rename with an alias, delete what is no longer declared", "up", "smaller"],
    ["destroy", "destroy", "smaller"],
  ] as const;
  for (const [title, operation, scenario] of course) {
    await t.test(title, async () => {
      const [there, local] = [await real(operation, scenario), await here(operation, scenario)];
      assert.deepEqual(there.failures, []);
      assert.deepEqual(local.failures, []);
      assert.deepEqual(done(there.steps), done(local.steps));
      assert.deepEqual(reasons(there.steps), reasons(local.steps));
      if (operation === "up") assert.deepEqual(there.outputs, local.outputs);
    });
  }
});

test("what Pulumi seals, this project opens, and the other way round", async (t) => {
  if (cli === undefined) return t.skip(absent);
  const sealer = Sealer.fromPassphrase(PASSPHRASE);
  const project = {
    name: "vector",
    folder: mkdtempSync(join(folder, "vector-")),
    manifest: { name: "vector", runtime: "nodejs" },
  };
  const config = { "vector:ours": { secure: sealer.seal("sealed here") } };
  writeFileSync(join(project.folder, "Pulumi.prod.yaml"), stringify({ encryptionsalt: sealer.salt, config }));
  const workspace = new Workspace(project, project.folder, PASSPHRASE);
  const { env } = workspace.prepare("prod");
  const { path } = cli;
  const pulumi = async (...words: string[]) => {
    const lines: string[] = [];
    const all = [...words, "--stack", "prod", "--non-interactive"];
    const { ended } = runProgram({
      path,
      words: all,
      cwd: workspace.cwd,
      env,
      onLine: (line) => lines.push(line),
    });
    assert.equal((await ended).code, 0, (await ended).stderr);
    return lines.join("\n");
  };
  await pulumi("stack", "init", "--no-select");
  await pulumi("config", "set", "--secret", "theirs", "sealed by Pulumi");
  assert.equal(await pulumi("config", "get", "ours"), "sealed here");
  const written = parse(readFileSync(join(workspace.cwd, "Pulumi.prod.yaml"), "utf8"));
  const opener = Sealer.fromPassphrase(PASSPHRASE, written.encryptionsalt);
  assert.equal(opener.open(written.config["vector:theirs"].secure), "sealed by Pulumi");
});
