import assert from "node:assert/strict";
import { test } from "node:test";
import type { Props } from "../types";
import { ACCOUNT, EMPTY_WORLD, FakeCloud, refusal, trust } from "./context.test-helper";
import { rules as ecr } from "./ecr";
import { rules } from "./ecs";
import { rules as iam } from "./iam";
import { rules as lb } from "./lb";
import { rules as secrets } from "./secretsmanager";

const CLUSTER = "aws:ecs/cluster:Cluster";
const SERVICE = "aws:ecs/service:Service";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const LOGS = "aws:cloudwatch/logGroup:LogGroup";
const DIGEST = `sha256:${"a".repeat(64)}`;
const IMAGE = `${ACCOUNT}.dkr.ecr.eu-west-3.amazonaws.com/shop`;

/** A cluster in which everything is there that a task needs. */
function platform() {
  const cloud = new FakeCloud(
    { ...rules, ...ecr, ...iam, ...lb, ...secrets, [LOGS]: {}, "aws:ssm/parameter:Parameter": {} },
    { ...EMPTY_WORLD, images: { shop: [DIGEST] } },
  );
  const cluster = cloud.create(CLUSTER, { name: "shop" });
  const role = cloud.create("aws:iam/role:Role", {
    name: "run",
    assumeRolePolicy: trust("ecs-tasks.amazonaws.com"),
  });
  const logs = cloud.create(LOGS, { name: "/shop/web" });
  const repository = cloud.create("aws:ecr/repository:Repository", { name: "shop" });
  const secret = cloud.create(SECRET, { name: "key" });
  const value = { secretId: secret.id, secretString: JSON.stringify({ current: "one" }) };
  const version = cloud.create(VERSION, value);
  const define = (changes: Props = {}, container: Props = {}) =>
    cloud.create(TASK, {
      family: "web",
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: "256",
      memory: "512",
      executionRoleArn: role.outputs.arn,
      containerDefinitions: JSON.stringify([
        {
          name: "web",
          image: `${IMAGE}@${DIGEST}`,
          secrets: [{ name: "KEY", valueFrom: `${secret.id}:current::${version.outputs.versionId}` }],
          logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/shop/web" } },
          ...container,
        },
      ]),
      ...changes,
    });
  const serve = (changes: Props = {}, taskDefinition: unknown = define().id) =>
    cloud.create(SERVICE, {
      name: "web",
      cluster: cluster.id,
      taskDefinition,
      desiredCount: 2,
      networkConfiguration: { subnets: ["subnet-1", "subnet-2"], securityGroups: ["sg-1"] },
      waitForSteadyState: true,
      ...changes,
    });
  return { cloud, cluster, logs, repository, secret, version, define, serve };
}

test("a service runs its tasks in the subnets in turn", () => {
  const service = platform().serve();
  assert.equal(service.outputs.arn, `arn:aws:ecs:eu-west-3:${ACCOUNT}:service/shop/web`);
  const tasks = service.contents?.tasks as Props[];
  assert.deepEqual(
    tasks.map((task) => task.subnetId),
    ["subnet-1", "subnet-2"],
  );
  assert.match(String(tasks[0]?.taskDefinition), /task-definition\/web:1$/);
});

test("revisions of a family count up", () => {
  const { define } = platform();
  define();
  const second = define();
  assert.equal(second.outputs.revision, 2);
  assert.equal(second.outputs.arn, `arn:aws:ecs:eu-west-3:${ACCOUNT}:task-definition/web:2`);
  assert.equal(second.outputs.arnWithoutRevision, `arn:aws:ecs:eu-west-3:${ACCOUNT}:task-definition/web`);
});

test("a digest or tag that was not pushed stops the task, and who waits hears why", () => {
  for (const image of [`${IMAGE}@sha256:${"b".repeat(64)}`, `${IMAGE}:latest`]) {
    const { serve, define } = platform();
    const task = define({}, { image }).id;
    assert.throws(() => serve({}, task), refusal("ResourceNotReady", /CannotPullContainerError.*not pushed/));
  }
});

test("who does not wait gets a service without tasks, and the reason in its contents", () => {
  const { serve, define } = platform();
  const service = serve({ waitForSteadyState: false }, define({}, { image: `${IMAGE}:v1` }).id);
  assert.deepEqual(service.contents?.tasks, []);
  assert.match(String(service.contents?.stoppedReason), /CannotPullContainerError/);
});

test("an update that cannot start leaves the old tasks running", () => {
  const { cloud, serve, define } = platform();
  const service = serve();
  const bad = define({}, { image: `${IMAGE}:v1` }).id;
  assert.throws(() => cloud.update(service, { taskDefinition: bad }), refusal("ResourceNotReady"));
  const tasks = service.contents?.tasks as Props[];
  assert.match(String(tasks[0]?.taskDefinition), /web:1$/);
});

test("a secret, a version or a key that is missing stops the task", () => {
  const cases = {
    "secret KEY: .*does not exist": (id: unknown) => `${id}x`,
    "no version 0-0": (id: unknown) => `${id}:current::0-0`,
    'no JSON key "other"': (id: unknown) => `${id}:other::`,
    "parameter /shop/none": () => "/shop/none",
  };
  for (const [words, reference] of Object.entries(cases)) {
    const { secret, serve, define } = platform();
    const task = define({}, { secrets: [{ name: "KEY", valueFrom: reference(secret.id) }] }).id;
    assert.throws(() => serve({}, task), refusal("ResourceNotReady", new RegExp(words)));
  }
});

