import type { CloudObject, Rule, RuleContext, Rules } from "../types";
import {
  alive,
  arn,
  isOwn,
  lookup,
  nameIn,
  nameOf,
  property,
  refuseTakenName,
  regionalId,
  tagged,
  text,
} from "./aws";

export const INSTANCE = "aws:rds/instance:Instance";
const SNAPSHOT = "aws:rds/snapshot:Snapshot";

const snapshot: Rule = {
  id: (ctx, inputs) => regionalId(ctx, text(inputs.dbSnapshotIdentifier) ?? ctx.hex("snapshot", 12)),
  outputs(ctx, inputs, id) {
    const source = lookup(ctx, INSTANCE, "identifier", inputs.dbInstanceIdentifier);
    const of = (name: string) => (source ? property(source, name) : undefined);
    return {
      ...tagged(ctx, inputs),
      dbSnapshotArn: arn(ctx, "rds", `snapshot:${nameIn(id)}`),
      allocatedStorage: of("allocatedStorage"),
      availabilityZone: of("availabilityZone"),
      encrypted: of("storageEncrypted") ?? false,
      engine: of("engine"),
      engineVersion: of("engineVersionActual"),
      iops: of("iops") ?? 0,
      kmsKeyId: of("kmsKeyId") ?? "",
      licenseModel: "general-public-license",
      optionGroupName: "",
      port: of("port"),
      snapshotType: "manual",
      sourceDbSnapshotIdentifier: "",
      sourceRegion: "",
      status: "available",
      storageType: of("storageType"),
      vpcId: "",
    };
  },
  refuseCreate(ctx, inputs) {
    const wanted = text(inputs.dbSnapshotIdentifier);
    if (wanted !== undefined && snapshotOf(ctx, wanted)) {
      ctx.refuse("DBSnapshotAlreadyExists", `a snapshot named "${wanted}" exists already`);
    }
    refuseNoInstance(ctx, "identifier", inputs.dbInstanceIdentifier);
  },
};

const replication: Rule = {
  id: (ctx) => arn(ctx, "rds", `auto-backup:ab-${ctx.hex("id", 32)}`),
  outputs: (ctx, inputs) => ({ region: ctx.region, retentionPeriod: inputs.retentionPeriod ?? 7 }),
  refuseCreate(ctx, inputs) {
    const source = text(inputs.sourceDbInstanceArn);
    if (source === undefined) return;
    if (source.split(":")[3] === ctx.region) {
      ctx.refuse(
        "InvalidParameterValue",
        `a copy of ${source} belongs into another region than ${ctx.region}`,
      );
    }
    if (isOwn(ctx, source)) refuseNoInstance(ctx, "arn", source);
  },
};

const subscription: Rule = {
  id: (ctx, inputs) => regionalId(ctx, nameOf(ctx, inputs)),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    name: nameIn(id),
    arn: arn(ctx, "rds", `es:${nameIn(id)}`),
    customerAwsId: ctx.account,
    enabled: inputs.enabled ?? true,
  }),
  refuseWrite(ctx, inputs) {
    if (inputs.sourceIds !== undefined && inputs.sourceType === undefined) {
      ctx.refuse("InvalidParameterCombination", "sourceIds need a sourceType");
    }
    const topic = text(inputs.snsTopic);
    if (topic === undefined || !isOwn(ctx, topic)) return;
    if (!lookup(ctx, "aws:sns/topic:Topic", "arn", topic))
      ctx.refuse("SNSTopicArnNotFound", `there is no topic ${topic}`);
  },
  refuseCreate: (ctx, inputs) => refuseTakenName(ctx, inputs, "name", "SubscriptionAlreadyExist"),
};

export const rules: Rules = {
  [SNAPSHOT]: snapshot,
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": replication,
  "aws:rds/eventSubscription:EventSubscription": subscription,
};

/** A snapshot by its name: one that was declared, or the one that a deleted database left behind. */
export function snapshotOf(ctx: RuleContext, identifier: unknown): CloudObject | undefined {
  const wanted = text(identifier);
  if (wanted === undefined) return undefined;
  return (
    alive(ctx, SNAPSHOT).find((o) => o.inputs.dbSnapshotIdentifier === wanted) ??
    ctx.find(INSTANCE, (o) => o.contents?.finalSnapshot === wanted)
  );
}

function refuseNoInstance(ctx: RuleContext, name: string, value: unknown): void {
  const wanted = text(value);
  if (wanted === undefined || lookup(ctx, INSTANCE, name, wanted)) return;
  const before = Object.values(ctx.world.databases).some((o) => o.outputs[name] === wanted);
  if (!before && !(wanted in ctx.world.databases))
    ctx.refuse("DBInstanceNotFound", `there is no database ${wanted}`);
}
