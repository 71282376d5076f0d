import assert from "node:assert/strict";
import { test } from "node:test";
import type { Props } from "../../rehearsal/types";
import { monthly } from "./cost";
import type { Seen } from "./planned";

const seen = (type: string, name: string, inputs: Props = {}): Seen => ({
  urn: `${type}::${name}`,
  type,
  name,
  inputs,
});
const database = (more: Props = {}) =>
  seen("aws:rds/instance:Instance", "main", {
    instanceClass: "db.t4g.micro",
    storageType: "gp3",
    allocatedStorage: 20,
    ...more,
  });
const month = (...all: Seen[]) => Math.round(monthly([], all).after * 100) / 100;

test("a database costs its size and storage, twice in two zones", () => {
  assert.equal(month(database()), 15.8);
  assert.equal(month(database({ multiAz: true })), 31.6);
});

test("a process costs its tasks and their addresses, whether its definition is known already or not", () => {
  const definition = seen("aws:ecs/taskDefinition:TaskDefinition", "web-task", {
    family: "f",
    cpu: "256",
    memory: "512",
  });
  const service = (taskDefinition: string, desiredCount: number) =>
    seen("aws:ecs/service:Service", "web", {
      taskDefinition,
      desiredCount,
      networkConfiguration: { assignPublicIp: true },
    });
  assert.equal(month(definition, service("arn:aws:ecs:r:1:task-definition/f:7", 1)), 12.3);
  assert.equal(month(definition, service("not known yet", 2)), 24.6);
  assert.equal(month(definition, service("not known yet", 0)), 0);
});

test("a price that is not known on one side is in neither sum, and is named", () => {
  const cost = monthly([database()], [database({ instanceClass: "db.r9g.huge" })]);
  assert.deepEqual([cost.before, cost.after, cost.open], [0, 0, ["Instance main"]]);
  assert.deepEqual(cost.unknown, ["Instance main"]);
});

test("what is paid by use is named, and in no sum", () => {
  const cost = monthly([], [seen("aws:s3/bucket:Bucket", "media")]);
  assert.deepEqual([cost.after, cost.unknown, cost.byUse], [0, [], ["Bucket"]]);
});

test("a type that nobody has thought of has no known price", () => {
  assert.deepEqual(monthly([], [seen("aws:new/thing:Thing", "x")]).unknown, ["Thing x"]);
});
