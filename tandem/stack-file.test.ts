import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Sealer } from "../rehearsal/seal";
import { openProject, type Project, REHEARSAL_PASSPHRASE, stackFile } from "./project";
import { scratch } from "./scratch.test-helper";
import { configValue, moveConfig, seal, setSecret, unseal, writeConfig, writeDifference } from "./stack-file";
import { variant } from "./variant";

delete process.env.PULUMI_CONFIG_PASSPHRASE;

const { salt } = Sealer.fromPassphrase(REHEARSAL_PASSPHRASE);
const TEXT = `# The team's own words.
encryptionsalt: ${salt}
config:
  aws:allowedAccountIds: ["111111111111"]
  # What differs.
  shop:differences:
    applications:
      web: { processes: { web: { host: shop.example } } }

  # Taken from the dashboard.
  shop:MAP_KEY:
    secure: v1:one:two
`;

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function onDisk(text = TEXT): Project {
  const folder = scratch("stack-file");
  folders.push(folder);
  writeFileSync(join(folder, "Pulumi.prod.yaml"), text, { mode: 0o640 });
  return { name: "shop", folder, manifest: { name: "shop" } };
}

const read = ({ folder }: Project) => readFileSync(join(folder, "Pulumi.prod.yaml"), "utf8");

describe("a file", () => {
  test("keeps comments, order, blanks and what was not named", () => {
    const project = onDisk();
    assert.equal(writeConfig(project, "prod", { rotations: { SECRET_KEY: 2 } }), project);
    assert.equal(read(project), `${TEXT}  shop:rotations:\n    SECRET_KEY: 2\n`);
    writeConfig(project, "prod", { rotations: undefined });
    assert.equal(read(project), TEXT);
    assert.deepEqual(readdirSync(project.folder), ["Pulumi.prod.yaml"], "nothing is left beside it");
  });

  test("says a difference where it belongs, beside what people wrote", () => {
    const project = onDisk();
    writeDifference(project, "prod", ["databases", "main", "serves"], "Shop_1");
    writeDifference(project, "prod", ["databases", "main", "serves"], "Shop_2");
    const added = "    databases:\n      main:\n        serves: Shop_2\n";
    assert.equal(read(project), TEXT.replace("\n\n  # Taken", `\n${added}\n  # Taken`));
    const odd = onDisk("config:\n  shop:differences: text\n");
    assert.throws(() => writeDifference(odd, "prod", ["a"], 1), /no group of keys/);
  });

  test("gets a group where it has none", () => {
    const project = onDisk("encryptionsalt: x\n");
    writeConfig(project, "prod", { passport: "r-0123456789ab" });
    assert.equal(read(project), "encryptionsalt: x\nconfig:\n  shop:passport: r-0123456789ab\n");
  });

  test("that is no YAML is left alone", () => {
    const project = onDisk("config: [\n");
    assert.throws(() => writeConfig(project, "prod", { a: 1 }), /not YAML/);
    assert.equal(read(project), "config: [\n");
  });

  test("moves a sealed value as it is", () => {
    const project = moveConfig(onDisk(), "prod", "MAP_KEY", "MAP_KEY_PREVIOUS");
    assert.equal(configValue(project, "prod", "MAP_KEY"), undefined);
    assert.deepEqual(configValue(project, "prod", "MAP_KEY_PREVIOUS"), { secure: "v1:one:two" });
    assert.throws(() => moveConfig(project, "prod", "MAP_KEY", "OTHER"), /has no shop:MAP_KEY/);
  });

  test("takes a secret sealed with its own passphrase, and what goes along in the same write", async () => {
    const project = onDisk();
    await setSecret(project, "prod", "MAP_KEY", "a new value", { rotations: { MAP_KEY: 2 } });
    const sealed = configValue(project, "prod", "MAP_KEY") as { secure: string };
    assert.equal(unseal(project, "prod", sealed), "a new value");
    assert.deepEqual(configValue(project, "prod", "rotations"), { MAP_KEY: 2 });
    assert.ok(!read(project).includes("a new value"));
  });

  test("of another passphrase is refused", () => {
    const project = onDisk(TEXT.replace(salt, Sealer.fromPassphrase("another").salt));
    assert.throws(() => seal(project, "prod", "x"), /Pulumi\.prod\.yaml: .*PULUMI_CONFIG_PASSPHRASE/);
    assert.equal(unseal(project, "prod", { secure: "v1:one:two" }), undefined);
  });
});

test("a stack file in memory stays there", () => {
  const before = variant(openProject("oc-pizza"), {});
  const after = writeConfig(before, "sandbox", { rotations: { SECRET_KEY: 2 }, release: undefined });
  assert.equal(configValue(before, "sandbox", "rotations"), undefined);
  assert.deepEqual(configValue(after, "sandbox", "rotations"), { SECRET_KEY: 2 });
  assert.equal(configValue(after, "sandbox", "release"), undefined);
  assert.equal(stackFile(openProject("oc-pizza"), "sandbox").config?.["oc-pizza:rotations"], undefined);
});
