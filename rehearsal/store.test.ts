import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { Bench, Thing } from "./fake-cloud.test-helper";
import { Sealer } from "./seal";
import type { CloudState } from "./state";
import { saltOf } from "./state-file";
import { Store } from "./store";

const folder = mkdtempSync(join(tmpdir(), "store-"));
after(() => rmSync(folder, { recursive: true }));

const SENTINEL = 'sentinel/"one"+&two';
const GENERATED = "generated-sentinel-3";
const knowledge = {
  secret: (type: string) => (type === "random:x:Password" ? ["result"] : []),
  properties: () => [],
};
const sealer = Sealer.fromPassphrase("p");

function spellings(value: string): string[] {
  const base64 = Buffer.from(value).toString("base64").replace(/=+$/, "");
  return [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), base64];
}

function assertNowhere(...values: string[]): void {
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), "utf8");
    for (const form of values.flatMap(spellings)) assert.ok(!text.includes(form), `${form} is in ${file}`);
  }
}

const cloud: CloudState = {
  objects: {
    "shared|random:x:Password|1": {
      ...{
        account: "shared",
        type: "random:x:Password",
        id: "1",
        origin: "u#1",
        createdAt: "2026-01-01T00:00:00Z",
      },
      inputs: { length: 20 },
      outputs: { length: 20, result: GENERATED },
    },
    "111|aws:x:Task|2": {
      ...{ account: "111", type: "aws:x:Task", id: "2", origin: "u#2", createdAt: "2026-01-01T00:00:00Z" },
      inputs: { environment: [{ name: "A", value: `mysql://u:${GENERATED}@h` }], key: SENTINEL },
      outputs: { query: encodeURIComponent(SENTINEL), definition: JSON.stringify({ deep: SENTINEL }) },
      contents: { header: Buffer.from(GENERATED).toString("base64"), harmless: "text" },
    },
  },
  clock: "2026-01-01T00:00:00Z",
  seed: "seed-sentinel",
  serials: {},
  faults: [],
  world: { zones: {}, repositories: {}, users: {}, verifiedMail: [], images: {}, databases: {} },
};

test("a stack's state comes back as it was, and no secret is in the file", async () => {
  const path = join(folder, "stack.json");
  const result = await new Bench().run(() => {
    const a = new Thing("a", { label: pulumi.secret(SENTINEL) });
    // The copy is not marked, as happens with values that went through the clouds.
    new Thing("b", { place: `copy of ${SENTINEL}` });
    return { label: a.label, token: a.token, open: 1 };
  });
  const store = new Store(sealer, knowledge);
  store.writeStack(path, result.state);
  assertNowhere(SENTINEL, "token-of-111");
  assert.deepEqual(new Store(sealer, knowledge).readStack(path), result.state);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("the clouds come back as they were, and neither secrets nor their copies are in the file", async () => {
  const path = join(folder, "cloud.json");
  const result = await new Bench().run(() => void new Thing("a", { label: pulumi.secret(SENTINEL) }));
  new Store(sealer, knowledge).writeCloud(path, cloud, [result.state]);
  assertNowhere(SENTINEL, GENERATED, "seed-sentinel");
  assert.match(readFileSync(path, "utf8"), /"harmless": "text"/);
  const later = new Store(sealer, knowledge);
  assert.deepEqual(later.readCloud(path), cloud);
  // Without the stacks: what was sealed once stays sealed.
  later.writeCloud(path, cloud);
  assertNowhere(SENTINEL, GENERATED, "seed-sentinel");
});

test("the former file is kept beside the new one, and no draft is left", () => {
  const path = join(folder, "kept.json");
  const store = new Store(sealer, knowledge);
  store.writeStack(path, { resources: [], outputs: { turn: 1 }, secretOutputs: [] });
  store.writeStack(path, { resources: [], outputs: { turn: 2 }, secretOutputs: [] });
  assert.deepEqual(store.readStack(path)?.outputs, { turn: 2 });
  assert.deepEqual(store.readStack(`${path}.bak`)?.outputs, { turn: 1 });
  assert.equal(statSync(`${path}.bak`).mode & 0o777, 0o600);
  assert.deepEqual(
    readdirSync(folder).filter((f) => f.endsWith(".tmp")),
    [],
  );
});

test("a file says which salt opens it; without a file there is nothing", () => {
  const path = join(folder, "salt.json");
  assert.equal(saltOf(path), undefined);
  assert.equal(new Store(sealer, knowledge).readStack(path), undefined);
  new Store(sealer, knowledge).writeStack(path, { resources: [], outputs: {}, secretOutputs: [] });
  assert.equal(saltOf(path), sealer.salt);
});

test("another key, another kind of file and a broken file are told apart", () => {
  const path = join(folder, "other.json");
  new Store(sealer, knowledge).writeCloud(path, cloud);
  assert.throws(
    () => new Store(sealer, knowledge).readStack(path),
    /holds the state of a cloud, not of a stack/,
  );
  assert.throws(
    () => new Store(Sealer.fromPassphrase("q"), knowledge).readCloud(path),
    /sealed with another key/,
  );
  writeFileSync(path, "{");
  assert.throws(() => new Store(sealer, knowledge).readCloud(path), /other.json is no state file/);
});
