import assert from "node:assert/strict";
import { test } from "node:test";
import type * as pulumi from "@pulumi/pulumi";
import { Balancer, type BalancerArgs } from "./balancer";
import { ofType, record } from "./recorder";

const args: BalancerArgs = {
  scope: { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" },
  subnetIds: ["subnet-a", "subnet-b"],
  securityGroupId: "sg-balancer",
  certificateArn: "arn:aws:acm:eu-west-3:222222222222:certificate/1",
  deletionProtection: true,
};
const declare = (more: Partial<BalancerArgs> = {}) =>
  record(() => new Balancer("balancer", { ...args, ...more }));
const balancerOf = async (more: Partial<BalancerArgs> = {}) =>
  ofType(await declare(more), "aws:lb/loadBalancer:LoadBalancer").balancer;

test("a balancer is one public load balancer with one listener, on 443", async () => {
  const recorded = await declare();
  assert.deepEqual(
    recorded.map(({ type, name }) => [type, name]),
    [
      ["aws:lb/loadBalancer:LoadBalancer", "balancer"],
      ["aws:lb/listener:Listener", "balancer-https"],
    ],
  );
  const balancer = await balancerOf();
  assert.deepEqual([balancer?.internal, balancer?.loadBalancerType], [false, "application"]);
  assert.deepEqual(balancer?.subnets, ["subnet-a", "subnet-b"]);
  assert.deepEqual(balancer?.securityGroups, ["sg-balancer"]);
});

test("what no process has claimed is answered 403, under TLS 1.2 or newer", async () => {
  const listener = ofType(await declare(), "aws:lb/listener:Listener")["balancer-https"];
  assert.deepEqual([listener?.port, listener?.protocol], [443, "HTTPS"]);
  assert.match(String(listener?.sslPolicy), /TLS13-1-2/);
  assert.equal(listener?.certificateArn, args.certificateArn);
  assert.deepEqual(listener?.defaultActions, [
    {
      type: "fixed-response",
      fixedResponse: { statusCode: "403", contentType: "text/plain", messageBody: "Forbidden" },
    },
  ]);
});

test("headers that could be read in two ways are dropped", async () => {
  const balancer = await balancerOf();
  assert.equal(balancer?.dropInvalidHeaderFields, true);
  assert.equal(balancer?.desyncMitigationMode, "defensive");
});

for (const deletionProtection of [true, false])
  test(`deletion protection is ${deletionProtection} where the posture says so`, async () => {
    assert.equal((await balancerOf({ deletionProtection }))?.enableDeletionProtection, deletionProtection);
  });

test("a connection may be silent for a minute, or as long as asked", async () => {
  assert.equal((await balancerOf())?.idleTimeout, 60);
  assert.equal((await balancerOf({ idleTimeout: 3600 }))?.idleTimeout, 3600);
});

test("access logs are written only where a bucket is given", async () => {
  assert.equal((await balancerOf())?.accessLogs, undefined);
  assert.deepEqual((await balancerOf({ logBucket: "logs" }))?.accessLogs, {
    enabled: true,
    bucket: "logs",
    prefix: "balancer",
  });
});

test("the outputs are those of the listener and the balancer", async () => {
  let balancer: Balancer | undefined;
  await record(
    () => {
      balancer = new Balancer("balancer", args);
    },
    (type) =>
      type.includes("loadBalancer")
        ? { dnsName: "b.elb.example", arnSuffix: "app/b/1" }
        : { arn: "arn:listener" },
  );
  const value = (output: pulumi.Output<string> | undefined) =>
    (output as unknown as { promise(): Promise<string> }).promise();
  assert.equal(await value(balancer?.dnsName), "b.elb.example");
  assert.equal(await value(balancer?.arnSuffix), "app/b/1");
  assert.equal(await value(balancer?.listenerArn), "arn:listener");
});
