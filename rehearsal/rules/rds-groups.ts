import type { CloudObject, Rule, RuleContext, Rules } from "../types";
import { alive, arn, lookup, nameIn, nameOf, refuseTakenName, regionalId, tagged, text, texts } from "./aws";

export const GROUP = "aws:rds/subnetGroup:SubnetGroup";
const PARAMETERS = "aws:rds/parameterGroup:ParameterGroup";
const INSTANCE = "aws:rds/instance:Instance";
const SUBNET = "aws:ec2/subnet:Subnet";

const subnetGroup: Rule = {
  id: (ctx, inputs) => regionalId(ctx, nameOf(ctx, inputs)),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    name: nameIn(id),
    arn: arn(ctx, "rds", `subgrp:${nameIn(id)}`),
    description: inputs.description ?? "Managed by Pulumi",
    supportedNetworkTypes: ["IPV4"],
    vpcId: lookup(ctx, SUBNET, "id", texts(inputs.subnetIds)[0])?.inputs.vpcId ?? "",
  }),
  refuseWrite(ctx, inputs) {
    const ids = texts(inputs.subnetIds);
    const found = ids.map((id) => lookup(ctx, SUBNET, "id", id));
    const missing = ids.find((_, index) => found[index] === undefined);
    if (missing !== undefined) ctx.refuse("InvalidSubnet", `there is no subnet ${missing}`);
    // Subnets that a preview does not know yet may lie in any zone.
    if (Array.isArray(inputs.subnetIds) && ids.length < inputs.subnetIds.length) return;
    if (new Set(found.map((o) => o?.inputs.vpcId)).size > 1) {
      ctx.refuse("InvalidSubnet", "the subnets of a group lie in one VPC");
    }
    const zones = new Set(found.map((o) => o?.outputs.availabilityZone));
    if (zones.size < 2) {
      ctx.refuse(
        "DBSubnetGroupDoesNotCoverEnoughAZs",
        `two zones are needed, here: ${[...zones].join(", ")}`,
      );
    }
  },
  refuseCreate(ctx, inputs) {
    if (text(inputs.name)?.toLowerCase() === "default") {
      ctx.refuse("DBSubnetGroupAlreadyExists", `the name "default" belongs to AWS`);
    }
    refuseTakenName(ctx, inputs, "name", "DBSubnetGroupAlreadyExists");
  },
  refuseDelete(ctx, existing) {
    refuseUsed(ctx, existing, "dbSubnetGroupName", "InvalidDBSubnetGroupStateFault");
  },
};

const parameterGroup: Rule = {
  id: (ctx, inputs) => regionalId(ctx, nameOf(ctx, inputs)),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    name: nameIn(id),
    arn: arn(ctx, "rds", `pg:${nameIn(id)}`),
    description: inputs.description ?? "Managed by Pulumi",
  }),
  refuseCreate: (ctx, inputs) => refuseTakenName(ctx, inputs, "name", "DBParameterGroupAlreadyExists"),
  refuseDelete(ctx, existing) {
    refuseUsed(ctx, existing, "parameterGroupName", "InvalidDBParameterGroupState");
  },
};

export const rules: Rules = { [GROUP]: subnetGroup, [PARAMETERS]: parameterGroup };

/** The zones that a subnet group reaches, in the order of its subnets. */
export function zonesOf(ctx: RuleContext, group: CloudObject | undefined): readonly string[] {
  const subnets = texts(group?.inputs.subnetIds).map((id) => lookup(ctx, SUBNET, "id", id));
  return texts(subnets.map((o) => o?.outputs.availabilityZone));
}

function refuseUsed(ctx: RuleContext, existing: CloudObject, property: string, code: string): void {
  const user = alive(ctx, INSTANCE).find(
    (o) => o.inputs[property] === existing.outputs.name && o.outputs.region === existing.outputs.region,
  );
  if (user) ctx.refuse(code, `${existing.outputs.name} is in use by the database ${user.outputs.identifier}`);
}
