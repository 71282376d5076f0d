import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCOUNT, FakeCloud, refusal } from "./context.test-helper";
import { rules } from "./kms";

const KEY = "aws:kms/key:Key";
const ALIAS = "aws:kms/alias:Alias";

function keys() {
  const cloud = new FakeCloud(rules);
  return { cloud, key: cloud.create(KEY, {}) };
}

test("a key's id is a UUID, an alias's ARN is its name", () => {
  const { cloud, key } = keys();
  assert.match(key.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  const alias = cloud.create(ALIAS, { name: "alias/shop", targetKeyId: key.id });
  assert.equal(alias.outputs.arn, `arn:aws:kms:eu-west-3:${ACCOUNT}:alias/shop`);
  assert.equal(alias.outputs.targetKeyArn, key.outputs.arn);
});

test("an alias is taken once in a region", () => {
  const { cloud, key } = keys();
  cloud.create(ALIAS, { name: "alias/shop", targetKeyId: key.id });
  const again = () => cloud.create(ALIAS, { name: "alias/shop", targetKeyId: key.id }, "b");
  assert.throws(again, refusal("AlreadyExistsException"));
  const far = cloud.create(KEY, { region: "eu-central-1" }, "far");
  cloud.create(ALIAS, { name: "alias/shop", targetKeyId: far.id, region: "eu-central-1" }, "c");
});

test("AWS's own aliases are not for us", () => {
  const { cloud, key } = keys();
  const create = () => cloud.create(ALIAS, { name: "alias/aws/x", targetKeyId: key.id });
  assert.throws(create, refusal("NotAuthorizedException"));
});

test("an alias needs a key that exists and is not on its way out", () => {
  const { cloud, key } = keys();
  const point = (targetKeyId: unknown) => () => cloud.create(ALIAS, { name: "alias/shop", targetKeyId });
  assert.throws(point("none"), refusal("NotFoundException"));
  cloud.remove(key);
  assert.throws(point(key.outputs.arn), refusal("KMSInvalidStateException", /pending/));
});

test("only symmetric keys rotate, and they only encrypt", () => {
  const { cloud } = keys();
  const create = (inputs: object) => () => cloud.create(KEY, { ...inputs }, "b");
  const rsa = { customerMasterKeySpec: "RSA_2048", keyUsage: "SIGN_VERIFY", enableKeyRotation: true };
  assert.throws(create(rsa), refusal("UnsupportedOperationException"));
  assert.throws(create({ keyUsage: "SIGN_VERIFY" }), refusal("ValidationException"));
  assert.throws(create({ policy: "no" }), refusal("MalformedPolicyDocumentException"));
});
