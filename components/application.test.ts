import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { application } from "../config/schema/application";
import { Application, type ApplicationArgs } from "./application";
import { ofType, record } from "./recorder";

const scope = { project: "shop", environment: "sandbox", region: "eu-west-3", accountId: "111111111111" };
const DIGEST = `sha256:${"a".repeat(64)}`;

const full = {
  processes: {
    web: { host: "shop.example.org", aliases: ["www.shop.example.org"], memory: 1024, cpu: 512 },
    worker: { count: 0, command: "python worker.py" },
    clock: { exactlyOne: true, command: ["python", "clock.py"] },
  },
  release: "python manage.py migrate",
  demoData: ["python", "manage.py", "loaddata", "demo"],
  variables: { GREETING: "l'été à 100% #1 «Привет» $x" },
  secrets: ["SECRET_KEY"],
  databases: { main: {} },
  buckets: { media: "MEDIA_BUCKET" },
};

function args(settings: object, more: Partial<ApplicationArgs> = {}): ApplicationArgs {
  return {
    scope,
    key: "shop",
    settings: application.parse(settings),
    enabled: true,
    clusterArn: "arn:cluster",
    clusterName: "shop-sandbox",
    repositoryUrl: "registry/shop-sandbox-shop",
    repositoryArn: "arn:repository",
    digest: DIGEST,
    releaser: { functionName: pulumi.output("shop-sandbox-release") },
    instances: {
      main: { identifier: "shop-sandbox-main", life: "db-MAIN" },
      other: { identifier: "shop-sandbox-other", life: "db-OTHER" },
    },
    keepsSnapshots: false,
    now: "2026-11-22T12:00:00.000Z",
    environmentName: "SANDBOX",
    databases: {
      main: {
        host: "db.internal",
        port: 3306,
        schema: "OC_Pizza",
        user: "app",
        passwordReference: "arn:db:password::v1",
        urlReference: "arn:db:url::v1",
        secretArn: "arn:db",
      },
    },
    buckets: { media: { bucket: "media-1", arn: "arn:media" } },
    secretReferences: { SECRET_KEY: "arn:key:current::v1" },
    secretArns: { SECRET_KEY: "arn:key" },
    vpcId: "vpc-1",
    subnetIds: ["subnet-1"],
    assignPublicIp: true,
    securityGroupId: "sg-1",
    listenerArn: "arn:listener",
    originKey: pulumi.secret("key"),
    routes: ["shop_web", "shop_web www.shop.example.org"],
    logDays: 14,
    ...more,
  };
}

async function declared(settings: object = full, more: Partial<ApplicationArgs> = {}) {
  let made: Application | undefined;
  const recorded = await record(() => {
    made = new Application("shop", args(settings, more));
  });
  const definitions = ofType(recorded, "aws:ecs/taskDefinition:TaskDefinition");
  const container = (name: string) => JSON.parse(definitions[name]?.containerDefinitions as string)[0];
  return { recorded, made: made as Application, definitions, container };
}

test("an application declares exactly its roles, processes, ways in, commands and release", async () => {
  const counts: Record<string, number> = {};
  for (const { type } of (await declared()).recorded) counts[type] = (counts[type] ?? 0) + 1;
  assert.deepEqual(counts, {
    "aws:iam/role:Role": 2,
    "aws:iam/rolePolicy:RolePolicy": 2,
    "aws:cloudwatch/logGroup:LogGroup": 5,
    "aws:ecs/taskDefinition:TaskDefinition": 5,
    "aws:ecs/service:Service": 3,
    "aws:lb/targetGroup:TargetGroup": 1,
    "aws:lb/listenerRule:ListenerRule": 2,
    "random:index/randomId:RandomId": 2,
    "aws:rds/snapshot:Snapshot": 1,
    "aws:lambda/invocation:Invocation": 2,
  });
});

test("every container runs the digest, gets the exact values, and secrets as references only", async () => {
  const { definitions, container } = await declared();
  for (const name of Object.keys(definitions)) {
    const { image, environment, secrets } = container(name);
    assert.equal(image, `registry/shop-sandbox-shop@${DIGEST}`);
    assert.deepEqual(environment, [
      { name: "DB_HOST", value: "db.internal" },
      { name: "DB_NAME", value: "OC_Pizza" },
      { name: "DB_PORT", value: "3306" },
      { name: "DB_USER", value: "app" },
      { name: "ENV", value: "SANDBOX" },
      { name: "GREETING", value: "l'été à 100% #1 «Привет» $x" },
      { name: "MEDIA_BUCKET", value: "media-1" },
    ]);
    assert.deepEqual(secrets, [
      { name: "DB_PASSWORD", valueFrom: "arn:db:password::v1" },
      { name: "SECRET_KEY", valueFrom: "arn:key:current::v1" },
    ]);
  }
});

