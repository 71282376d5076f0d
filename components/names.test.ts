import assert from "node:assert/strict";
import { test } from "node:test";
import { pathName, physicalName, type Scope, tags } from "./names";

const scope: Scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };

for (const [role, max, expected] of [
  ["web", 63, "shop-prod-web"],
  ["", 63, "shop-prod"],
  ["web", 16, "shop-prod-web"],
] as const)
  test(`the name of role "${role}" within ${max} characters is ${expected}`, () => {
    assert.equal(physicalName(scope, role, max), expected);
  });

test("a name over the cap is cut to exactly the cap and stays distinct", () => {
  const [one, other] = ["first", "other"].map((end) =>
    physicalName(scope, `a-very-long-role-that-ends-${end}`, 32),
  );
  assert.equal(one?.length, 32);
  assert.equal(other?.length, 32);
  assert.notEqual(one, other);
  assert.match(one ?? "", /^shop-prod-[a-z-]+-[0-9a-f]{6}$/);
});

test("a name is cut in production where the sandbox's is, so that the two differ in nothing else", () => {
  const [sandbox, prod] = ["sandbox", "prod"].map((environment) =>
    physicalName({ ...scope, environment }, "web--web--8000", 26),
  );
  assert.match(sandbox ?? "", /^shop-sandbox-[a-z-]+-[0-9a-f]{6}$/);
  assert.match(prod ?? "", /^shop-prod-[a-z0-9-]+-[0-9a-f]{6}$/);
});

test("a cut never leaves two hyphens before the hash", () => {
  assert.match(physicalName(scope, "ab-cdefghijklmnop", 20), /^shop-prod-ab-[0-9a-f]{6}$/);
});

test("path names begin with a slash and keep their parts", () => {
  assert.equal(pathName(scope, "web", "log"), "/shop/prod/web/log");
});

test("tags say project, environment and who manages", () => {
  assert.deepEqual(tags(scope, "web"), {
    Name: "shop-prod-web",
    Project: "shop",
    Environment: "prod",
    ManagedBy: "tandem",
  });
});