test("an execution role or a log group that is missing stops the task", () => {
  const gone = platform();
  gone.cloud.remove(gone.logs);
  assert.throws(() => gone.serve(), refusal("ResourceNotReady", /log group \/shop\/web/));
  const { serve, define } = platform();
  const none = define({ executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/none` }).id;
  assert.throws(() => serve({}, none), refusal("ResourceNotReady", /role\/none does not exist/));
});

test("a desired count of 0 starts nothing and needs nothing", () => {
  const { serve, define } = platform();
  const service = serve({ desiredCount: 0 }, define({}, { image: `${IMAGE}:none` }).id);
  assert.deepEqual(service.contents?.tasks, []);
});

test("cluster and task definition must exist, whatever the count", () => {
  const { serve } = platform();
  const cluster = `arn:aws:ecs:eu-west-3:${ACCOUNT}:cluster/none`;
  assert.throws(() => serve({ cluster, desiredCount: 0 }), refusal("ClusterNotFoundException"));
  assert.throws(() => serve({ desiredCount: 0 }, "web:99"), refusal("ClientException", /web:99/));
});

test("a target group that no load balancer uses is refused", () => {
  const { cloud, serve } = platform();
  const group = { name: "web", port: 80, protocol: "HTTP", vpcId: "vpc-1", targetType: "ip" };
  const targetGroupArn = cloud.create("aws:lb/targetGroup:TargetGroup", group).id;
  const loadBalancers = [{ targetGroupArn, containerName: "web", containerPort: 80 }];
  assert.throws(() => serve({ loadBalancers }), refusal("InvalidParameterException", /no load balancer/));
});

test("a service's name is taken once in its cluster", () => {
  const { serve } = platform();
  serve();
  assert.throws(() => serve(), refusal("InvalidParameterException", /named "web"/));
});

test("a cluster with services is kept", () => {
  const { cloud, cluster, serve } = platform();
  const service = serve();
  assert.throws(() => cloud.remove(cluster), refusal("ClusterContainsServicesException", /web/));
  cloud.remove(service);
  cloud.remove(cluster);
});

test("Fargate takes certain pairs of CPU and memory only, and its own network mode", () => {
  const { define } = platform();
  assert.throws(() => define({ memory: "4096" }), refusal("ClientException", /256 CPU units with 4096/));
  assert.throws(() => define({ cpu: "300" }), refusal("ClientException"));
  assert.throws(() => define({ cpu: undefined }), refusal("ClientException", /cpu and memory/));
  assert.throws(() => define({ networkMode: "bridge" }), refusal("ClientException", /awsvpc/));
  define({ cpu: "16384", memory: "122880" });
});

test("Fargate needs an execution role to pull from ECR and to write logs", () => {
  const { define } = platform();
  const without = (container: Props) => () => define({ executionRoleArn: undefined }, container);
  assert.throws(without({}), refusal("ClientException", /awslogs/));
  assert.throws(without({ logConfiguration: undefined }), refusal("ClientException", /ECR/));
  without({ logConfiguration: undefined, image: "public.example/web:1" })();
});

test("container definitions are a JSON list", () => {
  const { define } = platform();
  assert.throws(() => define({ containerDefinitions: "{}" }), refusal("ClientException", /list/));
});

test("a task with its own network needs a network configuration", () => {
  const { serve } = platform();
  assert.throws(
    () => serve({ networkConfiguration: undefined }),
    refusal("InvalidParameterException", /needs/),
  );
});

test("deployment strategies need their settings", () => {
  const { serve } = platform();
  const refused = (words: RegExp) => refusal("InvalidParameterException", words);
  const by = (strategy: string) => () => serve({ deploymentConfiguration: { strategy } });
  assert.throws(by("BLUE_GREEN"), refused(/advancedConfiguration/));
  assert.throws(by("CANARY"), refused(/canaryConfiguration/));
  assert.throws(by("LINEAR"), refused(/linearConfiguration/));
  const hook = { targetType: "PAUSE", lifecycleStages: ["PRODUCTION_TRAFFIC_SHIFT"] };
  assert.throws(() => serve({ deploymentConfiguration: { lifecycleHooks: [hook] } }), refused(/PAUSE/));
  assert.throws(() => serve({ sigintRollback: true, waitForSteadyState: false }), refused(/sigintRollback/));
  const both = { launchType: "FARGATE", capacityProviderStrategies: [] };
  assert.throws(() => serve(both), refused(/launchType/));
});

test("capacity providers belong to a cluster that exists", () => {
  const TYPE = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders";
  const create = (inputs: Props) => () => platform().cloud.create(TYPE, inputs);
  assert.throws(create({ clusterName: "none" }), refusal("ClusterNotFoundException"));
  const defaultCapacityProviderStrategies = [{ base: 1 }, { base: 2 }];
  assert.throws(
    create({ clusterName: "shop", defaultCapacityProviderStrategies }),
    refusal("InvalidParameterException"),
  );
});
