import type { CloudObject, Props, RuleContext, Rules } from "../types";
import { freshUuid, records, text } from "./aws";
import { refuseStrangeAccount, zoneOf, zoneOfHost } from "./cloudflare-lookups";

const APPLICATION = "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication";
const POLICY = "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy";

export const rules: Rules = {
  [POLICY]: {
    id: freshUuid,
    refuseWrite: refuseStrangeAccount,
    outputs: (ctx, _inputs, _id, previous) => ({
      reusable: true,
      createdAt: previous?.createdAt ?? ctx.now,
      updatedAt: ctx.now,
    }),
  },
  [APPLICATION]: {
    id: freshUuid,
    refuseWrite: refuseApplication,
    outputs: (ctx) => ({ aud: ctx.hex("aud", 64) }),
  },
};

function refuseApplication(ctx: RuleContext, inputs: Props, existing?: CloudObject): void {
  if ((inputs.accountId == null) === (inputs.zoneId == null)) {
    ctx.refuse("InvalidAttribute", "an Access application needs either accountId or zoneId");
  }
  refuseStrangeAccount(ctx, inputs);
  zoneOf(ctx, inputs);
  const others = ctx.all(APPLICATION).filter((o) => o.id !== existing?.id);
  for (const destination of destinations(inputs)) {
    const host = destination.split("/")[0] ?? "";
    if (!zoneOfHost(ctx, host)) ctx.refuse("12130", `${host} lies in no zone of the account`);
    const owner = others.find((o) => destinations(o.inputs).includes(destination));
    if (owner) ctx.refuse("12130", `${destination} belongs to the application ${owner.inputs.name}`);
  }
  for (const policy of records(inputs.policies)) refusePolicyOf(ctx, policy);
}

function refusePolicyOf(ctx: RuleContext, policy: Props): void {
  const id = text(policy.id);
  if (id === undefined) return;
  if (policy.includes != null)
    ctx.refuse("InvalidAttribute", "a policy is either named by its id or written inline");
  if (!ctx.find(POLICY, (o) => o.id === id)) ctx.refuse("404", `there is no Access policy ${id}`);
}

function destinations(inputs: Props): readonly string[] {
  const listed = records(inputs.destinations).filter((d) => (d.type ?? "public") === "public");
  const hosts = [inputs.domain, ...listed.map((d) => d.uri)].map(text);
  return [...new Set(hosts.filter((h) => h !== undefined))];
}
