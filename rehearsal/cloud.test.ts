import assert from "node:assert/strict";
import { test } from "node:test";
import { Cloud } from "./cloud";
import { CreatedButFailed, Killed } from "./faults";
import { CloudRefusal, type Props } from "./types";
import { worldFor } from "./world";

const LABEL = "github:index/issueLabel:IssueLabel";
const BUCKET = "aws:s3/bucket:Bucket";
const ACCOUNT = "111122223333";
const WORLD = worldFor({
  repositories: ["acme/shop"],
  users: ["ada"],
  databases: { legacy: { inputs: { identifier: "legacy" }, outputs: { identifier: "legacy", port: 3306 } } },
});

function ask(type: string, name: string, account = ACCOUNT) {
  return { type, urn: `urn:pulumi:test::test::${type}::${name}`, account };
}

/** Checks and creates, as an engine does. */
function create(cloud: Cloud, type: string, news: Props, name = "main", account = ACCOUNT) {
  const { inputs } = cloud.check({ ...ask(type, name), news });
  return { ...cloud.create({ ...ask(type, name, account), inputs }), inputs };
}

const label = (name: string) => ({ repository: "shop", name, color: "ff0000" });

test("what is created can be read, changed and deleted", () => {
  const cloud = Cloud.empty(WORLD);
  const { id } = create(cloud, LABEL, label("drift"));
  const inputs = { ...label("drift"), color: "00ff00" };
  cloud.update({ ...ask(LABEL, "main"), id, inputs });
  assert.equal(cloud.read({ type: LABEL, id, account: ACCOUNT })?.inputs.color, "00ff00");
  cloud.remove({ ...ask(LABEL, "main"), id });
  assert.equal(cloud.read({ type: LABEL, id, account: ACCOUNT }), undefined);
  cloud.remove({ ...ask(LABEL, "main"), id });
});

test("an update of what is gone is refused", () => {
  const cloud = Cloud.empty(WORLD);
  const update = () => cloud.update({ ...ask(LABEL, "main"), id: "none-such", inputs: label("a") });
  assert.throws(update, (e) => e instanceof CloudRefusal && e.code === "NotFound");
});

test("AWS accounts do not see each other, the other packages are everybody's", () => {
  const cloud = Cloud.empty(WORLD);
  const bucket = create(cloud, BUCKET, {});
  assert.equal(cloud.read({ type: BUCKET, id: bucket.id, account: "444455556666" }), undefined);
  const { id } = create(cloud, LABEL, label("drift"));
  assert.ok(cloud.read({ type: LABEL, id, account: "444455556666" }));
});

test("a copy may be changed without the original", () => {
  const cloud = Cloud.empty(WORLD);
  const copy = cloud.copy();
  create(copy, LABEL, label("drift"));
  copy.clock.advance({ days: 1 });
  assert.equal(cloud.objects().length, 0);
  assert.notEqual(cloud.clock.now, copy.clock.now);
});

test("the state is plain JSON, and a cloud goes on from it", () => {
  const cloud = Cloud.empty(WORLD);
  create(cloud, BUCKET, {});
  const again = new Cloud(JSON.parse(JSON.stringify(cloud.state)));
  assert.deepEqual(again.objects(), cloud.objects());
});

test("two rehearsals of the same program have the same ids and names", () => {
  const made = () => {
    const cloud = Cloud.empty(WORLD);
    return [create(cloud, BUCKET, {}), create(cloud, BUCKET, {}, "other")];
  };
  assert.deepEqual(made(), made());
});

test("a replacement stands beside what it replaces under another name", () => {
  const cloud = Cloud.empty(WORLD);
  const first = create(cloud, BUCKET, {});
  const second = create(cloud, BUCKET, {});
  assert.notEqual(first.inputs.bucket, second.inputs.bucket);
  assert.equal(cloud.objects(BUCKET).length, 2);
});

