import { createHash } from "node:crypto";
import type { Props, Rule, RuleContext, Rules } from "../types";
import { uuid } from "./aws";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

interface Class {
  readonly on: boolean;
  readonly least: number;
  readonly characters: string;
}

/** Generated once, then kept by the state: the values come from the cloud's seed and are always the same for it. */
export const rules: Rules = {
  "random:index/randomPassword:RandomPassword": {
    id: () => "none",
    refuseWrite: refuseTooShort,
    outputs: (ctx, inputs, _id, previous) => {
      const result = previous?.result ?? characters(ctx, inputs);
      // A stand-in of the right shape: nothing in the stack compares it with the password.
      const bcryptHash = `$2a$10$${createHash("sha256").update(String(result)).digest("hex").slice(0, 53)}`;
      return { result, bcryptHash };
    },
  },
  "random:index/randomString:RandomString": {
    id: (ctx, inputs) => characters(ctx, inputs),
    refuseWrite: refuseTooShort,
    outputs: (_ctx, _inputs, id) => ({ result: id }),
  },
  "random:index/randomId:RandomId": {
    id: (ctx, inputs) => bytes(ctx, inputs.byteLength).toString("base64url"),
    outputs: (_ctx, inputs, id) => ofId(Buffer.from(id, "base64url"), String(inputs.prefix ?? "")),
  },
  "random:index/randomBytes:RandomBytes": {
    id: () => "none",
    outputs: (ctx, inputs, _id, previous) => {
      const value = previous ? Buffer.from(String(previous.hex), "hex") : bytes(ctx, inputs.length);
      return { base64: value.toString("base64"), hex: value.toString("hex") };
    },
  },
  "random:index/randomUuid:RandomUuid": {
    id: (ctx) => uuid(version4(ctx.hex("uuid", 32))),
    outputs: (_ctx, _inputs, id) => ({ result: id }),
  },
} satisfies Record<string, Rule>;

function refuseTooShort(ctx: RuleContext, inputs: Props): void {
  const least = classes(inputs).reduce((sum, c) => sum + c.least, 0);
  if (Number(inputs.length) < least) {
    ctx.refuse("InvalidAttribute", `length is ${inputs.length}, but the min* characters alone are ${least}`);
  }
  if (!classes(inputs).some((c) => c.on)) {
    ctx.refuse("InvalidAttribute", "at least one of upper, lower, numeric and special must be true");
  }
}

function classes(inputs: Props): readonly Class[] {
  const of = (on: unknown, least: unknown, characters: string) => ({
    on: on !== false,
    least: Number(least ?? 0),
    characters,
  });
  const special = inputs.overrideSpecial ? String(inputs.overrideSpecial) : SPECIAL;
  return [
    of(inputs.lower, inputs.minLower, LOWER),
    of(inputs.upper, inputs.minUpper, LOWER.toUpperCase()),
    of(inputs.numeric ?? inputs.number, inputs.minNumeric, DIGITS),
    of(inputs.special, inputs.minSpecial, special),
  ];
}

/** First what the minimums ask for, even of a class that is off; then of all classes; then shuffled. */
function characters(ctx: RuleContext, inputs: Props): string {
  const kinds = classes(inputs);
  const all = kinds
    .filter((c) => c.on)
    .map((c) => c.characters)
    .join("");
  const wanted = kinds.flatMap((c) => Array<string>(c.least).fill(c.characters));
  const pools = [...wanted, ...Array<string>(Math.max(0, Number(inputs.length) - wanted.length)).fill(all)];
  const pick = numbers(ctx, pools.length * 2);
  const drawn = pools.map((pool, i) => ({
    c: pool[(pick[i] ?? 0) % pool.length] ?? "",
    at: pick[pools.length + i] ?? 0,
  }));
  return drawn
    .sort((a, b) => a.at - b.at)
    .map(({ c }) => c)
    .join("");
}

function numbers(ctx: RuleContext, count: number): number[] {
  const digits = ctx.hex("value", count * 8);
  return Array.from({ length: count }, (_, i) => Number.parseInt(digits.slice(i * 8, i * 8 + 8), 16));
}

function bytes(ctx: RuleContext, length: unknown): Buffer {
  return Buffer.from(ctx.hex("value", Number(length) * 2), "hex");
}

function ofId(value: Buffer, prefix: string): Props {
  const hex = value.toString("hex");
  return {
    b64Std: prefix + value.toString("base64"),
    b64Url: prefix + value.toString("base64url"),
    dec: prefix + BigInt(`0x${hex || "0"}`).toString(),
    hex: prefix + hex,
  };
}

function version4(hex: string): string {
  const variant = "89ab"[Number.parseInt(hex[16] ?? "0", 16) % 4];
  return `${hex.slice(0, 12)}4${hex.slice(13, 16)}${variant}${hex.slice(17)}`;
}
