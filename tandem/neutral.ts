import type { ResourceState, StackState } from "../rehearsal/stack-state";

const SHORTEST = 6;

/**
 * A stack's resources with everything that only says which environment this is put in neutral words: what one
 * resource takes from another becomes a reference, and the environment's own name, account and hosts become
 * placeholders. What then differs between two environments differs in substance. JSON texts (policies,
 * container definitions) are opened, so that a difference in them has a path.
 */
export function neutral({ resources }: StackState): readonly ResourceState[] {
  const words = vocabulary(resources);
  const pattern = new RegExp(
    [...words.keys()]
      .sort((a, b) => b.length - a.length)
      .map(literal)
      .join("|"),
    "g",
  );
  const replace = (text: string) => text.replace(pattern, (found) => words.get(found) ?? found);
  return resources.map((resource) => ({ ...resource, inputs: walk(resource.inputs, replace) as never }));
}

/** What to replace by what: outputs by the resource that computed them, then the environment's own words. */
function vocabulary(resources: readonly ResourceState[]): Map<string, string> {
  const words = new Map<string, string>();
  for (const { urn, custom, id, inputs, outputs } of resources) {
    if (!custom) continue;
    const name = urn.split("::").slice(2).join("::");
    const own = new Set(Object.values(inputs).filter((value) => typeof value === "string"));
    for (const [property, value] of [["id", id] as const, ...Object.entries(outputs)]) {
      const computed = property === "id" || property === "name" || !own.has(value as string);
      if (typeof value === "string" && value.length >= SHORTEST && computed && !words.has(value))
        words.set(value, `<${name} ${property}>`);
    }
  }
  const [, , stack = "", project = ""] = (resources[0]?.urn ?? "").split(/::|:/);
  for (const join of ["-", "/", "_"]) words.set(`${project}${join}${stack}`, `<project>${join}<environment>`);
  for (const account of accounts(resources)) words.set(account, "<account>");
  words.set(`:environment:${stack}`, ":environment:<environment>");
  return words;
}

/** The account ids in ARNs. */
function accounts(resources: readonly ResourceState[]): Set<string> {
  const arns = resources.flatMap(({ outputs }) => (typeof outputs.arn === "string" ? [outputs.arn] : []));
  return new Set(arns.flatMap((arn) => /:(\d{12}):/.exec(arn)?.[1] ?? []));
}

function walk(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === "string") return opened(value, replace);
  if (Array.isArray(value)) return value.map((inner) => walk(inner, replace));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [replace(key), walk(inner, replace)]),
  );
}

function opened(text: string, replace: (text: string) => string): unknown {
  if (!/^\s*[[{]/.test(text)) return replace(text);
  try {
    return walk(JSON.parse(text), replace);
  } catch {
    return replace(text);
  }
}

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
