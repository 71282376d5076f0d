import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { DemoData } from "./demo-data";
import { ofType, record } from "./recorder";
import type { Task } from "./task";

test("demonstration data is loaded by an input that changes with the database's life alone", async () => {
  const recorded = await record(
    () => {
      const command = new pulumi.ComponentResource("test:Task", "web-demo") as Task;
      Object.assign(command, {
        family: "shop-sandbox-demo-web",
        logGroupName: "/shop/sandbox/web/task/demo",
      });
      new DemoData("web-demo-data", {
        application: "web",
        databases: { main: { identifier: "shop-sandbox-main", life: "db-MAIN" } },
        command,
        releaser: { functionName: pulumi.output("shop-sandbox-release") },
        after: [],
      });
    },
    () => ({ hex: "0a1b2c3d" }),
  );
  const { keepers } = ofType(recorded, "random:index/randomId:RandomId")["web-demo-data-key"] ?? {};
  assert.deepEqual(keepers, { main: "db-MAIN" });
  const run = ofType(recorded, "aws:lambda/invocation:Invocation")["web-demo-data-run"];
  assert.equal(run?.functionName, "shop-sandbox-release");
  assert.deepEqual(JSON.parse(String(run?.input)), {
    do: "demo",
    application: "web",
    key: "0a1b2c3d",
    taskDefinition: "shop-sandbox-demo-web",
    logGroup: "/shop/sandbox/web/task/demo",
  });
});
