import assert from "node:assert/strict";
import { test } from "node:test";
import { ofType, record } from "./recorder";
import { Registry } from "./registry";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };
const declare = (forceDelete?: boolean) =>
  record(
    () =>
      new Registry("registry-web", {
        scope,
        application: "web",
        ...(forceDelete === undefined ? {} : { forceDelete }),
      }),
  );

test("a registry is one repository and one lifecycle policy", async () => {
  assert.deepEqual(
    (await declare()).map(({ type, name }) => [type, name]),
    [
      ["aws:ecr/repository:Repository", "registry-web"],
      ["aws:ecr/lifecyclePolicy:LifecyclePolicy", "registry-web-lifecycle"],
    ],
  );
});

test("tags are immutable, every image is scanned and encrypted, and a destroy keeps images unless told", async () => {
  const repository = ofType(await declare(), "aws:ecr/repository:Repository")["registry-web"];
  assert.equal(repository?.name, "shop-prod-web");
  assert.equal(repository?.imageTagMutability, "IMMUTABLE");
  assert.deepEqual(repository?.imageScanningConfiguration, { scanOnPush: true });
  assert.deepEqual(repository?.encryptionConfigurations, [{ encryptionType: "AES256" }]);
  assert.equal(repository?.forceDelete, false);
  const told = ofType(await declare(true), "aws:ecr/repository:Repository")["registry-web"];
  assert.equal(told?.forceDelete, true);
});

test("untagged images go after 7 days and the last 100 stay, released or not", async () => {
  const policy = ofType(await declare(), "aws:ecr/lifecyclePolicy:LifecyclePolicy")["registry-web-lifecycle"];
  const { rules } = JSON.parse(policy?.policy as string);
  assert.deepEqual(
    rules.map((rule: { selection: object }) => rule.selection),
    [
      { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 },
      { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 100 },
    ],
  );
});
