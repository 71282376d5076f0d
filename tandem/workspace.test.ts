import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { parse, stringify } from "yaml";
import { Sealer } from "../rehearsal/seal";
import { REHEARSAL_PASSPHRASE, ROOT } from "./project";
import { Workspace } from "./workspace";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tandem-workspace-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const MANIFEST = {
  name: "shop",
  main: "index.ts",
  runtime: { name: "nodejs", options: { typescript: false, nodeargs: "--require ./typescript.cjs" } },
  backend: { url: "s3://somewhere" },
  config: { "aws:region": "eu-west-3" },
};

function workspace(own: object, passphrase: string) {
  const source = join(folder, "project");
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, "Pulumi.prod.yaml"), stringify(own));
  const project = { name: "shop", folder: source, manifest: MANIFEST };
  return new Workspace(project, join(folder, "kept"), passphrase, join(folder, "index.ts"));
}

const read = (name: string) => readFileSync(join(folder, "kept", "workspace", name), "utf8");

test("the manifest is the project's, with another program, its loader from anywhere, and without its back end", () => {
  workspace({ config: {} }, "a").prepare("prod");
  const { backend: _, ...kept } = MANIFEST;
  const options = { typescript: false, nodeargs: `--require "${join(ROOT, "typescript.cjs")}"` };
  assert.deepEqual(parse(read("Pulumi.yaml")), {
    ...kept,
    runtime: { name: "nodejs", options },
    main: "program.ts",
  });
  assert.match(read("program.ts"), /require\("\.\.\/\.\.\/index"\)/);
});

test("secrets that open are copied as they are", () => {
  const sealer = Sealer.fromPassphrase("a");
  const own = { encryptionsalt: sealer.salt, config: { "shop:key": { secure: sealer.seal("value") } } };
  const { env } = workspace(own, "a").prepare("prod");
  assert.deepEqual(parse(read("Pulumi.prod.yaml")), own);
  assert.equal(env.PULUMI_CONFIG_PASSPHRASE, "a");
  assert.equal(statSync(join(folder, "kept", "workspace", "Pulumi.prod.yaml")).mode & 0o077, 0);
});

test("secrets that do not open become stand-ins under the rehearsal's passphrase", () => {
  const sealer = Sealer.fromPassphrase("another");
  const config = { "shop:key": { secure: sealer.seal("value") }, "shop:plain": "x" };
  const { env } = workspace({ encryptionsalt: sealer.salt, config }, "a").prepare("prod");
  const written = parse(read("Pulumi.prod.yaml"));
  const opener = Sealer.fromPassphrase(REHEARSAL_PASSPHRASE, written.encryptionsalt);
  assert.match(opener.open(written.config["shop:key"].secure), /^stand-in for shop:key \([0-9a-f]{12}\)$/);
  assert.equal(written.config["shop:plain"], "x");
  assert.equal(env.PULUMI_CONFIG_PASSPHRASE, REHEARSAL_PASSPHRASE);
});

test("secrets of a key service become stand-ins, and nobody asks the service", () => {
  const own = {
    secretsprovider: "awskms://alias/shop",
    encryptedkey: "AQ==",
    config: { "shop:key": { secure: "AAABBB" } },
  };
  workspace(own, "a").prepare("prod");
  const written = parse(read("Pulumi.prod.yaml"));
  assert.deepEqual(Object.keys(written).sort(), ["config", "encryptionsalt"]);
});

test("the key of stand-ins stays the same from run to run: the state is sealed with it", () => {
  const made = workspace({ config: { "shop:key": { secure: "AAABBB" } } }, "a");
  made.prepare("prod");
  const first = parse(read("Pulumi.prod.yaml")).encryptionsalt;
  made.prepare("prod");
  assert.equal(parse(read("Pulumi.prod.yaml")).encryptionsalt, first);
});

test("nothing of the user's own Pulumi and accounts reaches the run", (t) => {
  const before = { ...process.env };
  t.after(() => {
    process.env = before;
  });
  process.env = { ...before, PULUMI_ACCESS_TOKEN: "x", AWS_PROFILE: "work", PULUMI_HOME: "/home/me/.pulumi" };
  const { env } = workspace({ config: {} }, "a").prepare("prod");
  assert.equal(env.PULUMI_ACCESS_TOKEN, undefined);
  assert.equal(env.AWS_PROFILE, undefined);
  assert.equal(env.PULUMI_HOME, join(folder, "kept", "home"));
  assert.equal(env.PULUMI_BACKEND_URL, `file://${join(folder, "kept", "state")}`);
});
