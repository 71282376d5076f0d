import assert from "node:assert/strict";
import { test } from "node:test";
import { diff } from "./diff";
import { type Props, UNKNOWN } from "./types";

const INSTANCE = "aws:rds/instance:Instance";

function between(type: string, olds: Props, news: Props, ignoreChanges: string[] = [], autonamed = false) {
  return diff({ type, olds, news, ignoreChanges, autonamed: () => autonamed });
}

test("nothing differs where null, a missing key or the order of keys is all there is", () => {
  const same = between(
    "aws:s3/bucket:Bucket",
    { tags: { a: "1", b: "2" }, acl: null },
    { tags: { b: "2", a: "1" } },
  );
  assert.deepEqual(same, { changed: [], replaces: [], deleteBeforeReplace: false });
});

test("a policy that is only written differently is the same", () => {
  const [a, b] = ['{"Version":"2012-10-17","Statement":[]}', '{ "Statement": [], "Version": "2012-10-17" }'];
  assert.deepEqual(between("aws:s3/bucketPolicy:BucketPolicy", { policy: a }, { policy: b }).changed, []);
});

test("a change in place names the property, and no replacement", () => {
  const d = between(INSTANCE, { allocatedStorage: 20 }, { allocatedStorage: 30 });
  assert.deepEqual([d.changed, d.replaces], [["allocatedStorage"], []]);
});

test("a change that replaces is named, also deep inside lists", () => {
  assert.deepEqual(between(INSTANCE, { engine: "mysql" }, { engine: "postgres" }).replaces, ["engine"]);
  const definition = (name: string) => ({ volumes: [{ name: "tmp" }, { name }] });
  const task = "aws:ecs/taskDefinition:TaskDefinition";
  assert.notEqual(between(task, definition("a"), definition("b")).replaces.length, 0);
});

test("ignored changes are none, the whole property or a path in it", () => {
  const rule = (weight: number) => ({ actions: [{ forward: { targetGroups: [{ weight }] } }], priority: 1 });
  const LISTENER_RULE = "aws:lb/listenerRule:ListenerRule";
  assert.deepEqual(between(LISTENER_RULE, rule(1), rule(0)).changed, ["actions"]);
  assert.deepEqual(between(LISTENER_RULE, rule(1), rule(0), ["actions"]).changed, []);
  const path = "actions[0].forward.targetGroups[0].weight";
  assert.deepEqual(between(LISTENER_RULE, rule(1), rule(0), [path]).changed, []);
});

test("a fixed name must go before its replacement can come, an automatic one not", () => {
  const [olds, news] = [
    { name: "web", port: 80 },
    { name: "web", port: 81 },
  ];
  const GROUP = "aws:lb/targetGroup:TargetGroup";
  assert.equal(between(GROUP, olds, news).deleteBeforeReplace, true);
  assert.equal(between(GROUP, olds, news, [], true).deleteBeforeReplace, false);
  assert.equal(between(GROUP, olds, { ...news, name: "web2" }).deleteBeforeReplace, false);
});

test("an attachment goes first: deleting it afterwards would take the new one along", () => {
  const d = between("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { role: "a" }, { role: "b" });
  assert.deepEqual(d, { changed: ["role"], replaces: ["role"], deleteBeforeReplace: true });
});

test("a secret's first value is an update, another value a replacement", () => {
  const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
  assert.deepEqual(between(VERSION, {}, { secretString: "a" }).replaces, []);
  assert.deepEqual(between(VERSION, { secretString: "a" }, { secretString: "b" }).replaces, ["secretString"]);
});

test("a rule that changes the kind of its source is replaced", () => {
  const RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
  assert.deepEqual(between(RULE, { cidrIpv4: "10.0.0.0/8" }, { cidrIpv4: "10.0.0.0/9" }).replaces, []);
  assert.deepEqual(between(RULE, { cidrIpv4: "10.0.0.0/8" }, { prefixListId: "pl-1" }).replaces, [
    "prefixListId",
  ]);
});

test("an unknown value differs from a known one", () => {
  assert.deepEqual(between(INSTANCE, { engine: "mysql" }, { engine: UNKNOWN }).replaces, ["engine"]);
});
