import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { DeploymentCheck, type DeploymentCheckArgs } from "./deployment-check";
import type { Verification } from "./passport";
import { ofType, record } from "./recorder";

const VERIFICATION: Verification = {
  at: "2026-11-22T12:00:00.000Z",
  urls: ["https://a.example/"],
  baked: [],
};
const LOOK = "aws:lambda/invocation:Invocation";

const args: DeploymentCheckArgs = {
  releaser: { functionName: pulumi.output("shop-prod-release") },
  sites: [{ name: "web_web", application: "web", host: "a.example", aliases: [], path: "/", login: false }],
  databases: [pulumi.output("shop-prod-main")],
  values: { web: { API_URL: "https://api.example", LANG: "fr", MEDIA: pulumi.output("media-0123456") } },
  runtimeScripts: { web: ["/env.js"] },
  migrated: pulumi.output([{ instance: "shop-prod-main", snapshot: "shop-prod-main-release-1" }]),
  deployed: { web: pulumi.output("0a1b2c3d"), web_web: pulumi.output("arn:definition:7") },
  after: [],
};

async function declared() {
  let verification: Verification | undefined;
  const recorded = await record(
    async () => {
      const check = new DeploymentCheck("verification", args);
      await new Promise<void>((done) => {
        check.verification.apply((found) => {
          verification = found;
          done();
        });
      });
    },
    (type) => (type === LOOK ? { result: JSON.stringify(VERIFICATION) } : {}),
  );
  return { verification, look: ofType(recorded, LOOK).verification };
}

test("each deployment is looked at anew: a new task definition or release key is a new look", async () => {
  const { look } = await declared();
  assert.deepEqual(look?.triggers, { web: "0a1b2c3d", web_web: "arn:definition:7" });
});

test("the function is told what to ask, and which values belong to this environment alone", async () => {
  const input = JSON.parse(String((await declared()).look?.input));
  assert.equal(input.do, "verify");
  assert.deepEqual(input.databases, ["shop-prod-main"]);
  // Two letters stand in every script.
  assert.deepEqual(input.values, { web: { API_URL: "https://api.example", MEDIA: "media-0123456" } });
  assert.deepEqual(input.runtimeScripts, { web: ["/env.js"] });
  assert.deepEqual(input.migrated, [{ instance: "shop-prod-main", snapshot: "shop-prod-main-release-1" }]);
});

test("what it found is what the passport carries", async () => {
  assert.deepEqual((await declared()).verification, VERIFICATION);
});
