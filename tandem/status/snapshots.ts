import { DescribeDBInstancesCommand, paginateDescribeDBSnapshots, type RDSClient } from "@aws-sdk/client-rds";
import type { BackupPoint } from "./status";

/** AWS Backup's recovery points of an instance are snapshots of a kind of their own. */
export const newestRecoveryPoint = (rds: RDSClient, identifier: string) =>
  newest(rds, identifier, "awsbackup");

/** Releases name theirs: see components/release.ts. */
export const newestOfReleases = (rds: RDSClient, identifier: string) =>
  newest(rds, identifier, "manual", `${identifier}-release-`);

async function newest(
  client: RDSClient,
  DBInstanceIdentifier: string,
  SnapshotType: "awsbackup" | "manual",
  prefix = "",
): Promise<BackupPoint | undefined> {
  let found: BackupPoint | undefined;
  for await (const page of paginateDescribeDBSnapshots({ client }, { DBInstanceIdentifier, SnapshotType }))
    for (const { DBSnapshotIdentifier: name = "", SnapshotCreateTime, Status = "" } of page.DBSnapshots ??
      []) {
      // One that is being made has no time yet.
      const at = SnapshotCreateTime?.toISOString();
      if (at !== undefined && name.startsWith(prefix) && at > (found?.at ?? ""))
        found = { name, at, state: Status };
    }
  return found;
}

/** Until when RDS's own log of changes reaches. */
export async function latestRestorable(rds: RDSClient, identifier: string): Promise<string | undefined> {
  const { DBInstances = [] } = await rds.send(
    new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }),
  );
  return DBInstances[0]?.LatestRestorableTime?.toISOString();
}
