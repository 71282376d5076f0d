import { closest } from "fastest-levenshtein";
import type { z } from "zod";
import { frame, secretsGiven } from "./frame";
import { at, isPlain, layer } from "./layers";
import { looksSecret } from "./looks-secret";
import { ConfigurationError, dotted, type Mistake, shown } from "./mistakes";
import { crossChecks } from "./rules";
import { settings as schema } from "./schema";
import { ENVIRONMENTS, type EnvironmentName, type RawConfiguration, type Settings } from "./settings";

/**
 * Configuration to settings, without touching anything.
 *
 * @throws ConfigurationError with every mistake at once: path, value, what is allowed, remedy.
 */
export function parse(raw: RawConfiguration): Settings {
  const files = { shared: "Pulumi.yaml", own: `Pulumi.${raw.stack}.yaml` };
  if (!ENVIRONMENTS.includes(raw.stack as EnvironmentName))
    throw new ConfigurationError(raw.stack, [unknownStack(raw.stack)]);

  const { outer, mistakes } = frame(raw, files);
  const merged = layer(outer.shared, outer.differences);
  const fileOf = (path: readonly PropertyKey[]) =>
    at(outer.differences, path) === undefined ? files.shared : files.own;
  const parsed = schema.safeParse(merged);
  const issues = parsed.success ? [] : parsed.error.issues;
  mistakes.push(...issues.flatMap((issue) => translate(issue, merged, fileOf, files.own)));

  // The checks across values run on what is left when the wrong values are set aside, so that one message has all.
  const sound = parsed.success ? parsed : schema.safeParse(without(merged, issues));
  if (!sound.success) throw new ConfigurationError(raw.stack, mistakes);
  const settings: Settings = {
    ...sound.data,
    project: raw.project,
    environment: raw.stack as EnvironmentName,
    region: outer.region,
    accountId: outer.accountId,
    owner: outer.owner,
    ownZone: isPlain(at(outer.differences, ["zone"])),
    release: outer.release,
  };
  const found = crossChecks({ settings, given: secretsGiven(raw), fileOf, own: files.own });
  mistakes.push(...found.filter(({ path }) => !mistakes.some((mistake) => mistake.path === path)));
  if (mistakes.length > 0) throw new ConfigurationError(raw.stack, mistakes);
  return settings;
}

/** A copy without the values that issues point at; their defaults take their place where there are any. */
function without(merged: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const copy = structuredClone(merged);
  for (const issue of issues) {
    const gone =
      issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    for (const path of gone) {
      const holder = at(copy, path.slice(0, -1));
      if (Array.isArray(holder)) holder.splice(Number(path.at(-1)), 1);
      else if (isPlain(holder)) delete holder[String(path.at(-1))];
    }
  }
  return copy;
}

function unknownStack(stack: string): Mistake {
  return {
    file: "stack",
    path: stack,
    allowed: ENVIRONMENTS.join(", "),
    remedy: `name the stack after its environment: pulumi stack init ${closest(stack, [...ENVIRONMENTS])}`,
  };
}

/** What zod found, in the words of the operator. */
function translate(
  issue: z.core.$ZodIssue,
  merged: unknown,
  fileOf: (path: readonly PropertyKey[]) => string,
  own: string,
): readonly Mistake[] {
  const value = at(merged, issue.path);
  const place = { file: fileOf(issue.path), path: dotted(issue.path) };
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownKey([...issue.path, key], merged, fileOf));
  if (issue.code === "invalid_key")
    return [
      {
        ...place,
        found: shown(issue.path.at(-1)),
        allowed: issue.issues.map(({ message }) => message).join("; "),
        remedy: "rename it",
      },
    ];
  if (value === undefined || value === null)
    return [
      {
        ...place,
        file: value === null ? own : place.file,
        allowed: words(issue),
        remedy: `add it${value === null ? ` to the differences in ${own}: every environment says its own` : ""}`,
      },
    ];
  return [
    {
      ...place,
      found: found(issue.path, value),
      allowed: words(issue),
      remedy: "change the value to one that is allowed",
    },
  ];
}

/** A value as it stands, unless it may be a secret: whoever put one in the wrong place gets it back nowhere. */
function found(path: readonly PropertyKey[], value: unknown): string {
  const mayBeSecret = path[0] === "secrets" || path.some((key) => looksSecret(String(key), value));
  return mayBeSecret ? "what may be a secret (not repeated here)" : shown(value);
}

function unknownKey(
  path: readonly PropertyKey[],
  merged: unknown,
  fileOf: (path: readonly PropertyKey[]) => string,
): Mistake {
  const known = knownKeys(path.slice(0, -1), merged);
  const name = String(path.at(-1));
  const near = known.length > 0 ? closest(name, known) : undefined;
  return {
    file: fileOf(path),
    path: dotted(path),
    allowed: known.length > 0 ? known.join(", ") : "no key here",
    remedy: near === undefined ? "remove it" : `did you mean ${near}? otherwise remove it`,
  };
}

/** The keys that the schema knows at a path: its shape is followed through records, unions and defaults. */
function knownKeys(path: readonly PropertyKey[], merged: unknown): string[] {
  let here: unknown = schema;
  for (const step of path) here = child(unwrapped(here), step);
  return shapes(unwrapped(here), at(merged, path)).flatMap((shape) => Object.keys(shape));
}

interface Definition {
  type: string;
  innerType?: unknown;
  in?: unknown;
  valueType?: unknown;
  element?: unknown;
  options?: unknown[];
  shape?: Record<string, unknown>;
}

const definition = (of: unknown): Definition | undefined =>
  (of as { _zod?: { def: Definition } } | undefined)?._zod?.def;

function unwrapped(of: unknown): unknown {
  const { innerType, in: input } = definition(of) ?? {};
  return innerType !== undefined ? unwrapped(innerType) : input !== undefined ? unwrapped(input) : of;
}

function child(of: unknown, step: PropertyKey): unknown {
  const { shape, valueType, element, options } = definition(of) ?? {};
  if (options)
    return options.map((option) => child(unwrapped(option), step)).find((found) => found !== undefined);
  return at(shape, [String(step)]) ?? valueType ?? element;
}

function shapes(of: unknown, _value: unknown): Record<string, unknown>[] {
  const { shape, options } = definition(of) ?? {};
  return shape ? [shape] : (options ?? []).flatMap((option) => shapes(unwrapped(option), _value));
}

/** zod's own words for a type, in plain English; our own messages pass unchanged. */
function words(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type" && issue.message.startsWith("Invalid input"))
    return KINDS[issue.expected] ?? issue.expected;
  if (issue.code === "invalid_value") return issue.values.map(String).join(", ");
  if (issue.code === "too_small" || issue.code === "too_big") return bound(issue);
  return issue.message;
}

const KINDS: Readonly<Record<string, string>> = {
  object: "a group of keys",
  record: "a group of keys",
  array: "a list",
  string: "a text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
};

function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const limit = issue.code === "too_small" ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  return issue.message.startsWith("Too") ? limit : issue.message;
}
