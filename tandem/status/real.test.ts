import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { ACMClient, DescribeCertificateCommand, ListCertificatesCommand } from "@aws-sdk/client-acm";
import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
} from "@aws-sdk/client-ecs";
import {
  DescribeDBInstancesCommand,
  DescribeDBMajorEngineVersionsCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { parse } from "../../config/parse";
import { raw } from "../../config/testing";
import { CommandError } from "../errors";
import type { PublicNetwork } from "./addresses";
import { checkedClients, clientsOf } from "./clients";
import { known } from "./known";
import { look } from "./look";
import { realSources } from "./real";
import type { Status } from "./status";
import { words } from "./words";
import { wrongs } from "./wrong";

const NOW = "2026-12-01T08:00:00.000Z";
const DIGEST = `sha256:${"a".repeat(64)}`;
const settings = parse(raw());
const { project } = settings;
const outputs = {
  cluster: `${project}-prod`,
  switches: "switches-1",
  databases: {
    main: { host: "db-1.x.eu-west-3.rds.amazonaws.com", port: 3306, schema: "Shop", user: "app" },
  },
  backups: { bucket: "backups-1" },
  passport: { id: "r-1", release: { web: DIGEST }, verification: { at: "2026-11-30T08:00:00.000Z" } },
  dashboard: `${project}-prod`,
};

const ecs = mockClient(ECSClient);
const rds = mockClient(RDSClient);
const metrics = mockClient(CloudWatchClient);
const certificates = mockClient(ACMClient);
const storage = mockClient(S3Client);

const network: PublicNetwork = {
  addresses: async (host, family) =>
    host.startsWith("www") && family === 6 ? [] : [family === 4 ? "192.0.2.1" : "2001:db8::1"],
  certificate: async () => ({ issuer: "Let's Encrypt R11", until: "2027-02-01T00:00:00.000Z" }),
  mailServers: async () => [],
};

const refusal = (name: string, message = "no") => Object.assign(new Error(message), { name });
const body = (text: string) => ({ Body: { transformToString: async () => text } as never });

beforeEach(() => {
  for (const mock of [ecs, rds, metrics, certificates, storage]) mock.reset();
  ecs.on(DescribeServicesCommand).resolves({
    services: [
      {
        serviceName: `${project}-prod-web_web`,
        runningCount: 1,
        desiredCount: 2,
        deployments: [
          {
            status: "PRIMARY",
            rolloutState: "IN_PROGRESS",
            createdAt: new Date("2026-11-30T10:00:00Z"),
            taskDefinition: "family:7",
          },
        ],
      },
    ],
  });
  ecs.on(DescribeTaskDefinitionCommand, { taskDefinition: "family:7" }).resolves({
    taskDefinition: { containerDefinitions: [{ name: "app", image: `registry/web@${DIGEST}` }] },
  });
  rds.on(DescribeDBInstancesCommand, { DBInstanceIdentifier: "db-1" }).resolves({
    DBInstances: [
      {
        Engine: "mysql",
        EngineVersion: "8.0.41",
        DBInstanceStatus: "available",
        DBInstanceClass: "db.t4g.small",
        AllocatedStorage: 90,
        MaxAllocatedStorage: 100,
        LatestRestorableTime: new Date("2026-12-01T07:55:00Z"),
      },
    ],
  });
  rds.on(DescribeDBMajorEngineVersionsCommand, { Engine: "mysql", MajorEngineVersion: "8.0" }).resolves({
    DBMajorEngineVersions: [
      {
        SupportedEngineLifecycles: [
          {
            LifecycleSupportName: "open-source-rds-standard-support",
            LifecycleSupportStartDate: new Date("2018-10-23"),
            LifecycleSupportEndDate: new Date("2026-07-31T23:59:59Z"),
          },
        ],
      },
    ],
  });
  rds.on(DescribeDBSnapshotsCommand).resolves({ DBSnapshots: [] });
  metrics.on(GetMetricDataCommand).resolves({ MetricDataResults: [{ Values: [], Timestamps: [] }] });
  metrics.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [] });
  certificates.on(ListCertificatesCommand).resolves({ CertificateSummaryList: [] });
  storage.on(ListObjectsV2Command).resolves({ Contents: [] });
  storage.on(GetObjectCommand).rejects(new NoSuchKey({ message: "none", $metadata: {} }));
});

function looked(): Promise<Status> {
  const environment = { settings, outputs, now: NOW };
  return look(environment, realSources(clientsOf(settings), environment, undefined, network));
}

