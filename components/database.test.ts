import assert from "node:assert/strict";
import { test } from "node:test";
import type * as pulumi from "@pulumi/pulumi";
import { Database, type DatabaseArgs, mysqlUrl } from "./database";
import { family } from "./database-instance";
import { ofType, record } from "./recorder";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };
const settings: DatabaseArgs["settings"] = {
  engine: "mysql",
  version: "8.4",
  name: "OcPizza",
  user: "app",
  port: 3306,
  size: "db.t4g.micro",
  storage: 20,
  maxStorage: 100,
};
const args: DatabaseArgs = {
  scope,
  key: "main",
  settings,
  subnetIds: ["subnet-a", "subnet-b"],
  securityGroupId: "sg-databases",
  multiAz: true,
  deletionProtection: true,
  finalSnapshot: true,
  backupDays: 30,
  recoveryDays: 30,
  logDays: 90,
};
const outputs = (type: string, name: string) =>
  type.endsWith("RandomPassword")
    ? { result: "Passw0rd" }
    : type.endsWith("RandomId")
      ? { hex: "0badcafe" }
      : type.endsWith("SecretVersion")
        ? { versionId: "v1" }
        : type.endsWith("rds/instance:Instance")
          ? { address: "db.example.org" }
          : { name: `${name}-physical` };

async function declare(more: Partial<DatabaseArgs> = {}) {
  let database: Database | undefined;
  const recorded = await record(() => {
    database = new Database("database-main", { ...args, ...more });
  }, outputs);
  const instance = ofType(recorded, "aws:rds/instance:Instance")["database-main-instance"] ?? {};
  return { recorded, instance, database: database as unknown as Database };
}

const value = <T>(output: pulumi.Output<T>) => new Promise<T>((done) => output.apply(done));

test("the database is private, encrypted, in standard support, and grows by itself", async () => {
  const { instance } = await declare();
  const expected = {
    identifier: "shop-prod-main",
    engine: "mysql",
    engineVersion: "8.4",
    engineLifecycleSupport: "open-source-rds-extended-support-disabled",
    autoMinorVersionUpgrade: true,
    instanceClass: "db.t4g.micro",
    multiAz: true,
    dbName: "OcPizza",
    username: "app",
    port: 3306,
    publiclyAccessible: false,
    vpcSecurityGroupIds: ["sg-databases"],
    dbSubnetGroupName: "database-main-instance-physical",
    parameterGroupName: "database-main-instance-physical",
    caCertIdentifier: "rds-ca-rsa2048-g1",
    storageType: "gp3",
    allocatedStorage: 20,
    maxAllocatedStorage: 100,
    storageEncrypted: true,
    backupRetentionPeriod: 30,
    copyTagsToSnapshot: true,
    performanceInsightsEnabled: false,
    enabledCloudwatchLogsExports: ["error", "slowquery"],
  };
  for (const [property, wanted] of Object.entries(expected))
    assert.deepEqual(instance[property], wanted, property);
  assert.deepEqual(instance.password, { secret: "Passw0rd" });
});

test("TLS is required and text is utf8mb4", async () => {
  const { recorded } = await declare();
  const group = ofType(recorded, "aws:rds/parameterGroup:ParameterGroup")["database-main-instance"];
  assert.equal(group?.family, "mysql8.4");
  const parameters = group?.parameters as { name: string; value: string }[];
  const named = Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
  assert.equal(named.require_secure_transport, "1");
  assert.equal(named.character_set_server, "utf8mb4");
});

for (const [version, expected] of [
  ["8.4", "mysql8.4"],
  ["8.4.7", "mysql8.4"],
  ["9.7.1", "mysql9.7"],
] as const)
  test(`version ${version} takes its parameters from ${expected}`, () => {
    assert.equal(family(version), expected);
  });

test("production keeps what the database held: protection, a final snapshot of its own name, backups", async () => {
  const { instance } = await declare();
  assert.equal(instance.deletionProtection, true);
  assert.equal(instance.skipFinalSnapshot, false);
  assert.equal(instance.finalSnapshotIdentifier, "shop-prod-main-final-0badcafe");
  assert.equal(instance.deleteAutomatedBackups, false);
});

for (const deletionProtection of [true, false])
  test(`Pulumi ${deletionProtection ? "refuses" : "agrees"} to delete it with deletion protection ${deletionProtection}`, async () => {
    const seen: pulumi.CustomResourceOptions[] = [];
    const transformation: pulumi.ResourceTransformation = ({ type, opts }) => {
      if (type === "aws:rds/instance:Instance") seen.push(opts);
      return undefined;
    };
    const more = { ...args, deletionProtection };
    await record(() => new Database("database-main", more, { transformations: [transformation] }), outputs);
    assert.equal(seen.length, 1);
    assert.equal(seen[0]?.protect, deletionProtection);
    // Taking the adopted snapshot out of the configuration must not replace the database.
    assert.deepEqual(seen[0]?.ignoreChanges, ["snapshotIdentifier"]);
  });

