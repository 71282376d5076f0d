import assert from "node:assert/strict";
import { test } from "node:test";
import { databaseAlarms, memoryOf } from "./database-alarms";

const GIB = 2 ** 30;
const of = (size: string, storage = 20) => databaseAlarms({ identifier: "shop-prod-main", storage, size });

for (const [size, memory] of [
  ["db.t4g.micro", 1],
  ["db.t4g.small", 2],
  ["db.t4g.medium", 4],
  ["db.t4g.large", 8],
  ["db.t4g.xlarge", 16],
  ["db.m7g.large", 8],
  ["db.m7g.4xlarge", 64],
  ["db.r7g.large", 16],
  ["db.r8g.16xlarge", 512],
  ["db.m9g.metal", 1],
] as const)
  test(`a ${size} counts as ${memory} GiB`, () => assert.equal(memoryOf(size), memory));

test("only classes that save up CPU credits are watched for them", () => {
  assert.ok("credits" in of("db.t4g.micro"));
  assert.ok(!("credits" in of("db.m7g.large")));
  assert.ok(!("credits" in of("db.r7g.large")));
});

test("a new machine, which has no credits yet, is not told of", () => {
  const { credits } = of("db.t4g.micro");
  const hours = ((credits?.period ?? 0) * (credits?.periods ?? 0)) / 3600;
  const earned = 12 * (hours - 1);
  assert.ok(credits !== undefined && "below" in credits.beyond && earned > credits.beyond.below);
  assert.equal(credits.statistic, "Maximum");
});

test("the disk is told when it stays below a tenth, longer than it takes to grow", () => {
  const { storage } = of("db.t4g.micro", 100);
  assert.deepEqual(storage?.beyond, { below: 10 * GIB });
  assert.equal((storage?.period ?? 0) * (storage?.periods ?? 0), 1800);
});

test("connections are told before the class has none left", () => {
  assert.deepEqual(of("db.t4g.micro").connections?.beyond, { above: 51 });
  assert.deepEqual(of("db.r7g.large").connections?.beyond, { above: 819 });
});

test("every alarm is about this instance", () => {
  for (const { dimensions, namespace } of Object.values(of("db.t4g.micro"))) {
    assert.equal(namespace, "AWS/RDS");
    assert.deepEqual(dimensions, { DBInstanceIdentifier: "shop-prod-main" });
  }
});