describe("the status of a real environment", () => {
  test("counts processes as ECS does, and names the image and since when", async () => {
    const { processes } = await looked();
    assert.deepEqual(processes, {
      value: [
        {
          process: "web/web",
          running: 1,
          desired: 2,
          version: DIGEST,
          since: "2026-11-30T10:00:00.000Z",
          deployment: "IN_PROGRESS",
        },
        { process: "web/worker", running: 0, desired: 0, deployment: "MISSING" },
      ],
    });
    assert.deepEqual(ecs.commandCalls(DescribeServicesCommand)[0]?.args[0].input, {
      cluster: `${project}-prod`,
      services: [`${project}-prod-web_web`, `${project}-prod-web_worker`],
    });
  });

  test("asks RDS for the end of support, and CloudWatch for the free disk", async () => {
    metrics.on(GetMetricDataCommand).callsFake(({ MetricDataQueries: [query] }) => ({
      MetricDataResults: [query.Id === "free" ? { Values: [2 * 1024 ** 3] } : {}],
    }));
    const { databases } = await looked();
    const [database] = "value" in databases ? databases.value : [];
    assert.equal(database?.engine, "mysql 8.0.41");
    assert.deepEqual(database?.supportedUntil, { value: "2026-07-31" });
    assert.deepEqual(database?.disk, { used: { value: 88 }, now: 90, limit: 100 });
  });

  test("reads all pages of snapshots and alarms, and certificates of elliptic keys", async () => {
    const at = (day: number) => new Date(Date.UTC(2026, 10, day, 3));
    rds.on(DescribeDBSnapshotsCommand, { DBInstanceIdentifier: "db-1", SnapshotType: "awsbackup" }).resolves({
      DBSnapshots: [{ DBSnapshotIdentifier: "old", SnapshotCreateTime: at(28) }],
      Marker: "more",
    });
    rds
      .on(DescribeDBSnapshotsCommand, {
        DBInstanceIdentifier: "db-1",
        SnapshotType: "awsbackup",
        Marker: "more",
      })
      .resolves({
        DBSnapshots: [
          { DBSnapshotIdentifier: "new", SnapshotCreateTime: at(30), Status: "available" },
          { DBSnapshotIdentifier: "being made" },
        ],
      });
    const prefix = { AlarmNamePrefix: `${project}-prod-` };
    metrics
      .on(DescribeAlarmsCommand, prefix)
      .resolves({ MetricAlarms: [{ AlarmName: "a", StateValue: "OK" }], NextToken: "more" });
    metrics.on(DescribeAlarmsCommand, { ...prefix, NextToken: "more" }).resolves({
      MetricAlarms: [
        {
          AlarmName: `${project}-prod-schedule-nightly-silent`,
          StateValue: "ALARM",
          StateUpdatedTimestamp: at(30),
        },
      ],
    });
    certificates.on(ListCertificatesCommand, { Includes: { keyTypes: ["EC_prime256v1"] } }).resolves({
      CertificateSummaryList: [
        { CertificateArn: "other", InUse: true, DomainName: "other.example" },
        {
          CertificateArn: "ours",
          InUse: true,
          DomainName: "shop.example",
          SubjectAlternativeNameSummaries: ["www.shop.example"],
        },
      ],
    });
    certificates.on(DescribeCertificateCommand, { CertificateArn: "ours" }).resolves({
      Certificate: { Issuer: "Amazon", Status: "ISSUED", NotAfter: new Date("2026-12-05T00:00:00Z") },
    });
    const status = await looked();
    assert.deepEqual(status.backups[0]?.snapshot, {
      value: { name: "new", at: at(30).toISOString(), state: "available" },
    });
    // Each region has its own alarms: the mock answers for both.
    assert.equal("value" in status.alarms && status.alarms.value.all, 4);
    assert.deepEqual(status.origin, { value: { issuer: "Amazon", until: "2026-12-05T00:00:00.000Z" } });
    const schedule = "value" in status.schedules ? status.schedules.value[0] : undefined;
    assert.deepEqual([schedule?.key, schedule?.overdue], ["nightly", { value: true }]);
  });

  test("proves a dump by its manifest, and a drill by its report", async () => {
    const manifest = {
      format: 1,
      project,
      environment: "prod",
      database: "main",
      schema: "Shop",
      time: "2026-12-01T02:17:00Z",
      bytes: 5_000_000,
      sha256: "b".repeat(64),
      data: "c".repeat(64),
      server: "8.0",
      client: "8.4",
      head: "0001",
      anonymised: false,
      completed: true,
      doubts: "",
      rows: { one: 3, two: 4 },
    };
    const there = { Bucket: "backups-1", ExpectedBucketOwner: settings.accountId };
    const dump = "dumps/main/20261201T021700Z";
    const report = "reports/main/20261129T034900Z-drill.json";
    storage.on(ListObjectsV2Command, { ...there, Prefix: "dumps/main/" }).resolves({
      Contents: [{ Key: `${dump}/manifest.json` }, { Key: "dumps/main/20261202T000000Z/dump.sql.gz" }],
    });
    storage
      .on(ListObjectsV2Command, { ...there, Prefix: "reports/main/" })
      .resolves({ Contents: [{ Key: report }] });
    storage
      .on(GetObjectCommand, { ...there, Key: `${dump}/manifest.json` })
      .resolves(body(JSON.stringify(manifest)));
    storage
      .on(GetObjectCommand, { ...there, Key: report })
      .resolves(body('{"ok": true, "seconds": 40, "age": 5000}'));
    const [backup] = (await looked()).backups;
    assert.deepEqual(backup?.dump, {
      value: { name: dump, at: manifest.time, bytes: 5_000_000, rows: 7, doubts: "" },
    });
    assert.deepEqual(backup?.drill, {
      value: { at: "2026-11-29T03:49:00.000Z", ok: true, seconds: 40, age: 5000 },
    });
  });

  test("leaves a row that may not be read, or not now, with its reason, and says the others", async () => {
    const user =
      "User: arn:aws:iam::222222222222:user/ada is not authorized to perform: rds:DescribeDBSnapshots on x";
    rds.on(DescribeDBSnapshotsCommand).rejects(refusal("AccessDenied", user));
    metrics.on(DescribeAlarmsCommand).rejects(refusal("ThrottlingException", "Rate exceeded"));
    const status = await looked();
    assert.deepEqual(status.backups[0]?.snapshot, {
      unknown: "not allowed: rds:DescribeDBSnapshots",
      failed: true,
    });
    assert.match("unknown" in status.alarms ? status.alarms.unknown : "", /throttled/);
    assert.ok("value" in status.processes);
  });

  test("shows each row that somebody asks for, by its title", async () => {
    const parity = known({ allowed: 3, refused: 0 });
    const said = stripVTControlCharacters(words({ environments: [await looked()], parity }));
    for (const row of [
      /^passport {5}r-1\n {13}verified 2026-11-30 08:00 UTC$/m,
      /^processes {4}web\/web 1\/2, in progress, sha256:a{12}$/m,
      /^hosts {8}shop\.example\n {15}IPv4 192\.0\.2\.1\n {15}IPv6 2001:db8::1$/m,
      /^ {15}TLS Let's Encrypt R11, until 2027-02-01 \(61 days left\)$/m,
      /^ {15}no IPv6$/m,
      /^region {7}eu-west-3, copies in /m,
      /^mail {9}\S/m,
      /^databases {4}main: Shop, db\.t4g\.small, available\n {15}mysql 8\.0\.41, supported until 2026-07-31$/m,
      /^ {15}disk 90 GiB, at most 100 GiB\n {15}disk used /m,
      /^backups {6}main:\n {15}snapshot none$/m,
      /^ {15}any second until 2026-12-01 07:55 UTC$/m,
      /^ {15}dump none$/m,
      /^drills {7}main: none yet$/m,
      /^schedules {4}nightly/m,
      /^silence {6}3 listened to, none is overdue$/m,
      /^secrets {6}\d+, none too old$/m,
      /^alarms {7}0, none is ringing$/m,
      /^plan {9}not known \[\d\]$/m,
      /^parity {7}holds: 3 properties differ/m,
      /^logs {9}production {2}https:\/\//m,
      /^dashboard {4}production {2}https:\/\//m,
      /^Wrong: 8\n {2}production: process web\/web runs 1 of 2$/m,
    ])
      assert.match(said, row);
  });

  test("lists everything that is wrong", async () => {
    assert.deepEqual(wrongs(await looked()), [
      "production: process web/web runs 1 of 2",
      "production: process web/worker has no service in ECS",
      "production: www.shop.example has no IPv6 address",
      "production: the origin's certificate: no certificate in use covers shop.example, www.shop.example",
      "production: standard support of mysql 8.0.41 ended on 2026-07-31",
      "production: the newest snapshot of database main is older than its plan allows",
      "production: the newest dump of database main is older than its plan allows",
      "production: the last drill of database main is older than its plan allows",
    ]);
  });
});

