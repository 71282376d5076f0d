import type { Settings } from "../config/settings";
import type { ResourceState, StackState } from "../rehearsal/stack-state";

/**
 * A stack's resources with everything that only says which environment this is put in neutral words: what one
 * resource computed becomes a reference, and the environment's name, account and hosts become placeholders, in
 * names as well. What then differs between two environments differs in substance. JSON texts (policies, container
 * definitions) are opened, so that a difference in them has a path; secret inputs are masked.
 */
export function neutral({ resources }: StackState, settings: Settings): readonly ResourceState[] {
  const own = replacer(ownWords(settings), settings.environment);
  const replace = replacer(
    new Map([...computed(resources, own), ...ownWords(settings)]),
    settings.environment,
  );
  return resources.map(({ urn, inputs, secretInputs, ...rest }) => ({
    ...rest,
    urn: own(urn.split("::").slice(2).join("::")),
    secretInputs,
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [
        name,
        secretInputs.includes(name) ? "[secret]" : walk(value, replace),
      ]),
    ),
  }));
}

/** What only a cloud can have made up: an ARN, or a word with a long hexadecimal or numeric part. */
const MADE_UP = /^arn:|^db-[0-9A-Z]{26}$|\d{9}|(?=[0-9a-f]*\d)[0-9a-f]{7}/;
/** The end of an automatic name, or of one that was cut to a service's cap (see components/names.ts). */
const NAMED = /-[0-9a-f]{6,7}$|-\d{18,}$/;

const isMadeUp = (text: string) => MADE_UP.test(text) || NAMED.test(text);

/** Ids and other computed values, by the resource and property that they come from. */
function computed(resources: readonly ResourceState[], own: (text: string) => string): Map<string, string> {
  const words = new Map<string, string>();
  for (const { urn, custom, id, inputs, outputs } of resources) {
    if (!custom) continue;
    const said = new Set(
      Object.values(inputs).filter((value) => typeof value === "string" && !NAMED.test(value)),
    );
    for (const [property, value] of [["id", id] as const, ...Object.entries(outputs)])
      if (typeof value === "string" && value.length < 300 && isMadeUp(value) && !said.has(value))
        if (!words.has(value)) words.set(value, `<${own(urn.split("::").at(-1) ?? "")} ${property}>`);
  }
  return words;
}

/** The environment's own words, from its configuration. */
function ownWords({ accountId, applications, databases, sites, zone }: Settings): Map<string, string> {
  const words = new Map([
    [accountId, "<account>"],
    [zone.id, "<zone>"],
    [zone.accountId, "<zone account>"],
    // Where it is a host as well, the host's word below takes its place.
    [zone.name, "<zone name>"],
  ]);
  for (const [database, { adopt }] of Object.entries(databases))
    if (adopt !== undefined && "instance" in adopt) words.set(adopt.instance, `<database ${database}>`);
  for (const [application, { processes }] of Object.entries(applications))
    for (const [process, { host, aliases }] of Object.entries(processes)) {
      if (host !== undefined) words.set(host, `<host ${application}/${process}>`);
      aliases.forEach((alias, index) => {
        words.set(alias, `<alias ${index} of ${application}/${process}>`);
      });
    }
  for (const [site, { host, aliases }] of Object.entries(sites)) {
    words.set(host, `<host of site ${site}>`);
    aliases.forEach((alias, index) => {
      words.set(alias, `<alias ${index} of site ${site}>`);
    });
  }
  return words;
}

function replacer(words: ReadonlyMap<string, string>, environment: string): (text: string) => string {
  const longestFirst = [...words.keys()].sort((a, b) => b.length - a.length).map(literal);
  // A word stands alone: shop.example is no part of sandbox.shop.example, nor of an address at shop.example.
  const known = new RegExp(`(?<![\\w@.])(${longestFirst.join("|")})(?![\\w-])`, "g");
  const name = new RegExp(`(?<![A-Za-z])(${environment}|${environment.toUpperCase()})(?![A-Za-z])`, "g");
  return (text) =>
    text
      .replace(known, (found) => words.get(found) ?? found)
      .replace(name, (found) => (found === environment ? "<environment>" : "<ENVIRONMENT>"));
}

function walk(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === "string") return opened(value, replace);
  if (Array.isArray(value)) return byName(value.map((inner) => walk(inner, replace)));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [replace(key), walk(inner, replace)]),
  );
}

/** A list whose items have names of their own becomes a group: its order means nothing, and a path says the name. */
function byName(items: readonly unknown[]): unknown {
  const names = items.map((item) => (item as { name?: unknown } | null)?.name);
  const named = names.length > 0 && names.every((name) => typeof name === "string");
  if (!named || new Set(names).size < names.length) return items;
  return Object.fromEntries(items.map((item, index) => [names[index] as string, item]));
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
