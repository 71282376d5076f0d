import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError } from "../mistakes";
import { parse } from "../parse";
import { raw } from "../testing";

function mistakes(github: object): readonly string[] {
  try {
    parse(raw({ shared: { github } }));
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.mistakes.map(({ path, allowed, remedy }) => `${path}: ${allowed}; ${remedy}`);
  }
}

for (const [what, github, expected] of [
  [
    "a token that nobody declared",
    { stack: "infra", dispatch: "TOKEN" },
    /^github\.dispatch: .*given secrets/,
  ],
  [
    "a token for a repository that is not named",
    { dispatch: "MAP_KEY" },
    /^github\.dispatch: a token for the stack's own repository, and none.*github\.stack/,
  ],
  [
    "creating the repository that the stack lives in",
    { repository: "shop", stack: "shop", create: true },
    /^github\.create: false where.*give the application a repository of its own/,
  ],
] as const)
  test(`refused with a remedy: ${what}`, () => {
    assert.match(mistakes(github).join("\n"), expected);
  });

test("a stack's repository may be named for previews alone, and with a token that starts its workflows", () => {
  assert.deepEqual(mistakes({ stack: "infra" }), []);
  assert.deepEqual(mistakes({ stack: "infra", dispatch: "MAP_KEY" }), []);
});
