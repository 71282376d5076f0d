import type { CloudObject, Props, RuleContext, Rules } from "../types";
import { records, text } from "./aws";
import { rules as access } from "./cloudflare-access";
import { rules as dns } from "./cloudflare-dns";
import { hexId, refuseStrangeAccount, zoneOf } from "./cloudflare-lookups";
import { rules as mail } from "./cloudflare-mail";
import { rules as pages } from "./cloudflare-pages";
import { rules as workers } from "./cloudflare-workers";

const RULESET = "cloudflare:index/ruleset:Ruleset";
const ENTRY_POINTS = ["zone", "root"];

export const rules: Rules = {
  ...dns,
  ...mail,
  ...workers,
  ...pages,
  ...access,
  "cloudflare:index/zoneSetting:ZoneSetting": {
    id: (_ctx, inputs) => `${inputs.zoneId}/${inputs.settingId}`,
    refuseWrite: (ctx, inputs) => void zoneOf(ctx, inputs),
    outputs: (ctx) => ({ editable: true, modifiedOn: ctx.now }),
    // Deleting takes it out of the state alone: the zone goes on with the value.
    keepsAfterDelete: () => true,
  },
  [RULESET]: {
    id: hexId,
    refuseWrite: refuseRuleset,
    outputs: (ctx, inputs, _id, previous) => ({
      version: String(Number(previous?.version ?? 0) + 1),
      lastUpdated: ctx.now,
      rules: withIds(ctx, inputs, previous),
    }),
  },
};

function refuseRuleset(ctx: RuleContext, inputs: Props, existing?: CloudObject): void {
  zoneOf(ctx, inputs);
  refuseStrangeAccount(ctx, inputs);
  if (!ENTRY_POINTS.includes(String(inputs.kind))) return;
  const owner = (p: Props) => text(p.zoneId) ?? text(p.accountId);
  const rival = ctx.find(
    RULESET,
    (o) =>
      o.id !== existing?.id &&
      ENTRY_POINTS.includes(String(o.inputs.kind)) &&
      o.inputs.phase === inputs.phase &&
      owner(o.inputs) === owner(inputs),
  );
  if (rival) {
    ctx.refuse(
      "20217",
      `the phase ${inputs.phase} has its one entry point already (${rival.inputs.name}, ${rival.id}): add the rules there, or import it`,
    );
  }
}

/** A rule keeps its id only under a `ref` that stays; the others get a new one with every version. */
function withIds(ctx: RuleContext, inputs: Props, previous: Props = {}): readonly Props[] {
  const version = Number(previous.version ?? 0) + 1;
  return records(inputs.rules).map((rule, i) => {
    const ref = text(rule.ref);
    return { ...rule, id: ctx.hex(ref === undefined ? `rule ${i} of ${version}` : `ref ${ref}`, 32) };
  });
}
