import type { CloudObject, Props, RuleContext } from "../types";
import { lookup, number, record, refuseMissing, text } from "./aws";
import { lineOf, refuseVersion } from "./rds-engines";
import { INSTANCE, snapshotOf } from "./rds-snapshots";

const PARAMETERS = "aws:rds/parameterGroup:ParameterGroup";

/** Refuses a new database that comes from nowhere: neither settings of its own nor a source that exists. */
export function refuseOrigin(ctx: RuleContext, inputs: Props): void {
  const snapshot = text(inputs.snapshotIdentifier);
  // Automated and AWS Backup's snapshots (rds:…, awsbackup:…) are no resources and cannot be looked up.
  const before = snapshot !== undefined && ctx.world.snapshots?.includes(snapshot) === true;
  if (snapshot !== undefined && !before && !snapshot.includes(":") && !snapshotOf(ctx, snapshot)) {
    ctx.refuse("DBSnapshotNotFound", `there is no snapshot "${snapshot}"`);
  }
  const restore = inputs.restoreToPointInTime;
  if (restore !== undefined) {
    if (inputs.identifier === undefined) {
      ctx.refuse("InvalidParameterCombination", "a restore to a point in time needs an identifier");
    }
    const source = record(restore).sourceDbInstanceIdentifier;
    refuseMissing(ctx, INSTANCE, "identifier", source, "DBInstanceNotFound");
  }
  if (snapshot !== undefined || restore !== undefined) return;
  if (inputs.snapshotIdentifier !== undefined || inputs.replicateSourceDb !== undefined) return;
  const missing = ["allocatedStorage", "engine", "username"].filter((name) => inputs[name] === undefined);
  if (missing.length > 0) ctx.refuse("MissingParameter", `a new database needs ${missing.join(", ")}`);
}

/** Refuses settings that exclude each other. */
export function refuseCombinations(ctx: RuleContext, inputs: Props): void {
  const refuse = (message: string) => ctx.refuse("InvalidParameterCombination", message);
  if (inputs.multiAz === true && inputs.availabilityZone !== undefined) {
    refuse("multiAz chooses its zones itself: leave availabilityZone out");
  }
  const most = number(inputs.maxAllocatedStorage) ?? 0;
  if (most !== 0 && most < (number(inputs.allocatedStorage) ?? 0)) {
    refuse(`maxAllocatedStorage ${most} is below allocatedStorage ${inputs.allocatedStorage}`);
  }
  const interval = number(inputs.monitoringInterval) ?? 0;
  if (interval !== 0 && inputs.monitoringRoleArn === undefined)
    refuse("monitoringInterval needs a monitoringRoleArn");
  if (interval === 0 && inputs.monitoringRoleArn !== undefined)
    refuse("monitoringRoleArn needs a monitoringInterval");
  if (inputs.iops !== undefined && !["io1", "io2", "gp3"].includes(String(inputs.storageType))) {
    refuse("iops need a storageType io1, io2 or gp3");
  }
  if (inputs.performanceInsightsRetentionPeriod !== undefined && inputs.performanceInsightsEnabled !== true) {
    refuse("performanceInsightsRetentionPeriod needs performanceInsightsEnabled");
  }
}

/** A parameter group serves one engine and line: `mysql8.4` and no other. */
export function refuseFamily(ctx: RuleContext, inputs: Props): void {
  const name = text(inputs.parameterGroupName);
  if (name === undefined || name.startsWith("default.")) return;
  const group = lookup(ctx, PARAMETERS, "name", name);
  if (group === undefined) ctx.refuse("DBParameterGroupNotFound", `there is no parameter group "${name}"`);
  const version = text(inputs.engineVersion);
  if (version === undefined || text(inputs.engine) === undefined) return;
  const family = `${inputs.engine}${lineOf(inputs.engine, version)}`;
  if (group.inputs.family !== family) {
    ctx.refuse(
      "InvalidParameterCombination",
      `the parameter group "${name}" is for ${group.inputs.family}, the database is ${family}`,
    );
  }
}

/** Refuses a version that cannot be reached, or a major upgrade that nobody asked for. */
export function refuseUpgrade(ctx: RuleContext, inputs: Props, existing: CloudObject): void {
  refuseVersion(ctx, inputs);
  const [from, to] = [text(existing.outputs.engineVersionActual), text(inputs.engineVersion)];
  if (from === undefined || to === undefined || lineOf(inputs.engine, from) === lineOf(inputs.engine, to))
    return;
  if (inputs.allowMajorVersionUpgrade === true) return;
  ctx.refuse(
    "InvalidParameterCombination",
    `from ${from} to ${to} is a major upgrade: set allowMajorVersionUpgrade`,
  );
}
