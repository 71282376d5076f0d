import { closest } from "fastest-levenshtein";
import type { z } from "zod";
import { knownKeys } from "./known-keys";
import { at } from "./layers";
import { looksSecret } from "./looks-secret";
import { dotted, type Mistake, shown } from "./mistakes";

/** What zod found, in the words of the operator. */
export function translate(
  issue: z.core.$ZodIssue,
  merged: unknown,
  fileOf: (path: readonly PropertyKey[]) => string,
  own: string,
): readonly Mistake[] {
  const value = at(merged, issue.path);
  const place = { file: fileOf(issue.path), path: dotted(issue.path) };
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownKey([...issue.path, key], fileOf));
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

function unknownKey(path: readonly PropertyKey[], fileOf: (path: readonly PropertyKey[]) => string): Mistake {
  const known = knownKeys(path.slice(0, -1));
  const name = String(path.at(-1));
  const near = known.length > 0 ? closest(name, known) : undefined;
  return {
    file: fileOf(path),
    path: dotted(path),
    allowed: known.length > 0 ? known.join(", ") : "no key here",
    remedy: near === undefined ? "remove it" : `did you mean ${near}? otherwise remove it`,
  };
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
