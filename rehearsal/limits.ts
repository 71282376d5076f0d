import { parseCIDR } from "ipaddr.js";
import type { Limit } from "./facts";
import { UNKNOWN } from "./types";
import { isObject } from "./values";

/** A bound that a value does not keep. */
export interface Breach {
  readonly must: string;
  readonly value: unknown;
  /** Said instead of the value, which may be long. */
  readonly said?: string;
}

/** The bounds that a value, or any item of a list, does not keep. An unknown value keeps them all. */
export function breaches(limit: Limit, value: unknown): Breach[] {
  if (isUnknown(value)) return [];
  if (Array.isArray(value)) return [...ofList(limit, value), ...value.flatMap((v) => breaches(limit, v))];
  if (isObject(value)) return ofObject(limit, value);
  return [...ofNumber(limit, value), ...(typeof value === "string" ? ofText(limit, value) : [])];
}

function ofList(limit: Limit, list: readonly unknown[]): Breach[] {
  const said = `${list.length} item(s)`;
  return when([
    [
      limit.minItems !== undefined && list.length < limit.minItems,
      `needs at least ${limit.minItems} item(s)`,
    ],
    [limit.maxItems !== undefined && list.length > limit.maxItems, `takes at most ${limit.maxItems} item(s)`],
  ]).map((must) => ({ must, value: list, said }));
}

function ofObject(limit: Limit, object: Record<string, unknown>): Breach[] {
  const absent = (limit.needs ?? []).filter((key) => object[key] == null);
  return absent.map((key) => ({ must: `needs ${key}`, value: object, said: `without ${key}` }));
}

function ofNumber(limit: Limit, value: unknown): Breach[] {
  const bounded = limit.min ?? limit.max ?? limit.multipleOf;
  if (bounded === undefined && !limit.integer) return [];
  if (value === "" || typeof value === "boolean") return [];
  const n = Number(value);
  if (Number.isNaN(n)) return [{ must: "must be a number", value }];
  if (limit.also?.includes(n)) return [];
  const also = limit.also ? ` (or ${limit.also.join(", ")})` : "";
  return when([
    [limit.integer === true && !Number.isInteger(n), "must be a whole number"],
    [limit.min !== undefined && n < limit.min, `must be at least ${limit.min}${also}`],
    [limit.max !== undefined && n > limit.max, `must be at most ${limit.max}${also}`],
    [
      limit.multipleOf !== undefined && n % limit.multipleOf !== 0,
      `must be a multiple of ${limit.multipleOf}${also}`,
    ],
  ]).map((must) => ({ must, value }));
}

function ofText(limit: Limit, text: string): Breach[] {
  const said = `${text.length} characters long`;
  const length = when([
    [
      limit.minLength !== undefined && text.length < limit.minLength,
      `needs at least ${limit.minLength} character(s)`,
    ],
    [
      limit.maxLength !== undefined && text.length > limit.maxLength,
      `takes at most ${limit.maxLength} characters`,
    ],
    [limit.json === true && !isJson(text), "must be valid JSON"],
  ]).map((must) => ({ must, value: text, said }));
  const patterns = [...(limit.pattern === undefined ? [] : [limit.pattern]), ...(limit.patterns ?? [])];
  const form = when([
    ...patterns.map((p) => [!regexp(p).test(text), `must match ${p}`] as const),
    [
      limit.notPattern !== undefined && regexp(limit.notPattern).test(text),
      `must not match ${limit.notPattern}`,
    ],
    [
      limit.arn === true && text !== "" && !/^arn:[\w-]+:[\w-]*:[\w-]*:[\w-]*:.+/.test(text),
      "must be an ARN",
    ],
    [limit.cidr !== undefined && !isNetwork(text, limit), `must be ${network(limit)}`],
  ]);
  return [...length, ...form.map((must) => ({ must, value: text }))];
}

/** A CIDR block whose address has no bits beyond its mask. */
function isNetwork(text: string, limit: Limit): boolean {
  try {
    const [address, bits] = parseCIDR(text);
    const family = address.kind() === "ipv4" ? 4 : 6;
    const [from, to] = limit.netmask ?? [0, 128];
    const bytes = address.toByteArray();
    const host = bytes.some((byte, i) => (byte & (0xff >> Math.min(8, Math.max(0, bits - i * 8)))) !== 0);
    return !host && bits >= from && bits <= to && (limit.cidr === 0 || limit.cidr === family);
  } catch {
    return false;
  }
}

function network(limit: Limit): string {
  const family = limit.cidr ? `an IPv${limit.cidr}` : "a";
  const mask = limit.netmask ? ` with a mask of ${limit.netmask[0]} to ${limit.netmask[1]} bits` : "";
  return `${family} network address without host bits${mask}`;
}

function isUnknown(value: unknown): boolean {
  return value == null || (typeof value === "string" && value.includes(UNKNOWN));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Unicode classes need the flag; without them it would refuse escapes that the sources use. */
function regexp(pattern: string): RegExp {
  return new RegExp(pattern, pattern.includes("\\p{") ? "u" : "");
}

function when(table: readonly (readonly [boolean, string])[]): string[] {
  return table.filter(([broken]) => broken).map(([, must]) => must);
}