test("release and demonstration data are tasks as large as the largest process, behind no service", async () => {
  const { definitions, container, made } = await declared();
  assert.deepEqual(container("shop-release").command, ["sh", "-c", "python manage.py migrate"]);
  assert.deepEqual(container("shop-demo").command, ["python", "manage.py", "loaddata", "demo"]);
  assert.equal(definitions["shop-release"]?.family, "shop-sandbox-release-shop");
  assert.deepEqual([definitions["shop-release"]?.cpu, definitions["shop-release"]?.memory], ["512", "1024"]);
  assert.ok(made.release);
});

test("without release and demonstration commands there are no tasks for them", async () => {
  const { definitions } = await declared({ processes: { web: {} } });
  assert.deepEqual(Object.keys(definitions), ["shop_web-task"]);
});

/** The names of what a resource waits for, by its own name. */
async function waits(settings: object): Promise<Record<string, string[]>> {
  const found: Record<string, Promise<string>[]> = {};
  const watch: pulumi.ResourceTransformation = ({ type, name, opts }) => {
    const on = (opts as pulumi.CustomResourceOptions).dependsOn as pulumi.Resource[] | undefined;
    const nameOf = ({ urn }: pulumi.Resource) =>
      new Promise<string>((done) => void urn.apply((text) => done(text.split("::").at(-1) ?? "")));
    found[`${type.split(":").at(-1)} ${name}`] = (on ?? []).map(nameOf);
    return undefined;
  };
  await record(() => void new Application("shop", args(settings), { transformations: [watch] }));
  const entries = Object.entries(found).map(async ([key, all]) => [key, await Promise.all(all)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

test("no process runs a new version before its backup, its release command and its demonstration data", async () => {
  const on = await waits(full);
  const released = ["shop-release-main", "shop-release-run"];
  const before = [...released, "shop-demo-data-run"];
  assert.deepEqual(on["Service shop_worker"], before);
  assert.deepEqual(on["Service shop_web"]?.slice(-3), before);
  assert.deepEqual(on["Invocation shop-demo-data-run"], [...released, "shop-demo"]);
  assert.deepEqual(on["Invocation shop-release-run"], ["shop-release-main", "shop-release"]);
});

test("only the databases that an application uses are backed up before its release", async () => {
  const snapshots = (settings: object) =>
    declared(settings).then(({ recorded }) =>
      Object.values(ofType(recorded, "aws:rds/snapshot:Snapshot")).map((one) => one.dbInstanceIdentifier),
    );
  assert.deepEqual(await snapshots(full), ["shop-sandbox-main"]);
  assert.deepEqual(await snapshots({ processes: { web: {} } }), []);
});

test("counts stay as configured: a process of count 0 is declared and asleep", async () => {
  const services = ofType((await declared()).recorded, "aws:ecs/service:Service");
  assert.deepEqual(
    Object.fromEntries(Object.entries(services).map(([name, { desiredCount }]) => [name, desiredCount])),
    { shop_web: 1, shop_worker: 0, shop_clock: 1 },
  );
});

for (const [why, settings, more] of [
  ["there is no digest", full, { digest: undefined }],
  ["the environment is off", full, { enabled: false }],
  ["the application is off", { ...full, enabled: false }, {}],
] as const)
  test(`nothing runs when ${why}, and everything stays declared`, async () => {
    const { recorded } = await declared(settings, more);
    const services = Object.values(ofType(recorded, "aws:ecs/service:Service"));
    assert.deepEqual(
      services.map(({ desiredCount }) => desiredCount),
      [0, 0, 0],
    );
    // Without a version that runs there is nothing to back up or to migrate for.
    assert.equal(recorded.length, 20);
  });

test("without a digest the image is a tag that nothing carries", async () => {
  const { container } = await declared(full, { digest: undefined });
  assert.equal(container("shop_web-task").image, "registry/shop-sandbox-shop:not-released");
});

test("applications and processes whose keys only join to the same text keep distinct names", async () => {
  const recorded = await record(() => {
    new Application("a", { ...args({ processes: { "b-c": {} } }), key: "a" });
    new Application("a-b", { ...args({ processes: { c: {} } }), key: "a-b" });
  });
  const services = Object.values(ofType(recorded, "aws:ecs/service:Service")).map(({ name }) => name);
  assert.deepEqual(services.sort(), ["shop-sandbox-a-b_c", "shop-sandbox-a_b-c"]);
});
