import assert from "node:assert/strict";
import { test } from "node:test";
import { published, read, registryOf, smtpSecretOf, webhookSecretOf } from "./variables";

test("a key with hyphens becomes a name that GitHub takes", () => {
  assert.equal(registryOf("back-office"), "REGISTRY_BACK_OFFICE");
  assert.equal(webhookSecretOf("sandbox"), "NOTICE_WEBHOOK_SANDBOX");
  assert.equal(smtpSecretOf("sandbox"), "NOTICE_SMTP_SANDBOX");
  assert.equal(read("REGISTRY_WEB"), ["$", "{{ vars.REGISTRY_WEB }}"].join(""));
});

test("what an environment publishes carries its name", () => {
  const { region, role, registryOf: of } = published("sandbox");
  assert.deepEqual(
    [region, role, of("back-office")],
    ["SANDBOX_AWS_REGION", "SANDBOX_READER_ROLE_ARN", "SANDBOX_REGISTRY_BACK_OFFICE"],
  );
});
