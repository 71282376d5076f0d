import assert from "node:assert/strict";
import { test } from "node:test";
import type { Props } from "../types";
import { rules } from "./backup";
import { ACCOUNT, FakeCloud, refusal, trust } from "./context.test-helper";
import { rules as iam } from "./iam";

const VAULT = "aws:backup/vault:Vault";
const PLAN = "aws:backup/plan:Plan";
const SELECTION = "aws:backup/selection:Selection";
const LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
const NIGHTLY = {
  ruleName: "nightly",
  targetVaultName: "shop",
  schedule: "cron(7 3 * * ? *)",
  scheduleExpressionTimezone: "Europe/Paris",
};

function vaults(service = "backup.amazonaws.com") {
  const cloud = new FakeCloud({ ...rules, ...iam });
  const vault = cloud.create(VAULT, { name: "shop" });
  const role = cloud.create("aws:iam/role:Role", { name: "backup", assumeRolePolicy: trust(service) });
  const plan = (rule: Props = {}) => cloud.create(PLAN, { name: "shop", rules: [{ ...NIGHTLY, ...rule }] });
  return { cloud, vault, plan, iamRoleArn: role.outputs.arn };
}

test("a vault's name is taken once in a region", () => {
  const { cloud, vault } = vaults();
  assert.equal(vault.outputs.arn, `arn:aws:backup:eu-west-3:${ACCOUNT}:backup-vault:shop`);
  assert.throws(() => cloud.create(VAULT, { name: "shop" }, "b"), refusal("AlreadyExistsException"));
  cloud.create(VAULT, { name: "shop", region: "eu-central-1" }, "c");
});

test("a vault with recovery points is kept, unless forceDestroy, and always under a lock", () => {
  const { cloud, vault } = vaults();
  vault.contents = { recoveryPoints: ["one"] };
  assert.throws(() => cloud.remove(vault), refusal("InvalidRequestException", /1 recovery/));
  cloud.update(vault, { forceDestroy: true });
  const lock = cloud.create(LOCK, { backupVaultName: "shop", minRetentionDays: 7 });
  assert.throws(() => cloud.remove(vault), refusal("InvalidRequestException", /locked/));
  cloud.remove(lock);
  cloud.remove(vault);
});

test("a lock with a date cannot be removed after that date", () => {
  const { cloud } = vaults();
  const lock = cloud.create(LOCK, { backupVaultName: "shop", changeableForDays: 3 });
  cloud.now = "2026-11-26T00:00:00.000Z";
  assert.throws(() => cloud.remove(lock), refusal("InvalidRequestException", /immutable/));
});

test("a plan needs its vault, and the vault that it copies to", () => {
  const { cloud, plan } = vaults();
  assert.throws(() => plan({ targetVaultName: "none" }), refusal("ResourceNotFoundException", /none/));
  const destinationVaultArn = `arn:aws:backup:eu-central-1:${ACCOUNT}:backup-vault:copy`;
  const copy = { copyActions: [{ destinationVaultArn }] };
  assert.throws(() => plan(copy), refusal("ResourceNotFoundException", /copy/));
  cloud.create(VAULT, { name: "copy", region: "eu-central-1" }, "copy");
  plan(copy);
});

test("a plan's schedule, zone, window and life cycle are possible", () => {
  const { plan } = vaults();
  const refused = (words: RegExp) => refusal("InvalidParameterValueException", words);
  assert.throws(() => plan({ schedule: "cron(7 3 * * *)" }), refused(/5 fields/));
  assert.throws(() => plan({ scheduleExpressionTimezone: "Mars" }), refused(/Mars/));
  assert.throws(() => plan({ startWindow: 30 }), refused(/60 minutes/));
  assert.throws(
    () => plan({ lifecycle: { coldStorageAfter: 30, deleteAfter: 60 } }),
    refused(/120 at least/),
  );
});

test("a plan with selections is kept", () => {
  const { cloud, plan, iamRoleArn } = vaults();
  const made = plan();
  cloud.create(SELECTION, { planId: made.id, iamRoleArn, name: "data" });
  assert.throws(() => cloud.remove(made), refusal("InvalidRequestException"));
});

test("a selection needs a plan, and a role that the service can assume", () => {
  const { cloud, iamRoleArn } = vaults();
  const none = { planId: "none", iamRoleArn, name: "data" };
  assert.throws(() => cloud.create(SELECTION, none), refusal("InvalidParameterValueException", /none/));
  const wrong = vaults("ecs.amazonaws.com");
  const inputs = { planId: wrong.plan().id, iamRoleArn: wrong.iamRoleArn, name: "data" };
  assert.throws(
    () => wrong.cloud.create(SELECTION, inputs),
    refusal("InvalidParameterValueException", /assumed/),
  );
});

test("a plan has one selection of a name", () => {
  const { cloud, plan, iamRoleArn } = vaults();
  const inputs = { planId: plan().id, iamRoleArn, name: "data" };
  cloud.create(SELECTION, inputs);
  assert.throws(() => cloud.create(SELECTION, inputs, "b"), refusal("AlreadyExistsException"));
});

test("settings of a vault that does not exist, and policies that are none, are refused", () => {
  const { cloud } = vaults();
  const notify = (inputs: Props) => () =>
    cloud.create("aws:backup/vaultNotifications:VaultNotifications", inputs);
  assert.throws(notify({ backupVaultName: "none" }), refusal("ResourceNotFoundException"));
  const policy = { backupVaultName: "shop", policy: "no" };
  const create = () => cloud.create("aws:backup/vaultPolicy:VaultPolicy", policy);
  assert.throws(create, refusal("InvalidParameterValueException"));
});
