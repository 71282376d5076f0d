import type { Rule, RuleContext, Rules } from "../types";
import { alive, arn, freshId, tagged } from "./aws";

export const NAT = "aws:ec2/natGateway:NatGateway";

const eip: Rule = {
  id: (ctx) => freshId(ctx, "eipalloc-"),
  outputs: (ctx, inputs, id) => {
    const address = publicAddress(ctx, "address");
    return {
      ...tagged(ctx, inputs),
      arn: arn(ctx, "ec2", `elastic-ip/${id}`),
      allocationId: id,
      associationId: "",
      domain: inputs.domain ?? "vpc",
      publicIp: address,
      publicDns: `ec2-${address.replaceAll(".", "-")}.${ctx.region}.compute.amazonaws.com`,
      privateIp: "",
      privateDns: "",
      ptrRecord: "",
      carrierIp: "",
      customerOwnedIp: "",
    };
  },
  refuseDelete(ctx, existing) {
    const nat = alive(ctx, NAT).find((o) => o.inputs.allocationId === existing.id);
    if (nat) ctx.refuse("InvalidIPAddress.InUse", `the address ${existing.id} serves ${nat.id}`);
  },
};

const natGateway: Rule = {
  id: (ctx) => freshId(ctx, "nat-"),
  outputs: (ctx, inputs) => {
    const address = ctx.find("aws:ec2/eip:Eip", (o) => o.id === inputs.allocationId);
    return {
      ...tagged(ctx, inputs),
      connectivityType: inputs.connectivityType ?? "public",
      associationId: `eipassoc-${ctx.hex("association", 17)}`,
      networkInterfaceId: `eni-${ctx.hex("interface", 17)}`,
      publicIp: address?.outputs.publicIp ?? "",
      availabilityMode: inputs.availabilityMode ?? "zonal",
      autoProvisionZones: "",
      autoScalingIps: "",
      regionalNatGatewayAddresses: [],
      regionalNatGatewayAutoMode: "",
      routeTableId: "",
      privateIp: inputs.privateIp ?? "10.0.0.10",
    };
  },
  refuseCreate(ctx, inputs) {
    const isPrivate = inputs.connectivityType === "private";
    if (isPrivate && inputs.allocationId !== undefined) {
      ctx.refuse("InvalidParameterCombination", "a private NAT gateway takes no allocationId");
    }
    if (inputs.availabilityMode === "regional") return;
    if (inputs.subnetId === undefined) ctx.refuse("MissingParameter", "a NAT gateway needs a subnetId");
    if (!isPrivate && inputs.allocationId === undefined) {
      ctx.refuse("MissingParameter", "a public NAT gateway needs the allocationId of an Elastic IP");
    }
    const taken = alive(ctx, NAT).find(
      (o) => inputs.allocationId !== undefined && o.inputs.allocationId === inputs.allocationId,
    );
    if (taken) ctx.refuse("Resource.AlreadyAssociated", `${inputs.allocationId} already serves ${taken.id}`);
  },
};

export const rules: Rules = { "aws:ec2/eip:Eip": eip, [NAT]: natGateway };

/** An address of TEST-NET-3 (RFC 5737): nobody's. */
function publicAddress(ctx: RuleContext, purpose: string): string {
  return `203.0.113.${(Number.parseInt(ctx.hex(purpose, 4), 16) % 254) + 1}`;
}