test("a renamed resource keeps its automatic name", () => {
  const cloud = Cloud.empty(WORLD);
  const { inputs, id } = create(cloud, BUCKET, {}, "media");
  const renamed = cloud.check({ ...ask(BUCKET, "uploads"), olds: inputs, news: {} }).inputs;
  assert.deepEqual(renamed, inputs);
  const news = { ...renamed, objectLockEnabled: true };
  assert.equal(cloud.diff({ type: BUCKET, id, olds: inputs, news }).deleteBeforeReplace, false);
});

test("a fault that fails leaves nothing behind, and strikes once", () => {
  const cloud = Cloud.empty(WORLD);
  cloud.faults.push({ type: LABEL, nth: 2, kind: "fail" });
  create(cloud, LABEL, label("a"), "a");
  assert.throws(() => create(cloud, LABEL, label("b"), "b"), /InternalFailure/);
  create(cloud, LABEL, label("b"), "b");
  assert.equal(cloud.objects(LABEL).length, 2);
});

test("a time-out and a kill leave an object of which nobody knows", () => {
  const cloud = Cloud.empty(WORLD);
  cloud.faults.push({ type: LABEL, nth: 1, kind: "timeout" }, { type: LABEL, nth: 2, kind: "kill" });
  assert.throws(() => create(cloud, LABEL, label("a"), "a"), /RequestTimeout/);
  assert.throws(() => create(cloud, LABEL, label("b"), "b"), Killed);
  assert.equal(cloud.objects(LABEL).length, 2);
});

test("a create that fails after the object came to be says under which id", () => {
  const failed = new CreatedButFailed(new CloudRefusal("Slow", "no answer"), "id-1", {});
  assert.equal(failed.message, "Slow: no answer");
  assert.equal(failed.id, "id-1");
});

test("the clock goes forward only", () => {
  const { clock } = Cloud.empty(WORLD);
  clock.set("2026-12-01T00:00:00Z");
  clock.advance({ hours: 1, minutes: 30 });
  assert.equal(clock.now, "2026-12-01T01:30:00.000Z");
  assert.throws(() => clock.set("2026-11-01T00:00:00Z"), /cannot go back/);
  assert.throws(() => clock.set("tomorrow"), /ISO 8601/);
});

test("what existed before can be adopted by its id", () => {
  const cloud = Cloud.empty(WORLD);
  const read = cloud.read({ type: "aws:rds/instance:Instance", id: "legacy", account: ACCOUNT });
  assert.equal(read?.outputs.port, 3306);
  const repository = cloud.read({ type: "github:index/repository:Repository", id: "shop", account: ACCOUNT });
  assert.equal(repository?.outputs.fullName, "acme/shop");
});

test("functions are answered, an unknown one is an error", () => {
  const cloud = Cloud.empty(WORLD);
  const invoke = (token: string, args: Props = {}) => cloud.invoke({ token, args, account: ACCOUNT });
  assert.equal(invoke("aws:index/getCallerIdentity:getCallerIdentity").accountId, ACCOUNT);
  assert.equal(invoke("aws:index/getRegion:getRegion").region, "eu-west-3");
  assert.equal(invoke("github:index/getUser:getUser", { username: "ada" }).id, String(WORLD.users.ada?.id));
  assert.throws(() => invoke("github:index/getUser:getUser", { username: "eve" }), /no user eve/);
  assert.equal(invoke("aws:rds/getInstance:getInstance", { dbInstanceIdentifier: "legacy" }).port, 3306);
  assert.ok(Array.isArray(invoke("cloudflare:index/getIpRanges:getIpRanges").ipv4Cidrs));
  assert.throws(() => invoke("aws:index/getZones:getZones"), /unknown function/);
});

test("a type without facts is never a silent yes", () => {
  const cloud = Cloud.empty(WORLD);
  assert.throws(() => cloud.create({ ...ask("aws:sqs/quu:Quu", "a"), inputs: {} }), /unknown type/);
  assert.throws(() => cloud.read({ type: "aws:sqs/quu:Quu", id: "a", account: ACCOUNT }), /unknown type/);
});
