import assert from "node:assert/strict";
import { test } from "node:test";
import { Cluster } from "./cluster";
import { ofType, record } from "./recorder";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };

for (const [containerInsights, value] of [
  [true, "enabled"],
  [false, "disabled"],
  [undefined, "disabled"],
] as const)
  test(`container insights ${containerInsights} declares one cluster that says ${value}`, async () => {
    const recorded = await record(
      () =>
        new Cluster("cluster", { scope, ...(containerInsights === undefined ? {} : { containerInsights }) }),
    );
    assert.equal(recorded.length, 1);
    const cluster = ofType(recorded, "aws:ecs/cluster:Cluster").cluster;
    assert.equal(cluster?.name, "shop-prod");
    assert.deepEqual(cluster?.settings, [{ name: "containerInsights", value }]);
  });
