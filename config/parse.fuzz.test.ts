import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isPlain } from "./layers";
import { ConfigurationError } from "./mistakes";
import { parse } from "./parse";
import { RIGHT, raw } from "./testing";

/** The value of the given secret: it may be in no message, whatever else is wrong. */
const SENTINEL = "Sentinel-7f3a'%$#ç";

type Path = readonly (string | number)[];
type Change = { readonly kind: "delete" | "rename" | "replace" | "add"; readonly at: number; junk: unknown };

/** Every place of a configuration at which something stands. */
function places(value: unknown, path: Path = []): Path[] {
  const inner = Array.isArray(value)
    ? value.flatMap((each, index) => places(each, [...path, index]))
    : isPlain(value)
      ? Object.entries(value).flatMap(([key, each]) => places(each, [...path, key]))
      : [];
  return path.length === 0 ? inner : [path, ...inner];
}

/** Junk of the kinds that YAML can hold, also the kinds that come close to being right. */
const junk = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string(),
  fc.double(),
  fc.integer(),
  fc.constantFrom<unknown>(
    ...[
      "",
      " ",
      "__proto__",
      "constructor",
      "toString",
      "hasOwnProperty",
      "-",
      "0",
      "null",
      "*",
      "\u0000",
      "é",
    ],
    ...["10.20.0.0/16", "10.0.0.0/0", "0 0 30 2 *", "*/0 * * * *", "5-1 * * * *", "0 0 * * 8", "L * * * *"],
    ...["@daily", "0 0 L * *", "0 0 * * 5#2", "0 0 * * MON-FRI", "? * * * *", "0-59/7 * * JAN *"],
    ...[
      "90m",
      "0s",
      "1e9d",
      "99999999999999999999d",
      "Europe/Paris",
      "+25:00",
      "shop.example",
      "8.4.999",
      "8.5",
    ],
    ...[`${"a".repeat(63)}.${"b".repeat(63)}.shop.example`, "x".repeat(5000), "db.t4g.huge", "sha256:0"],
    ...[null, true, false, 0, -0, -1, 1e308, [], {}, [[]], [null], { snapshot: "s" }, { instance: "i" }],
    ...[{ constructor: 1 }, JSON.parse('{"__proto__":{"count":-1}}'), { secure: "v1:x:y" }, ["a", "a"]],
  ),
);

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom("delete", "rename", "replace", "add"),
  at: fc.nat(10_000),
  junk,
});

/** A right configuration, with the three parts that hold values of their own, after some changes. */
function changed(changes: readonly Change[]): typeof RIGHT {
  const { shared, differences, around } = RIGHT;
  const copy = structuredClone({ shared, differences: { ...differences, ...DIFFERENCES }, around });
  for (const each of changes) apply(copy, each);
  return { ...RIGHT, ...copy, secrets: { MAP_KEY: SENTINEL } };
}

const DIFFERENCES = {
  monitoring: { budget: 250 },
  mailbox: { addresses: { team: ["team@elsewhere.example"] } },
  applications: { web: { processes: { worker: { autoscale: { min: 1, max: 3 } } } } },
};

function apply(copy: object, { kind, at, junk }: Change): void {
  const all = places(copy).filter(({ length }) => length > 1);
  const path = all[at % all.length];
  if (path === undefined) return;
  const holder = path.slice(0, -1).reduce<unknown>((inner, key) => (inner as never)[key], copy) as Record<
    string | number,
    unknown
  >;
  const key = path.at(-1) as string | number;
  const old = structuredClone(holder[key]);
  if (kind === "replace") set(holder, key, structuredClone(junk));
  else if (kind === "add") set(isPlain(holder[key]) ? (holder[key] as object) : holder, keyOf(junk), old);
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else {
    delete holder[key];
    if (kind === "rename") set(holder, keyOf(junk), old);
  }
}

const keyOf = (junk: unknown) => (typeof junk === "string" ? junk : JSON.stringify(junk)).slice(0, 200);

/** Also a key such as `__proto__`, which plain assignment would take for something else. */
function set(holder: object, key: string | number, value: unknown): void {
  if (Array.isArray(holder) && typeof key === "string") holder.push(value);
  else Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

test("whatever is wrong, it is either read or refused with path, allowed and remedy, and no secret's value", () => {
  fc.assert(
    fc.property(
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.constantFrom("sandbox", "prod"),
      (changes, stack) => judged(() => parse(raw(changed(changes), stack))),
    ),
    { numRuns: 1500, interruptAfterTimeLimit: 4000, includeErrorInReport: true },
  );
});

test("texts that are no JSON, in the place of any key of Pulumi's, are read or refused alike", () => {
  const right = raw({ secrets: { MAP_KEY: SENTINEL } });
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(right.values), "shop:release", "shop:NEW", "shop:x", "shop:"),
      fc.oneof(fc.string(), fc.json({ maxDepth: 2 })),
      (key, text) => judged(() => parse({ ...right, values: { ...right.values, [key]: text } })),
    ),
    { numRuns: 500, interruptAfterTimeLimit: 1500, includeErrorInReport: true },
  );
});

function judged(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, `not a message for people: ${(error as Error).stack}`);
    assert.ok(error.mistakes.length > 0, "refused without a mistake");
    for (const { path, allowed, remedy } of error.mistakes)
      for (const said of [path, allowed, remedy]) assert.match(said, /\S/, JSON.stringify(error.mistakes));
    assert.ok(!error.message.includes(SENTINEL), "the secret's value is in the message");
    assert.ok(!error.message.includes(JSON.stringify(SENTINEL).slice(1, -1)), "the secret's value is in it");
  }
}