test("a lifted protection is off with AWS and said by a tag; the final snapshot stays", async () => {
  const { recorded } = await declare({ liftedUntil: "2026-12-01" });
  const instance = ofType(recorded, "aws:rds/instance:Instance")["database-main-instance"];
  assert.equal(instance?.deletionProtection, false);
  assert.equal(instance?.skipFinalSnapshot, false);
  assert.equal((instance?.tags as Record<string, string> | undefined)?.ProtectionLiftedUntil, "2026-12-01");
});

test("a new life of the database ends in a new snapshot name", async () => {
  const { recorded } = await declare();
  const life = ofType(recorded, "random:index/randomId:RandomId")["database-main-instance-life"];
  assert.deepEqual(life?.keepers, { identifier: "shop-prod-main", schema: "OcPizza", user: "app" });
});

test("the sandbox leaves nothing behind", async () => {
  const { recorded, instance } = await declare({ deletionProtection: false, finalSnapshot: false });
  assert.equal(instance.deletionProtection, false);
  assert.equal(instance.skipFinalSnapshot, true);
  assert.equal(instance.finalSnapshotIdentifier, undefined);
  assert.equal(instance.deleteAutomatedBackups, true);
  assert.deepEqual(ofType(recorded, "random:index/randomId:RandomId"), {});
});

test("credentials are one secret with password and URL; tasks get references to this version", async () => {
  const { recorded, database } = await declare();
  const version = ofType(recorded, "aws:secretsmanager/secretVersion:SecretVersion")[
    "database-main-credentials"
  ];
  assert.deepEqual(JSON.parse((version as { secretString: { secret: string } }).secretString.secret), {
    password: "Passw0rd",
    url: "mysql://app:Passw0rd@db.example.org:3306/OcPizza",
  });
  const arn = await value(database.secretArn);
  assert.equal(await value(database.passwordReference), `${arn}:password::v1`);
  assert.equal(await value(database.urlReference), `${arn}:url::v1`);
  assert.deepEqual([database.user, database.schema], ["app", "OcPizza"]);
});

test("the password has no character that MySQL, RDS or a URL refuses, and fits", async () => {
  const { recorded } = await declare();
  const password = ofType(recorded, "random:index/randomPassword:RandomPassword")["database-main-password"];
  assert.deepEqual(password, { length: 40, special: false });
});

test("its logs have an end", async () => {
  const { recorded } = await declare();
  const groups = Object.values(ofType(recorded, "aws:cloudwatch/logGroup:LogGroup"));
  assert.deepEqual(groups.map(({ name, retentionInDays }) => [name, retentionInDays]).sort(), [
    ["/aws/rds/instance/shop-prod-main/error", 90],
    ["/aws/rds/instance/shop-prod-main/slowquery", 90],
  ]);
});

test("adopting a snapshot makes a new instance from it and is otherwise the same declaration", async () => {
  const { instance: empty } = await declare();
  const { instance } = await declare({ settings: { ...settings, adopt: { snapshot: "before-tandem" } } });
  assert.deepEqual(instance, { ...empty, snapshotIdentifier: "before-tandem" });
});

test("adopting an instance declares its credentials and nothing else", async () => {
  const adopt = { instance: "legacy", password: "LEGACY_PASSWORD" };
  const { recorded } = await declare({ settings: { ...settings, adopt }, adoptedPassword: "p@ss/wörd" });
  assert.deepEqual(recorded.map(({ type }) => type).sort(), [
    "aws:secretsmanager/secret:Secret",
    "aws:secretsmanager/secretVersion:SecretVersion",
  ]);
});

test("adopting an instance without its password is refused by name", async () => {
  const adopt = { instance: "legacy", password: "LEGACY_PASSWORD" };
  await record(() =>
    assert.throws(
      () => new Database("database-main", { ...args, settings: { ...settings, adopt } }),
      /databases\.main\.adopt\.password: the given secret LEGACY_PASSWORD has no value/,
    ),
  );
});

test("a URL survives every character of an adopted password", () => {
  const url = new URL(mysqlUrl("app", "p@ss:/?#[]%é ", "db.example.org", 3306, "OcPizza"));
  assert.equal(decodeURIComponent(url.password), "p@ss:/?#[]%é ");
  assert.equal(url.host, "db.example.org:3306");
  assert.equal(url.pathname, "/OcPizza");
});
