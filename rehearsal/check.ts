import { autoname, type NameRequest } from "./autoname";
import { type Facts, factsOf, isSecret } from "./facts";
import { breaches } from "./limits";
import { type Checked, type Failure, type Props, UNKNOWN } from "./types";
import { closest, isObject, valuesAt } from "./values";

export interface CheckRequest extends NameRequest {
  readonly type: string;
}

/** Everything wrong with a resource's inputs, all at once, and the inputs with defaults and an automatic name. */
export function check(r: CheckRequest): Checked {
  const facts = factsOf(r.type);
  const named = autoname(facts, r);
  const given = { ...topLevelDefaults(facts), ...present(r.news) };
  const inputs = { ...given, ...named.inputs };
  const wrong = [
    ...missing(facts, inputs),
    ...unknown(facts, inputs),
    ...notAllowed(facts, inputs),
    ...outOfBounds(facts, inputs),
    // An automatic name stands beside the prefix that it comes from: only what is given can clash.
    ...clashes(facts, given),
  ];
  // What is wrong with an automatic name has one cause: it is told once.
  const other = wrong.filter((f) => !named.failures.some((n) => n.property === f.property));
  return { inputs, failures: [...other, ...named.failures] };
}

function missing(facts: Facts, inputs: Props): Failure[] {
  const absent = facts.required.filter((p) => inputs[p] == null);
  return absent.map((property) => ({ property, reason: `${property} is required` }));
}

function unknown(facts: Facts, inputs: Props): Failure[] {
  const known = [...facts.required, ...facts.optional];
  const strange = Object.keys(inputs).filter((k) => !k.startsWith("__") && !known.includes(k));
  return strange.map((property) => ({ property, reason: whyUnknown(facts, property, known) }));
}

function whyUnknown(facts: Facts, property: string, known: readonly string[]): string {
  if (facts.outputs.includes(property)) return `${property} is computed by the provider and cannot be set`;
  const near = closest(property, known);
  return `${property} is no property of this type${near ? `: did you mean ${near}?` : ""}`;
}

function notAllowed(facts: Facts, inputs: Props): Failure[] {
  return Object.entries(facts.allowed ?? {}).flatMap(([path, allowed]) => {
    const anyCase = facts.limits?.[path]?.anyCase === true;
    const form = (v: unknown) => (anyCase ? String(v).toLowerCase() : String(v));
    const wrong = leaves(inputs, path).filter((v) => !allowed.some((a) => form(a) === form(v)));
    return wrong.map((v) => ({
      property: path,
      reason: `${path} is ${shown(facts, path, v)}; allowed: ${allowed.join(", ")}`,
    }));
  });
}

function outOfBounds(facts: Facts, inputs: Props): Failure[] {
  return Object.entries(facts.limits ?? {}).flatMap(([path, limit]) =>
    valuesAt(inputs, path)
      .flatMap((value) => breaches(limit, value))
      .map((b) => ({
        property: path,
        reason: `${path} ${b.must}; it is ${b.said ?? shown(facts, path, b.value)}`,
      })),
  );
}

/** Properties that exclude or need each other, looked at inside every object that holds them. */
function clashes(facts: Facts, inputs: Props): Failure[] {
  const both = (facts.conflicts ?? []).flatMap((pair) =>
    holders(inputs, pair)
      .filter((set) => set.length > 1)
      .map(() => ({ property: pair[0], reason: `${pair[0]} and ${pair[1]} cannot both be set` })),
  );
  const one = (facts.exactlyOne ?? []).flatMap((group) =>
    holders(inputs, group)
      .filter((set) => set.length !== 1)
      .map((set) => ({
        property: set[0] ?? group[0] ?? "",
        reason: `exactly one of ${group.join(", ")} must be set; ${set.length === 0 ? "none is" : `${set.join(", ")} are`}`,
      })),
  );
  const lonely = Object.entries(facts.requiresWith ?? {}).flatMap(([path, other]) =>
    holders(inputs, [path, other])
      .filter((set) => set.length === 1 && set[0] === path)
      .map(() => ({ property: path, reason: `${path} needs ${other} to be set too` })),
  );
  return [...both, ...one, ...lonely];
}

/** For each object under the paths' common parent: which of the paths it sets. */
function holders(inputs: Props, paths: readonly string[]): string[][] {
  const split = paths.map((p) => p.split("."));
  const first = split[0] ?? [];
  let depth = 0;
  while (depth < first.length - 1 && split.every((s) => s[depth] === first[depth])) depth++;
  const parents = depth === 0 ? [inputs] : valuesAt(inputs, first.slice(0, depth).join("."));
  const objects = parents.flat(9).filter(isObject);
  return objects.map((o) => paths.filter((p) => valuesAt(o, p.split(".").slice(depth).join(".")).length > 0));
}

function leaves(inputs: Props, path: string): unknown[] {
  const found = valuesAt(inputs, path).flat(9);
  return found.filter((v) => v !== "" && typeof v !== "object" && !String(v).includes(UNKNOWN));
}

/** A value as a message may show it. */
function shown(facts: Facts, path: string, value: unknown): string {
  if (isSecret(facts, path) || /secret|password|token|privateKey/i.test(path))
    return "a secret that is not shown";
  return JSON.stringify(value);
}

function topLevelDefaults(facts: Facts): Props {
  return Object.fromEntries(Object.entries(facts.defaults ?? {}).filter(([path]) => !path.includes(".")));
}

function present(inputs: Props): Props {
  return Object.fromEntries(Object.entries(inputs).filter(([, v]) => v != null));
}
