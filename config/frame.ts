import { closest } from "fastest-levenshtein";
import { z } from "zod";
import { isPlain } from "./layers";
import { type Mistake, shown } from "./mistakes";
import type { RawConfiguration, Rotation } from "./settings";

/** The configuration keys around the settings: what provider plugins read as well, and the release. */
export interface Frame {
  readonly shared: unknown;
  readonly differences: unknown;
  readonly release: Readonly<Record<string, string>>;
  readonly passport: string | undefined;
  readonly rotations: Readonly<Record<string, Rotation>>;
  readonly region: string;
  readonly accountId: string;
  readonly owner: string;
}

const SECRET_NAME = /^[A-Z][A-Z0-9_]*$/;
const OWN_KEYS = ["shared", "differences", "release", "passport", "rotations"];

const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/);
const accounts = z.array(z.coerce.string().regex(/^\d{12}$/)).length(1);
const owner = z.string().regex(/^[A-Za-z0-9-]{1,39}$/);
const release = z.record(z.string(), z.string().regex(/^sha256:[0-9a-f]{64}$/));
const passport = z.string().regex(/^r-[0-9a-f]{12}$/);
const generation = z.int().min(2).max(9999);
const rotations = z.record(
  z.string().regex(/^([A-Z][A-Z0-9_]*|databases\.[a-z][a-z0-9-]*)$/),
  z.union([
    generation.transform((value) => ({ generation: value, retired: false })),
    z.strictObject({ generation, retired: z.boolean().default(false) }),
  ]),
);

/** Names of the secrets that this stack's file holds, encrypted. */
export function secretsGiven({ project, values }: RawConfiguration): ReadonlySet<string> {
  return new Set(ownKeys(project, values).filter((key) => SECRET_NAME.test(key)));
}

/** Reads what stands around the settings; every mistake is returned beside it. */
export function frame(
  raw: RawConfiguration,
  files: { shared: string; own: string },
): { outer: Frame; mistakes: Mistake[] } {
  const mistakes: Mistake[] = [...strayKeys(raw, files.own), ...secretsInClear(raw, files.own)];
  const read = <T>(key: string, schema: z.ZodType<T>, allowed: string, file: string, otherwise: T): T => {
    const value = json(raw.values[key]);
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    mistakes.push({
      file,
      path: key,
      ...(value === undefined ? {} : { found: shown(value) }),
      allowed,
      remedy: value === undefined ? `add ${key} to ${file}` : "change the value to one that is allowed",
    });
    return otherwise;
  };
  const optional = <T>(key: string, schema: z.ZodType<T>, allowed: string, otherwise: T): T => {
    const full = `${raw.project}:${key}`;
    return raw.values[full] === undefined ? otherwise : read(full, schema, allowed, files.own, otherwise);
  };
  const group = (key: string, file: string) =>
    read(`${raw.project}:${key}`, z.record(z.string(), z.unknown()), "a group of keys", file, {});
  const outer: Frame = {
    shared: group("shared", files.shared),
    differences: group("differences", files.own),
    release: optional("release", release, RELEASE, {}),
    passport: optional<string | undefined>("passport", passport, PASSPORT, undefined),
    rotations: optional("rotations", rotations, ROTATIONS, {}),
    region: read("aws:region", region, "an AWS region such as eu-west-3", files.shared, ""),
    accountId:
      read("aws:allowedAccountIds", accounts, "a list of one 12-digit AWS account", files.own, ["0"])[0] ??
      "",
    owner: read("github:owner", owner, "a GitHub user or organisation", files.shared, ""),
  };
  return { outer, mistakes };
}

const RELEASE = "a digest for each application, such as web: sha256:<64 hexadecimal digits>";

const PASSPORT = "the id of a passport that production keeps, such as r-0123456789ab";
const ROTATIONS = "a generation from 2 on for each, such as SECRET_KEY: 2, written by npx tandem rotate";

function ownKeys(project: string, values: Readonly<Record<string, string>>): string[] {
  const prefix = `${project}:`;
  return Object.keys(values)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
}

function strayKeys({ project, values }: RawConfiguration, file: string): Mistake[] {
  return ownKeys(project, values)
    .filter((key) => !OWN_KEYS.includes(key) && !SECRET_NAME.test(key))
    .map((key) => ({
      file,
      path: `${project}:${key}`,
      allowed: `${OWN_KEYS.join(", ")}, or a secret's name in capitals`,
      remedy: `did you mean ${closest(key, OWN_KEYS)}? otherwise remove it`,
    }));
}

function secretsInClear(raw: RawConfiguration, file: string): Mistake[] {
  return [...secretsGiven(raw)]
    .filter((name) => !raw.encrypted(`${raw.project}:${name}`))
    .map((name) => ({
      file,
      path: `${raw.project}:${name}`,
      allowed: "an encrypted value (its clear text is not repeated here)",
      remedy: `change the secret at its source, then pulumi config set --secret ${name}`,
    }));
}

function json(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isPlain(value) || Array.isArray(value) ? value : text;
  } catch {
    return text;
  }
}
