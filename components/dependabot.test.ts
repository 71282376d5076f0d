import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { dependabotFile } from "./dependabot";

const entry = (ecosystem: string, directory: string) => ({
  "package-ecosystem": ecosystem,
  directory,
  schedule: { interval: "weekly" },
  cooldown: { "default-days": 7 },
  groups: { small: { "update-types": ["minor", "patch"] } },
});

test("Dependabot waits a week, brings small updates together, and each application has its own", () => {
  const text = dependabotFile({ ecosystems: ["pip", "docker"], directories: ["web", ".", "web"] });
  assert.deepEqual(parse(text), {
    version: 2,
    updates: [entry("docker", "/"), entry("docker", "/web"), entry("pip", "/"), entry("pip", "/web")],
  });
});

test("actions and submodules are the repository's, wherever its applications stand", () => {
  const { updates } = parse(
    dependabotFile({ ecosystems: ["gitsubmodule", "github-actions"], directories: ["web", "back"] }),
  );
  assert.deepEqual(updates, [entry("github-actions", "/"), entry("gitsubmodule", "/")]);
});

test("the order in which things were named changes nothing, and nothing named means the top", () => {
  const text = (ecosystems: string[], directories: string[]) => dependabotFile({ ecosystems, directories });
  assert.equal(text(["pip", "npm"], ["b", "a"]), text(["npm", "pip"], ["a", "b"]));
  assert.equal(text(["pip"], []), text(["pip"], ["."]));
});