describe("credentials", () => {
  const arn = (account: string) => `arn:aws:ecs:eu-west-3:${account}:cluster/${project}-prod`;

  test("of the stack's own account are taken, whether its cluster stands or not", async () => {
    ecs
      .on(DescribeClustersCommand, { clusters: [`${project}-prod`] })
      .resolves({ failures: [{ arn: arn("222222222222"), reason: "MISSING" }] });
    await checkedClients(settings);
    assert.equal(await (await checkedClients(settings)).globalMetrics.config.region(), "us-east-1");
  });

  for (const [what, answer, message] of [
    [
      "of another account",
      { clusters: [{ clusterArn: arn("333333333333") }] },
      /account 333333333333, and prod may touch 222222222222 only.*--stack prod/,
    ],
    ["of nobody", {}, /does not say whose credentials/],
  ] as const)
    test(`${what} are refused`, async () => {
      ecs.on(DescribeClustersCommand).resolves(answer as object);
      await assert.rejects(
        checkedClients(settings),
        (error) => error instanceof CommandError && message.test(error.message),
      );
    });

  test("that are missing or may not ask are said so", async () => {
    ecs.on(DescribeClustersCommand).rejects(refusal("CredentialsProviderError"));
    await assert.rejects(checkedClients(settings), /prod cannot be asked: no AWS credentials/);
  });
});
