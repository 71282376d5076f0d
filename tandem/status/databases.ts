import { type CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeDBInstancesCommand,
  DescribeDBMajorEngineVersionsCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { databaseStatus, knownSupport } from "./engine-support";
import type { NamedDatabase } from "./environment";
import { ask, type Known, known, unknown } from "./known";
import type { DatabaseStatus } from "./status";

const GIB = 1024 ** 3;

/** A database as RDS and CloudWatch know it. */
export async function runningDatabase(
  rds: RDSClient,
  metrics: CloudWatchClient,
  { key, schema, identifier }: NamedDatabase,
  now: string,
): Promise<DatabaseStatus> {
  const { DBInstances = [] } = await rds.send(
    new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }),
  );
  const [instance] = DBInstances;
  if (instance === undefined) throw new Error(`RDS knows no ${identifier}`);
  const { Engine = "", EngineVersion = "", AllocatedStorage = 0, MaxAllocatedStorage } = instance;
  const [used, supported] = await Promise.all([
    ask(() => usedDisk(metrics, identifier, AllocatedStorage, now)),
    support(rds, Engine, EngineVersion),
  ]);
  const described = {
    key,
    schema,
    identifier,
    state: instance.DBInstanceStatus ?? "unknown",
    size: instance.DBInstanceClass ?? "unknown",
    engine: Engine,
    version: EngineVersion,
    disk: {
      used: "value" in used ? used.value : used,
      now: AllocatedStorage,
      limit: MaxAllocatedStorage ?? AllocatedStorage,
    },
  };
  return databaseStatus(described, supported);
}

/** RDS says itself until when; what may not ask it goes by what this program knows. */
async function support(rds: RDSClient, Engine: string, version: string): Promise<Known<string>> {
  const MajorEngineVersion = version.split(".").slice(0, 2).join(".");
  const answer = await ask(() =>
    rds.send(new DescribeDBMajorEngineVersionsCommand({ Engine, MajorEngineVersion })),
  );
  if ("unknown" in answer) return knownSupport(Engine, version);
  const cycles = answer.value.DBMajorEngineVersions?.flatMap((each) => each.SupportedEngineLifecycles ?? []);
  const standard = cycles?.find((cycle) => cycle.LifecycleSupportName === "open-source-rds-standard-support");
  const end = standard?.LifecycleSupportEndDate?.toISOString().slice(0, 10);
  return end === undefined ? knownSupport(Engine, version) : known(end);
}

/** What CloudWatch measured last: RDS says every minute what is free, in bytes. */
async function usedDisk(
  metrics: CloudWatchClient,
  identifier: string,
  allocated: number,
  now: string,
): Promise<Known<number>> {
  const { MetricDataResults = [] } = await metrics.send(
    new GetMetricDataCommand({
      StartTime: new Date(Date.parse(now) - 3_600_000),
      EndTime: new Date(now),
      ScanBy: "TimestampDescending",
      MetricDataQueries: [
        {
          Id: "free",
          MetricStat: {
            Metric: {
              Namespace: "AWS/RDS",
              MetricName: "FreeStorageSpace",
              Dimensions: [{ Name: "DBInstanceIdentifier", Value: identifier }],
            },
            Period: 300,
            Stat: "Minimum",
          },
        },
      ],
    }),
  );
  const free = MetricDataResults[0]?.Values?.[0];
  return free === undefined
    ? unknown("no measurement in the last hour")
    : known(Math.round((allocated - free / GIB) * 10) / 10);
}
