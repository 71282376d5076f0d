import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { application } from "../config/schema/application";
import { rulePriorities } from "./priorities";
import { Process, type ProcessArgs } from "./process";
import { ofType, record } from "./recorder";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };
const routes = ["web_site", "web_site www.shop.example.org", "web_site old.example.org"];

function args(settings: object, more: Partial<ProcessArgs> = {}): ProcessArgs {
  const { site } = application.parse({ processes: { site: settings } }).processes;
  return {
    scope,
    application: "web",
    key: "site",
    settings: site as ProcessArgs["settings"],
    enabled: true,
    released: true,
    image: "image",
    environment: { variables: {}, secrets: {} },
    executionRoleArn: "arn:execution",
    taskRoleArn: "arn:task",
    clusterArn: "arn:cluster",
    clusterName: "shop-prod",
    vpcId: "vpc-1",
    subnetIds: ["subnet-1", "subnet-2"],
    assignPublicIp: true,
    securityGroupId: "sg-1",
    listenerArn: "arn:listener",
    originKey: pulumi.secret("between edge and origin"),
    routes,
    logDays: 30,
    ...more,
  };
}

async function declared(settings: object, more: Partial<ProcessArgs> = {}) {
  const recorded = await record(() => new Process("web_site", args(settings, more)));
  const service = ofType(recorded, "aws:ecs/service:Service").web_site;
  return { recorded, service, types: recorded.map(({ type }) => type.split(":").at(-1)).sort() };
}

test("a worker is a service and its task: no target group, no rule, no scaling", async () => {
  const { service, types } = await declared({ count: 2 });
  assert.deepEqual(types, ["LogGroup", "Service", "TaskDefinition"]);
  assert.equal(service?.name, "shop-prod-web_site");
  assert.equal(service?.desiredCount, 2);
  assert.equal(service?.launchType, "FARGATE");
  assert.equal(service?.platformVersion, "LATEST");
  assert.equal(service?.waitForSteadyState, true);
  assert.deepEqual(service?.deploymentCircuitBreaker, { enable: true, rollback: true });
  assert.deepEqual(service?.networkConfiguration, {
    subnets: ["subnet-1", "subnet-2"],
    securityGroups: ["sg-1"],
    assignPublicIp: true,
  });
  assert.equal(service?.loadBalancers, undefined);
  assert.equal(service?.healthCheckGracePeriodSeconds, undefined);
});

test("where its data was migrated, a version that fails is held and not rolled back", async () => {
  const { service } = await declared({}, { migrated: pulumi.output(true) });
  assert.deepEqual(service?.deploymentCircuitBreaker, { enable: true, rollback: false });
});

