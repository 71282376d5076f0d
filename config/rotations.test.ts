import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ConfigurationError } from "./mistakes";
import { parse } from "./parse";
import { raw } from "./testing";

const rotated = (rotations: object) => ({ around: { "shop:rotations": rotations } });
const FORMER = { secrets: { MAP_KEY_PREVIOUS: "the former value" } };

function mistakes(changes: object): string {
  try {
    parse(raw(changes));
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.message;
  }
  return "";
}

test("a number is a generation whose former value is accepted; retired says that it no longer is", () => {
  const { rotations } = parse(
    raw(rotated({ SECRET_KEY: 2, "databases.main": { generation: 3, retired: true } })),
  );
  assert.deepEqual(rotations, {
    SECRET_KEY: { generation: 2, retired: false },
    "databases.main": { generation: 3, retired: true },
  });
});

test("a rotated given secret has its former value beside it until it is retired", () => {
  assert.equal(mistakes({ ...rotated({ MAP_KEY: 2 }), ...FORMER }), "");
  assert.equal(mistakes(rotated({ MAP_KEY: { generation: 2, retired: true } })), "");
});

test("what no process receives is rotated without a former value", () => {
  const shared = {
    secrets: { HOOK: "given" },
    notices: { webhook: "HOOK" },
  };
  const changes = { shared, ...rotated({ HOOK: 2 }), secrets: { HOOK: "a" } };
  assert.equal(mistakes(changes), "");
  assert.match(
    mistakes({ ...changes, secrets: { HOOK: "a", HOOK_PREVIOUS: "b" } }),
    /shop:HOOK_PREVIOUS\n.*nothing: no application receives HOOK\n.*pulumi config rm HOOK_PREVIOUS --stack prod/,
  );
});

describe("refused by name", () => {
  const REFUSED: readonly (readonly [string, object, RegExp])[] = [
    [
      "a rotation of what is not declared",
      rotated({ SECRT_KEY: 2 }),
      /shop:rotations\.SECRT_KEY\n.*SECRET_KEY, MAP_KEY, databases\.main\n.*did you mean SECRET_KEY/,
    ],
    ["generation 1", rotated({ SECRET_KEY: 1 }), /shop:rotations\n.*\n.*from 2 on.*npx tandem rotate/],
    [
      "a former value of what was never rotated",
      FORMER,
      /shop:MAP_KEY_PREVIOUS\n.*nothing: MAP_KEY was never rotated\n.*pulumi config rm/,
    ],
    [
      "a former value that is no longer accepted",
      { ...FORMER, ...rotated({ MAP_KEY: { generation: 2, retired: true } }) },
      /shop:MAP_KEY_PREVIOUS\n.*no longer accepted/,
    ],
    [
      "a former value of a generated secret",
      { secrets: { SECRET_KEY_PREVIOUS: "x" }, ...rotated({ SECRET_KEY: 2 }) },
      /shop:SECRET_KEY_PREVIOUS\n.*SECRET_KEY is generated/,
    ],
    [
      "a rotated given secret without its former value",
      rotated({ MAP_KEY: 2 }),
      /shop:MAP_KEY_PREVIOUS\n.*it is still accepted\n.*rotate MAP_KEY --retire/,
    ],
    [
      "a secret with the name of a former value",
      { shared: { secrets: { MAP_KEY_PREVIOUS: "generated" } } },
      /secrets\.MAP_KEY_PREVIOUS\n.*where a rotation of MAP_KEY keeps its former value/,
    ],
    [
      "a variable with the name of an accepted former value",
      {
        shared: { applications: { web: { variables: { SECRET_KEY_FALLBACKS: "x" } } } },
        ...rotated({ SECRET_KEY: 2 }),
      },
      /applications\.web\.variables\.SECRET_KEY_FALLBACKS\n.*carries the value before a rotation/,
    ],
    [
      "the user of an adopted instance",
      {
        shared: { databases: { main: { adopt: { instance: "old-shop", password: "MAP_KEY" } } } },
        ...rotated({ "databases.main": 2 }),
      },
      /rotations\.databases\.main\n.*old-shop is managed elsewhere\n.*at its owner, then pulumi config set --secret MAP_KEY --stack prod/,
    ],
  ];
  for (const [what, changes, message] of REFUSED)
    test(what, () => {
      assert.match(mistakes(changes), message);
      assert.doesNotMatch(mistakes(changes), /the former value$/m);
    });
});
