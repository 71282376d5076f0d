import assert from "node:assert/strict";
import { test } from "node:test";
import type { Step } from "../rehearsal/run-types";
import { EngineLog } from "./engine-events";

const urn = (type: string, name: string) => `urn:pulumi:sandbox::shop::${type}::${name}`;
const urnIn = (stack: string, type: string, name: string) => `urn:pulumi:${stack}::guarded::${type}::${name}`;

interface About {
  readonly type?: string;
  readonly old?: object;
  readonly new?: object;
  readonly diffs?: readonly string[];
  readonly keys?: readonly string[];
}

function metadata(op: string, name: string, { type = "aws:sns/topic:Topic", ...more }: About = {}) {
  return { op, urn: urn(type, name), type, ...more };
}

function follow(...events: readonly object[]) {
  const seen: Step[] = [];
  const log = new EngineLog(
    (step) => seen.push(step),
    (message) => message.trim(),
  );
  for (const event of events) assert.equal(log.take(JSON.stringify(event)), true);
  log.finish();
  assert.deepEqual(seen, log.steps);
  return log;
}

test("a step is what the engine has completed, with its reasons", () => {
  const update = metadata("update", "a", { diffs: ["name"], keys: ["name"], new: { id: "a-1" } });
  const { steps } = follow(
    { resourcePreEvent: { metadata: update } },
    { resOutputsEvent: { metadata: update } },
  );
  assert.deepEqual(steps, [
    {
      op: "update",
      urn: urn("aws:sns/topic:Topic", "a"),
      type: "aws:sns/topic:Topic",
      name: "a",
      changed: ["name"],
      replaces: ["name"],
      id: "a-1",
    },
  ]);
});

test("a component counts once, whether or not it registers outputs", () => {
  const one = metadata("create", "one", { type: "tandem:x:One" });
  const two = metadata("create", "two", { type: "tandem:x:Two" });
  const { steps } = follow(
    { resourcePreEvent: { metadata: one } },
    { resourcePreEvent: { metadata: two } },
    { resOutputsEvent: { metadata: one } },
    { resOutputsEvent: { metadata: one } },
  );
  assert.deepEqual(
    steps.map(({ name }) => name),
    ["one", "two"],
  );
});

test("what failed, or was only announced before a failure, is no step", () => {
  const bad = metadata("create", "bad");
  const { steps, failures } = follow(
    { resourcePreEvent: { metadata: bad } },
    { resourcePreEvent: { metadata: metadata("create", "waiting") } },
    { diagnosticEvent: { severity: "error", urn: bad.urn, message: "refused\n" } },
    { resOpFailedEvent: { metadata: bad } },
    { diagnosticEvent: { severity: "warning", message: "by the way\n" } },
    { diagnosticEvent: { severity: "error", message: "update failed\n" } },
  );
  assert.deepEqual(steps, []);
  assert.deepEqual(failures, [{ urn: bad.urn, message: "refused" }]);
});

/** As the engine wrote it. */
const VIOLATION = `{"sequence":22,"timestamp":1795375875,"policyEvent":{"resourceUrn":"urn:pulumi:prod::guarded::aws:rds/instance:Instance::database","message":"Refused, because a database that the internet reaches is attacked within minutes, and a leaked password is then enough.\\ndatabase (aws:rds/instance:Instance): the internet reaches it. Why it matters: a database that the internet reaches is attacked within minutes, and a leaked password is then enough. Remedy: set publiclyAccessible: false and reach it from a task.\\n","color":"never","policyName":"private-database","policyPackName":"tandem","policyPackVersion":"0.1.0","policyPackVersionTag":"0.1.0","enforcementLevel":"mandatory"}}`;

test("what breaks a policy is a failure in the policy's own words, and a warning where the policy only advises", () => {
  const words =
    "database (aws:rds/instance:Instance): the internet reaches it. Why it matters: a database that the internet " +
    "reaches is attacked within minutes, and a leaked password is then enough. Remedy: set publiclyAccessible: " +
    "false and reach it from a task.";
  const mandatory = JSON.parse(VIOLATION) as { policyEvent: object };
  const advisory = { policyEvent: { ...mandatory.policyEvent, enforcementLevel: "advisory" } };
  const { failures, warnings } = follow(mandatory, advisory);
  assert.deepEqual(failures, [
    { urn: urnIn("prod", "aws:rds/instance:Instance", "database"), message: words },
  ]);
  assert.deepEqual(warnings, [words]);
});

test("the engine's refusal to touch what is protected says what would be lost and how to mean it", () => {
  const urn = urnIn("prod", "aws:rds/instance:Instance", "database-main-instance");
  const message = `unable to replace resource "${urn}"\nas it is currently marked for protection.`;
  const { failures } = follow({ diagnosticEvent: { severity: "error", urn, message } });
  assert.match(failures[0]?.message ?? "", /^database main would be replaced .*what: databases\.main/);
});

test("a delete that leaves the object in place is a retain, a reference to a stack no step", () => {
  const kept = metadata("delete", "kept", { old: { id: "k", retainOnDelete: true } });
  const reference = metadata("read", "other", { type: "pulumi:pulumi:StackReference" });
  const { steps } = follow(
    { resOutputsEvent: { metadata: kept } },
    { resOutputsEvent: { metadata: reference } },
  );
  assert.deepEqual(
    steps.map(({ op, id }) => [op, id]),
    [["retain", "k"]],
  );
});

test("outputs are those of the stack, secret ones masked", () => {
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    ciphertext: "...",
  };
  const outputs = { url: "https://example.org", keys: { one: secret } };
  const stack = metadata("same", "shop-sandbox", { type: "pulumi:pulumi:Stack", new: { outputs } });
  const log = follow({ resOutputsEvent: { metadata: stack } });
  assert.deepEqual(log.outputs, { url: "https://example.org", keys: { one: "[secret]" } });
});

test("a line that is no event is left to others", () => {
  const log = new EngineLog(
    () => {},
    (message) => message,
  );
  assert.equal(log.take("Updating (sandbox):"), false);
});