test("a host gives a health-checked target group and a rule that asks for the origin key", async () => {
  const { recorded, service, types } = await declared({
    host: "shop.example.org",
    port: 8080,
    healthPath: "/up",
    stopTimeout: "90s",
  });
  assert.deepEqual(types, ["ListenerRule", "LogGroup", "Service", "TargetGroup", "TaskDefinition"]);
  const group = ofType(recorded, "aws:lb/targetGroup:TargetGroup")["web_site-target"];
  assert.equal(group?.targetType, "ip");
  assert.equal(group?.port, 8080);
  assert.equal(group?.deregistrationDelay, 90);
  const check = group?.healthCheck as { path: string } | undefined;
  assert.equal(check?.path, "/up");
  assert.match(group?.name as string, /^[0-9A-Za-z][0-9A-Za-z-]{0,30}[0-9A-Za-z]$/);
  assert.deepEqual(service?.loadBalancers, [
    {
      targetGroupArn: "arn:aws:test:eu-west-3:111111111111:web_site-target",
      containerName: "app",
      containerPort: 8080,
    },
  ]);
  const rule = ofType(recorded, "aws:lb/listenerRule:ListenerRule")["web_site-rule"];
  assert.equal(rule?.priority, rulePriorities(routes).web_site);
  const conditions = JSON.stringify(rule?.conditions);
  assert.match(conditions, /"hostHeader":\{"values":\["shop.example.org"\]\}/);
  assert.match(conditions, /"httpHeaderName":"X-Origin-Key","values":\[.*between edge and origin/);
});

test("the origin key stays a secret in every rule", async () => {
  const { recorded } = await declared({ host: "shop.example.org", aliases: ["www.shop.example.org"] });
  const rules = Object.values(ofType(recorded, "aws:lb/listenerRule:ListenerRule"));
  assert.equal(rules.length, 2);
  for (const { conditions } of rules)
    assert.match(JSON.stringify(conditions), /"secret":.*between edge and origin/);
});

test("aliases are permanent redirects to the host, each at its own priority and behind the origin key", async () => {
  const { recorded } = await declared({
    host: "shop.example.org",
    aliases: ["www.shop.example.org", "old.example.org"],
  });
  const rules = ofType(recorded, "aws:lb/listenerRule:ListenerRule");
  const alias = rules["web_site-alias-www.shop.example.org"];
  assert.deepEqual(alias?.actions, [
    {
      type: "redirect",
      redirect: {
        host: "shop.example.org",
        protocol: "HTTPS",
        port: "443",
        path: "/#{path}",
        query: "#{query}",
        statusCode: "HTTP_301",
      },
    },
  ]);
  assert.match(JSON.stringify(alias?.conditions), /X-Origin-Key/);
  assert.equal(new Set(Object.values(rules).map(({ priority }) => priority)).size, 3);
});

test("a new port makes a target group with a new name, so that both can stand for a while", async () => {
  const name = async (port: number) => {
    const { recorded } = await declared({ host: "shop.example.org", port });
    return ofType(recorded, "aws:lb/targetGroup:TargetGroup")["web_site-target"]?.name;
  };
  assert.notEqual(await name(8000), await name(8001));
});

test("exactly one: the old one ends before the new one starts, and nothing starts a second", async () => {
  const once = (await declared({ exactlyOne: true })).service;
  assert.equal(once?.deploymentMinimumHealthyPercent, 0);
  assert.equal(once?.deploymentMaximumPercent, 100);
  assert.equal(once?.availabilityZoneRebalancing, "DISABLED");
  const other = (await declared({})).service;
  assert.equal(other?.deploymentMinimumHealthyPercent, 100);
  assert.equal(other?.deploymentMaximumPercent, 200);
});

const scaled = { autoscale: { min: 2, max: 6, cpuPercent: 55 } };

test("autoscaling holds the CPU between the two counts, and its count starts at the least", async () => {
  const { recorded, service } = await declared(scaled);
  const target = ofType(recorded, "aws:appautoscaling/target:Target")["web_site-scaling"];
  assert.equal(target?.resourceId, "service/shop-prod/shop-prod-web_site");
  assert.deepEqual([target?.minCapacity, target?.maxCapacity], [2, 6]);
  assert.equal(service?.desiredCount, 2);
  const policy = ofType(recorded, "aws:appautoscaling/policy:Policy")["web_site-scaling-cpu"];
  const tracking = policy?.targetTrackingScalingPolicyConfiguration as { targetValue: number } | undefined;
  assert.equal(policy?.policyType, "TargetTrackingScaling");
  assert.equal(tracking?.targetValue, 55);
});

for (const [what, settings, ignored] of [
  ["an autoscaled process's count is left to the load", scaled, ["desiredCount"]],
  ["a fixed count is set back to what is declared", { count: 2 }, []],
  ["asleep, it is left to the bounds of the load", { ...scaled, count: 0 }, ["desiredCount"]],
] as const)
  test(what, async () => {
    const seen: unknown[] = [];
    const watch: pulumi.ResourceTransformation = ({ type, opts }) => {
      if (type === "aws:ecs/service:Service") seen.push((opts as pulumi.CustomResourceOptions).ignoreChanges);
      return undefined;
    };
    await record(() => new Process("web_site", args(settings), { transformations: [watch] }));
    assert.deepEqual(seen, [ignored]);
  });

for (const [why, settings, more] of [
  ["there is no release", scaled, { released: pulumi.output(false) }],
  ["count is 0", { ...scaled, count: 0 }, {}],
  ["it is not enabled", scaled, { enabled: false }],
] as const)
  test(`when ${why}, an autoscaled process is held at 0 by its target`, async () => {
    const { recorded, service } = await declared(settings, more);
    const target = ofType(recorded, "aws:appautoscaling/target:Target")["web_site-scaling"];
    assert.deepEqual([service?.desiredCount, target?.minCapacity, target?.maxCapacity], [0, 0, 0]);
  });

test("when it is not enabled, a process of fixed count stands at 0", async () => {
  const { service, types } = await declared({ count: 2 }, { enabled: false });
  assert.equal(service?.desiredCount, 0);
  assert.deepEqual(types, ["LogGroup", "Service", "TaskDefinition"]);
});

for (const [what, settings, message] of [
  [
    "exactly one with two",
    { exactlyOne: true, count: 2 },
    /"site" of "web" is exactlyOne and may run 2 times/,
  ],
  ["aliases without a host", { aliases: ["a.example.org"] }, /aliases \(a.example.org\) and no host/],
  [
    "an alias that the environment does not list",
    { host: "shop.example.org", aliases: ["other.org"] },
    /"web_site other.org" is not among.*www.shop.example.org/,
  ],
] as const)
  test(`${what} is refused with its remedy`, async () => {
    await record(() => assert.throws(() => new Process("web_site", args(settings)), message));
  });
