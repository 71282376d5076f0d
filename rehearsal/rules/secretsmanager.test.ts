import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeCloud, refusal } from "./context.test-helper";
import { rules, unreadable } from "./secretsmanager";

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const VALUE = JSON.stringify({ current: "one" });

function vault(inputs = {}) {
  const cloud = new FakeCloud(rules);
  return { cloud, secret: cloud.create(SECRET, { name: "shop/key", ...inputs }) };
}

test("a secret's ARN ends in six characters of AWS's own, and its name does not", () => {
  const { secret } = vault();
  assert.match(
    String(secret.outputs.arn),
    /^arn:aws:secretsmanager:eu-west-3:111122223333:secret:shop\/key-\w{6}$/,
  );
  assert.equal(secret.outputs.name, "shop/key");
});

test("a name in use is refused", () => {
  assert.throws(
    () => vault().cloud.create(SECRET, { name: "shop/key" }, "b"),
    refusal("ResourceExistsException"),
  );
});

test("a deleted name stays reserved for the recovery window, by the clock", () => {
  const { cloud, secret } = vault({ recoveryWindowInDays: 7 });
  cloud.remove(secret);
  const again = () => cloud.create(SECRET, { name: "shop/key" }, "b");
  cloud.now = "2026-11-29T11:00:00.000Z";
  assert.throws(again, refusal("InvalidRequestException", /2026-11-29T12:00/));
  cloud.now = "2026-11-29T13:00:00.000Z";
  again();
});

test("with a recovery window of 0 the name is free at once", () => {
  const { cloud, secret } = vault({ recoveryWindowInDays: 0 });
  cloud.remove(secret);
  cloud.create(SECRET, { name: "shop/key" });
});

test("a version needs its secret, and one value", () => {
  const { cloud, secret } = vault();
  const put = (inputs: object) => () => cloud.create(VERSION, { ...inputs });
  assert.throws(put({ secretId: "none", secretString: VALUE }), refusal("ResourceNotFoundException"));
  assert.throws(put({ secretId: secret.id }), refusal("InvalidParameterException"));
  cloud.remove(secret);
  assert.throws(
    put({ secretId: secret.id, secretString: VALUE }),
    refusal("InvalidRequestException", /deletion/),
  );
});

test("a new version takes AWSCURRENT, the one before becomes AWSPREVIOUS", () => {
  const { cloud, secret } = vault();
  const first = cloud.create(VERSION, { secretId: secret.id, secretString: VALUE }, "a");
  const second = cloud.create(VERSION, { secretId: secret.id, secretString: VALUE }, "b");
  assert.deepEqual(first.outputs.versionStages, ["AWSPREVIOUS"]);
  assert.deepEqual(second.outputs.versionStages, ["AWSCURRENT"]);
});

test("what is only written is never given back", () => {
  const { cloud, secret } = vault();
  const inputs = { secretId: secret.id, secretStringWo: VALUE, secretStringWoVersion: 1 };
  assert.equal(cloud.create(VERSION, inputs).outputs.secretStringWo, undefined);
});

test("a reference says why it cannot be read, without the value", () => {
  const { cloud, secret } = vault();
  const ctx = cloud.context(SECRET, "x", {});
  assert.match(unreadable(ctx, secret.id) ?? "", /no version AWSCURRENT/);
  const version = cloud.create(VERSION, { secretId: secret.id, secretString: VALUE });
  assert.equal(unreadable(ctx, `${secret.id}:current::${version.outputs.versionId}`), undefined);
  assert.match(unreadable(ctx, `${secret.id}:other::`) ?? "", /no JSON key "other"/);
  assert.match(unreadable(ctx, `${secret.id}x`) ?? "", /does not exist/);
});

test("a policy that is no policy is refused", () => {
  const { cloud, secret } = vault();
  const inputs = { secretArn: secret.id, policy: "{}" };
  const create = () => cloud.create("aws:secretsmanager/secretPolicy:SecretPolicy", inputs);
  assert.throws(create, refusal("MalformedPolicyDocumentException"));
});
