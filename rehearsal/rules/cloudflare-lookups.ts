import type { Props, RuleContext } from "../types";
import { text } from "./aws";

export interface Zone {
  readonly name: string;
  readonly id: string;
  readonly accountId: string;
  readonly plan: "free" | "pro";
}

/** The zone that a resource names; its absence is refused. Undefined only while the id is not known. */
export function zoneOf(ctx: RuleContext, inputs: Props): Zone | undefined {
  const id = text(inputs.zoneId);
  if (id === undefined) return undefined;
  return zones(ctx).find((z) => z.id === id) ?? ctx.refuse("404", `there is no zone with the id ${id}`);
}

export function zones(ctx: RuleContext): readonly Zone[] {
  return Object.entries(ctx.world.zones).map(([name, zone]) => ({ name, ...zone }));
}

/** Refuses an account to which no zone belongs. */
export function refuseStrangeAccount(ctx: RuleContext, inputs: Props): void {
  const id = text(inputs.accountId);
  if (id !== undefined && !zones(ctx).some((z) => z.accountId === id)) {
    ctx.refuse("404", `there is no account with the id ${id}`);
  }
}

/** The zone to which a host name belongs: the longest that fits. */
export function zoneOfHost(ctx: RuleContext, host: string): Zone | undefined {
  const fits = zones(ctx).filter((z) => host === z.name || host.endsWith(`.${z.name}`));
  return fits.sort((a, b) => b.name.length - a.name.length)[0];
}

export function scriptExists(ctx: RuleContext, name: string, accountId?: string): boolean {
  const isIt = (inputs: Props) =>
    inputs.scriptName === name && (accountId === undefined || inputs.accountId === accountId);
  return ctx.find("cloudflare:index/workersScript:WorkersScript", (o) => isIt(o.inputs)) !== undefined;
}

/** An id as Cloudflare makes them. */
export function hexId(ctx: RuleContext): string {
  return ctx.hex("id", 32);
}
