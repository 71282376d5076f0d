import assert from "node:assert/strict";
import { test } from "node:test";
import { deletionGroups } from "./schedule";
import type { ResourceState } from "./stack-state";

function resource(name: string, needs: string[], more: Partial<ResourceState> = {}): ResourceState {
  const empty = { inputs: {}, outputs: {}, propertyDependencies: {}, aliases: [], ignoreChanges: [] };
  const flags = { custom: true, protect: false, retainOnDelete: false, secretInputs: [], secretOutputs: [] };
  return { urn: name, type: "t", dependencies: needs, ...empty, ...flags, ...more };
}

function groups(...resources: ResourceState[]): string[] {
  return deletionGroups(resources).map((g) =>
    g
      .map((r) => r.urn)
      .sort()
      .join(" "),
  );
}

test("what others need is deleted after them, what nobody needs at once", () => {
  assert.deepEqual(
    groups(resource("a", []), resource("b", ["a"]), resource("c", ["b", "a"]), resource("d", [])),
    ["c d", "b", "a"],
  );
});

test("parents, providers and containers count as needed", () => {
  const list = [
    resource("home", []),
    resource("provider", []),
    resource("box", []),
    resource("x", [], { parent: "home", provider: "provider::id-1", deletedWith: "box" }),
  ];
  assert.deepEqual(groups(...list), ["x", "box home provider"]);
});

test("an older copy under the same URN waits for its users too", () => {
  assert.deepEqual(groups(resource("a", []), resource("a", []), resource("b", ["a"])), ["b", "a a"]);
});
