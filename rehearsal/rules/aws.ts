import { type CloudObject, type Props, type RuleContext, UNKNOWN } from "../types";

/** The region of a resource that names none. */
export const HOME_REGION = "eu-west-3";

/** A text that is known. A value that a preview does not know yet decides nothing, so it reads as absent. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && !value.includes(UNKNOWN) ? value : undefined;
}

/** The known texts of a list. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(text).filter((each) => each !== undefined) : [];
}

/** A known number; AWS takes many of them as text. */
export function number(value: unknown): number | undefined {
  const parsed = typeof value === "number" ? value : Number(text(value) ?? Number.NaN);
  return Number.isFinite(parsed) ? parsed : undefined;
}

/** A nested block; empty when absent or unknown. */
export function record(value: unknown): Props {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Props) : {};
}

/** The nested blocks of a list. */
export function records(value: unknown): readonly Props[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "object" && each !== null) : [];
}

/** What a JSON text says; undefined when it is no JSON. */
export function json(value: unknown): unknown {
  try {
    return JSON.parse(text(value) ?? "");
  } catch {
    return undefined;
  }
}

/** An ARN in the region and account of the resource at hand. */
export function arn(ctx: RuleContext, service: string, resource: string): string {
  return `arn:aws:${service}:${ctx.region}:${ctx.account}:${resource}`;
}

/** An ARN of a service that knows no regions. */
export function globalArn(ctx: RuleContext, service: string, resource: string): string {
  return `arn:aws:${service}::${ctx.account}:${resource}`;
}

/** True when the ARN belongs to the account at hand: what another account holds cannot be looked up. */
export function isOwn(ctx: RuleContext, value: string): boolean {
  return value.split(":")[4] === ctx.account;
}

/** The part of an ARN after the account: `role/path/name`, `db:name`. */
export function resourceOf(value: string): string {
  return value.split(":").slice(5).join(":");
}

/**
 * An id such as `vpc-0a1b…` that no object of the type has. The pseudo-random text is the same for each
 * resource name, and a replacement stands beside what it replaces: hence the counter.
 */
export function freshId(ctx: RuleContext, prefix: string, length = 17): string {
  for (let attempt = 0; ; attempt++) {
    const id = prefix + ctx.hex(attempt === 0 ? "id" : `id ${attempt}`, length);
    if (ctx.find(ctx.type, (o) => o.id === id) === undefined) return id;
  }
}

/** The same as {@link freshId} in the shape of a UUID. */
export function freshUuid(ctx: RuleContext): string {
  for (let attempt = 0; ; attempt++) {
    const id = uuid(ctx.hex(attempt === 0 ? "uuid" : `uuid ${attempt}`, 32));
    if (ctx.find(ctx.type, (o) => o.id === id) === undefined) return id;
  }
}

export function uuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}

/** A name as the id of a regional resource: two regions may each have the name, one table of ids may not. */
export function regionalId(ctx: RuleContext, name: string): string {
  return ctx.region === HOME_REGION ? name : `${name}@${ctx.region}`;
}

/** The name in {@link regionalId}: what the service itself calls the resource. */
export function nameIn(id: string): string {
  return id.split("@")[0] ?? id;
}

/** The physical name: as given, or after the prefix, or after the resource's own name. */
export function nameOf(ctx: RuleContext, inputs: Props, key = "name"): string {
  const given = text(inputs[key]);
  if (given !== undefined) return given;
  return freshId(ctx, text(inputs[`${key}Prefix`]) ?? `${ctx.urn.split("::").at(-1)}-`, 8);
}

/** What every regional resource with tags has; the simulated provider sets no default tags. */
export function tagged(ctx: RuleContext, inputs: Props): Props {
  return { region: ctx.region, tagsAll: inputs.tags ?? {} };
}

/** True for what was deleted and yet lives on: a reserved secret name, a final snapshot. */
export function isDeleted(object: CloudObject): boolean {
  return object.contents?.deletedAt !== undefined;
}

/** The objects of a type that are not deleted. */
export function alive(ctx: RuleContext, type: string): readonly CloudObject[] {
  return ctx.all(type).filter((object) => !isDeleted(object));
}

/** A property as the cloud has it: the id, computed, or else as it was given. */
export function property(object: CloudObject, name: string): unknown {
  if (name === "id") return object.id;
  return object.outputs[name] ?? object.inputs[name];
}

/** The living object of a type whose property has the value, in any region. */
export function lookup(
  ctx: RuleContext,
  type: string,
  name: string,
  value: unknown,
): CloudObject | undefined {
  const wanted = text(value);
  if (wanted === undefined) return undefined;
  return alive(ctx, type).find((object) => property(object, name) === wanted);
}

export function isHere(ctx: RuleContext, object: CloudObject): boolean {
  return (text(property(object, "region")) ?? HOME_REGION) === ctx.region;
}

/** The living object of a type whose property has the value, in the region at hand. */
export function lookupHere(ctx: RuleContext, type: string, name: string, value: unknown) {
  const wanted = text(value);
  if (wanted === undefined) return undefined;
  return alive(ctx, type).find((object) => isHere(ctx, object) && property(object, name) === wanted);
}

/** Refuses a create whose name another object of the type has in this region. */
export function refuseTakenName(ctx: RuleContext, inputs: Props, name: string, code: string): void {
  const taken = lookupHere(ctx, ctx.type, name, inputs[name]);
  if (taken !== undefined)
    ctx.refuse(code, `the ${name} "${inputs[name]}" is already in use in ${ctx.region}`);
}

/** Refuses when a known reference points at nothing. */
export function refuseMissing(
  ctx: RuleContext,
  type: string,
  name: string,
  value: unknown,
  code: string,
): CloudObject | undefined {
  const wanted = text(value);
  if (wanted === undefined) return undefined;
  const kind = type.slice(type.lastIndexOf(":") + 1);
  return (
    lookup(ctx, type, name, wanted) ?? ctx.refuse(code, `there is no ${kind} whose ${name} is "${wanted}"`)
  );
}
