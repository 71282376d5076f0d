import { createHash } from "node:crypto";
import type { AutoName, Facts } from "./facts";
import type { Failure, Props } from "./types";

export interface NameRequest {
  readonly urn: string;
  readonly olds?: Props;
  readonly news: Props;
  /** Whether an object of the type has this physical name. */
  readonly taken: (property: string, value: string) => boolean;
  /** Whether an object of the type was given this physical name by the provider. */
  readonly autonamed: (property: string, value: unknown) => boolean;
}

/** Random digits, and those after an explicit prefix. */
const RANDOM = 7;
const DIGITS = 26;

/** The physical name that the provider makes up where the program gives none; the old one is kept. */
export function autoname(facts: Facts, r: NameRequest): { inputs: Props; failures: Failure[] } {
  const rule = facts.autoname;
  if (!rule || r.news[rule.property] != null) return { inputs: {}, failures: [] };
  const prefix = rule.prefix === undefined ? undefined : r.news[rule.prefix];
  if (typeof prefix === "string")
    return { inputs: { [rule.property]: prefixed(rule, prefix, r) }, failures: [] };
  const stem = stemOf(rule, r);
  const length = stem.length + digitsOf(rule) + suffixOf(rule, r.news).length;
  const failures =
    length > rule.max ? [{ property: rule.property, reason: tooLong(rule, stem, length) }] : [];
  return { inputs: { [rule.property]: named(rule, stem, r) }, failures };
}

/** Whether a name has the form that the provider gives to the resource of this URN. */
export function isAutoname(rule: AutoName, urn: string, value: unknown): boolean {
  const stem = stemOf(rule, { urn });
  if (typeof value !== "string" || !value.startsWith(stem)) return false;
  const digits = value.slice(stem.length).replace(rule.suffixIf?.suffix ?? "", "");
  return digits.length === digitsOf(rule) && /^[0-9a-f]*$/.test(digits);
}

/** The logical name of a resource: the last part of its URN. */
export function logicalName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

function named(rule: AutoName, stem: string, r: NameRequest): string {
  const old = r.olds?.[rule.property];
  // A renamed resource keeps the name that it was given under its former URN.
  if (typeof old === "string" && (isAutoname(rule, r.urn, old) || r.autonamed(rule.property, old)))
    return old;
  return firstFree(rule, r, (hash) => stem + hash.slice(0, digitsOf(rule)) + suffixOf(rule, r.news));
}

function prefixed(rule: AutoName, prefix: string, r: NameRequest): string {
  const old = r.olds?.[rule.property];
  if (typeof old === "string" && old.startsWith(prefix) && /^\d{26}$/.test(old.slice(prefix.length)))
    return old;
  return firstFree(rule, r, (hash) => prefix + BigInt(`0x${hash}`).toString().slice(-DIGITS));
}

function firstFree(rule: AutoName, r: NameRequest, make: (hash: string) => string): string {
  for (let attempt = 0; ; attempt++) {
    const name = make(createHash("sha256").update(`${r.urn} ${attempt}`).digest("hex"));
    if (digitsOf(rule) === 0 || !r.taken(rule.property, name)) return name;
  }
}

function stemOf(rule: AutoName, r: { readonly urn: string }): string {
  const logical = logicalName(r.urn);
  return `${rule.before ?? ""}${rule.lower ? logical.toLowerCase() : logical}${rule.separator ?? "-"}`;
}

function digitsOf(rule: AutoName): number {
  return rule.random ?? RANDOM;
}

function suffixOf(rule: AutoName, news: Props): string {
  return rule.suffixIf && news[rule.suffixIf.property] === true ? rule.suffixIf.suffix : "";
}

function tooLong(rule: AutoName, stem: string, length: number): string {
  return `the automatic ${rule.property} ${stem}${"x".repeat(digitsOf(rule))} would have ${length} characters, at most ${rule.max} are possible: shorten the resource's name or set ${rule.property}`;
}
