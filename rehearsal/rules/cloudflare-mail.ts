import type { Props, RuleContext, Rules } from "../types";
import { records, text, texts } from "./aws";
import { refuseOtherMail } from "./cloudflare-dns";
import { hexId, refuseStrangeAccount, scriptExists, zoneOf } from "./cloudflare-lookups";

export const rules: Rules = {
  "cloudflare:index/emailRoutingSettings:EmailRoutingSettings": {
    id: (_ctx, inputs) => String(inputs.zoneId),
    refuseWrite: (ctx, inputs) => void zoneOf(ctx, inputs),
    outputs: routing,
  },
  "cloudflare:index/emailRoutingDns:EmailRoutingDns": {
    id: (_ctx, inputs) => `${inputs.zoneId}${inputs.name == null ? "" : `/${inputs.name}`}`,
    refuseCreate: refuseOtherMail,
    outputs: routing,
  },
  "cloudflare:index/emailRoutingAddress:EmailRoutingAddress": {
    id: hexId,
    refuseWrite: refuseStrangeAccount,
    refuseCreate: (ctx, inputs) => {
      const twin = ctx.find(
        ctx.type,
        (o) => o.inputs.email === inputs.email && o.inputs.accountId === inputs.accountId,
      );
      if (twin)
        ctx.refuse("409", `the address ${inputs.email} is known to the account: all its zones share it`);
    },
    outputs: (ctx, inputs, id, previous) => {
      const verified = isVerified(ctx, inputs.email);
      return {
        tag: id,
        created: previous?.created ?? ctx.now,
        modified: ctx.now,
        verified: verified ? (previous?.verified ?? ctx.now) : undefined,
        status: verified ? "verified" : "unverified",
      };
    },
  },
  "cloudflare:index/emailRoutingRule:EmailRoutingRule": {
    id: hexId,
    refuseWrite: refuseActions,
    outputs: (_ctx, _inputs, id) => ({ tag: id }),
  },
  "cloudflare:index/emailRoutingCatchAll:EmailRoutingCatchAll": {
    id: (_ctx, inputs) => String(inputs.zoneId),
    refuseWrite: refuseActions,
    outputs: (ctx) => ({ tag: hexId(ctx) }),
    // Deleting takes it out of the state alone: the mail goes on being forwarded.
    keepsAfterDelete: () => true,
  },
};

function routing(ctx: RuleContext, inputs: Props, _id: string, previous?: Props): Props {
  return {
    created: previous?.created ?? ctx.now,
    modified: ctx.now,
    enabled: true,
    name: inputs.name ?? zoneOf(ctx, inputs)?.name,
    skipWizard: true,
    status: "ready",
    tag: ctx.hex("tag", 32),
  };
}

function refuseActions(ctx: RuleContext, inputs: Props): void {
  const zone = zoneOf(ctx, inputs);
  for (const action of records(inputs.actions)) {
    const values = Array.isArray(action.values) ? action.values : [];
    if (action.type === "forward") refuseForward(ctx, values);
    const script = action.type === "worker" ? text(values[0]) : undefined;
    if (action.type === "worker" && values.length === 0)
      ctx.refuse("2007", "a worker action names no script");
    if (script !== undefined && !scriptExists(ctx, script, zone?.accountId)) {
      ctx.refuse("2007", `the account has no Worker ${script}`);
    }
  }
}

function refuseForward(ctx: RuleContext, values: readonly unknown[]): void {
  if (values.length !== 1) ctx.refuse("2007", `a forward action takes one address, not ${values.length}`);
  const stranger = texts(values).find((address) => !isVerified(ctx, address));
  if (stranger !== undefined) {
    ctx.refuse(
      "2054",
      `${stranger} is not verified: its owner must follow the link in Cloudflare's mail first`,
    );
  }
}

function isVerified(ctx: RuleContext, address: unknown): boolean {
  const wanted = text(address)?.toLowerCase();
  return ctx.world.verifiedMail.some((a) => a.toLowerCase() === wanted);
}
