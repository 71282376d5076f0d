import type { CloudObject, Props, Rule, RuleContext, Rules } from "../types";
import {
  alive,
  arn,
  freshId,
  isHere,
  lookup,
  nameOf,
  number,
  property,
  record,
  tagged,
  text,
  uuid,
} from "./aws";
import { refuseUntrusted } from "./policy-document";
import { refuseCombinations, refuseFamily, refuseOrigin, refuseUpgrade } from "./rds-checks";
import { actualVersion, defaultPort, refuseCredentials, refuseVersion } from "./rds-engines";
import { GROUP, rules as groups, zonesOf } from "./rds-groups";
import { INSTANCE, snapshotOf, rules as snapshots } from "./rds-snapshots";

const instance: Rule = {
  id: (ctx) => `db-${freshId(ctx, "", 26).toUpperCase()}`,
  outputs(ctx, given, id, previous) {
    const inputs = { ...inherited(ctx, given), ...given };
    const identifier = text(previous?.identifier) ?? nameOf(ctx, inputs, "identifier");
    const address = `${identifier}.${ctx.hex("address", 12)}.${ctx.region}.rds.amazonaws.com`;
    const port = number(inputs.port) ?? defaultPort(inputs.engine);
    return {
      ...tagged(ctx, inputs),
      ...DEFAULTS,
      ...inputs,
      identifier,
      port,
      address: previous?.address ?? address,
      endpoint: `${previous?.address ?? address}:${port}`,
      hostedZoneId: "ZMESEXB7ZGGQ3",
      arn: arn(ctx, "rds", `db:${identifier}`),
      resourceId: previous?.resourceId ?? id,
      status: "available",
      engineVersion: text(inputs.engineVersion) ?? actualVersion(inputs),
      engineVersionActual: actualVersion(inputs),
      availabilityZone: inputs.availabilityZone ?? zonesOf(ctx, groupOf(ctx, inputs))[0] ?? `${ctx.region}a`,
      latestRestorableTime: ctx.now,
      listenerEndpoints: [],
      masterUserSecrets: inputs.manageMasterUserPassword === true ? [ownSecret(ctx)] : [],
      replicas: [],
      upgradeRolloutOrder: "second",
      // What is only written is never given back.
      passwordWo: undefined,
    };
  },
  refuseWrite(ctx, inputs) {
    refuseCredentials(ctx, inputs);
    refuseCombinations(ctx, inputs);
    refuseFamily(ctx, inputs);
    refuseUntrusted(ctx, inputs.monitoringRoleArn, "monitoring.rds.amazonaws.com", "InvalidParameterValue");
  },
  refuseCreate(ctx, inputs) {
    const wanted = text(inputs.identifier);
    const known = wanted !== undefined && ctx.region === "eu-west-3" && wanted in ctx.world.databases;
    const taken = alive(ctx, INSTANCE).find((o) => isHere(ctx, o) && o.outputs.identifier === wanted);
    if (known || (wanted !== undefined && taken)) {
      ctx.refuse("DBInstanceAlreadyExists", `a database instance named "${wanted}" exists already`);
    }
    refuseVersion(ctx, inputs);
    refuseOrigin(ctx, inputs);
    const group = groupOf(ctx, inputs);
    if (group === undefined && text(inputs.dbSubnetGroupName) !== undefined) {
      ctx.refuse("DBSubnetGroupNotFoundFault", `there is no subnet group "${inputs.dbSubnetGroupName}"`);
    }
  },
  refuseUpdate(ctx, inputs, existing) {
    const before = number(property(existing, "allocatedStorage")) ?? 0;
    const after = number(inputs.allocatedStorage) ?? before;
    if (after < before) {
      ctx.refuse(
        "InvalidParameterCombination",
        `storage cannot shrink: ${existing.outputs.identifier} has ${before} GiB`,
      );
    }
    if (inputs.engineVersion !== existing.inputs.engineVersion) refuseUpgrade(ctx, inputs, existing);
  },
  refuseDelete(ctx, existing) {
    const { inputs, outputs } = existing;
    if (inputs.deletionProtection === true) {
      ctx.refuse(
        "InvalidParameterCombination",
        `${outputs.identifier} has deletion protection: set deletionProtection to false and update first`,
      );
    }
    if (inputs.skipFinalSnapshot === true || inputs.replicateSourceDb !== undefined) return;
    const snapshot = text(inputs.finalSnapshotIdentifier);
    if (snapshot === undefined) {
      ctx.refuse(
        "InvalidParameterCombination",
        `${outputs.identifier} needs a finalSnapshotIdentifier, or skipFinalSnapshot`,
      );
    }
    if (snapshotOf(ctx, snapshot)) {
      ctx.refuse(
        "DBSnapshotAlreadyExists",
        `the final snapshot "${snapshot}" exists already: choose another name`,
      );
    }
  },
  /** The final snapshot outlives its database: the record of the database is kept as its content. */
  keepsAfterDelete(ctx, existing) {
    const snapshot = text(existing.inputs.finalSnapshotIdentifier);
    if (existing.inputs.skipFinalSnapshot === true || snapshot === undefined) return false;
    existing.contents = { ...existing.contents, deletedAt: ctx.now, finalSnapshot: snapshot };
    return true;
  },
};

const DEFAULTS: Props = {
  storageType: "gp2",
  multiAz: false,
  storageEncrypted: false,
  publiclyAccessible: false,
  backupRetentionPeriod: 0,
  caCertIdentifier: "rds-ca-rsa2048-g1",
  autoMinorVersionUpgrade: true,
  deletionProtection: false,
};

export const rules: Rules = { [INSTANCE]: instance, ...groups, ...snapshots };

function groupOf(ctx: RuleContext, inputs: Props): CloudObject | undefined {
  return lookup(ctx, GROUP, "name", inputs.dbSubnetGroupName);
}

function ownSecret(ctx: RuleContext): Props {
  const name = `secret:rds!db-${uuid(ctx.hex("secret", 32))}-${ctx.hex("secret suffix", 6)}`;
  return { secretArn: arn(ctx, "secretsmanager", name), secretStatus: "active" };
}

/** What a restored database takes from its snapshot. */
function inherited(ctx: RuleContext, inputs: Props): Props {
  const source = snapshotOf(ctx, inputs.snapshotIdentifier) ?? sourceOf(ctx, inputs);
  if (source === undefined) return {};
  const names = ["engine", "engineVersion", "username", "dbName", "allocatedStorage", "storageEncrypted"];
  return Object.fromEntries(names.map((name) => [name, property(source, name)]));
}

function sourceOf(ctx: RuleContext, inputs: Props): CloudObject | undefined {
  const source = record(inputs.restoreToPointInTime).sourceDbInstanceIdentifier;
  return lookup(ctx, INSTANCE, "identifier", source);
}
