import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { closest } from "./values";

/** What a value at a path may be. Numeric bounds also hold for a number written as text. */
export interface Limit {
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
  readonly multipleOf?: number;
  /** Values accepted although another bound excludes them. */
  readonly also?: readonly number[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  /** Further patterns that must all match. */
  readonly patterns?: readonly string[];
  readonly notPattern?: string;
  readonly arn?: boolean;
  readonly json?: boolean;
  /** 4, 6 or 0 for either; the address must have no host bits. */
  readonly cidr?: 0 | 4 | 6;
  readonly netmask?: readonly [number, number];
  readonly minItems?: number;
  readonly maxItems?: number;
  /** Keys that every object at the path must carry. */
  readonly needs?: readonly string[];
  /** The allowed values match in any case. */
  readonly anyCase?: boolean;
}

/** The property that the bridge names after the resource, plus random hexadecimal digits. */
export interface AutoName {
  readonly property: string;
  readonly max: number;
  readonly lower?: boolean;
  /** Between name and digits. @default "-" */
  readonly separator?: string;
  /** How many digits. @default 7 */
  readonly random?: number;
  /** An input that takes the place of the automatic name: prefix plus a number. */
  readonly prefix?: string;
  /** What every name of the type begins with. */
  readonly before?: string;
  /** Appended when the property of that name is true. */
  readonly suffixIf?: { readonly property: string; readonly suffix: string };
}

/** What a provider and its API say about one resource type, without judgement. Paths are dotted and pass through lists. */
export interface Facts {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Properties that only the provider sets. */
  readonly outputs: readonly string[];
  readonly replaceOn: readonly string[];
  /** Replacement is not proven either way: treated as replacing. */
  readonly replaceUnverified?: readonly string[];
  /** Replaces only when a value was already set and is now another. */
  readonly replaceOnceSet?: readonly string[];
  /** Replaces when another property of a group becomes the one that is set. */
  readonly replaceOnSwitch?: readonly (readonly string[])[];
  /** A create takes over what a killed run has left behind: the call is a put. */
  readonly upsert?: boolean;
  /** The old one goes first, whatever its name. */
  readonly deleteBeforeReplace?: boolean;
  readonly allowed?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  readonly limits?: Readonly<Record<string, Limit>>;
  readonly conflicts?: readonly (readonly [string, string])[];
  readonly exactlyOne?: readonly (readonly string[])[];
  readonly requiresWith?: Readonly<Record<string, string>>;
  readonly defaults?: Readonly<Record<string, unknown>>;
  readonly secret?: readonly string[];
  readonly autoname?: AutoName;
  /** Inputs whose difference is never shown. */
  readonly ignored?: readonly string[];
  readonly notes?: readonly string[];
  readonly source: string;
}

const folder = join(__dirname, "facts");
const files = new Map<string, Readonly<Record<string, Facts>>>();

/** The facts of a type. @throws when the rehearsal does not know the type: never a silent yes. */
export function factsOf(type: string): Facts {
  const known = file(fileOf(type))[type];
  if (known) return known;
  const near = closest(type, allTypes());
  throw new Error(
    `unknown type ${type}: the rehearsal has no facts about it${near ? `; nearest: ${near}` : ""}`,
  );
}

export function knows(type: string): boolean {
  return file(fileOf(type))[type] !== undefined;
}

/** Every type that the rehearsal has facts about. */
export function allTypes(): string[] {
  const names = readdirSync(folder).filter((f) => f.endsWith(".json"));
  return names.flatMap((f) => Object.keys(file(f))).sort();
}

/** Inputs that hold or may hold a secret: their values never reach a message. */
export function isSecret(facts: Facts, property: string): boolean {
  return (facts.secret ?? []).some((s) => s === property || s.startsWith(`${property}.`));
}

/** `aws:ecs/service:Service` -> `aws-ecs.json`; the other packages have one file each. */
function fileOf(type: string): string {
  const [pkg = "", module = ""] = type.split(":");
  return pkg === "aws" ? `aws-${module.split("/")[0]}.json` : `${pkg}.json`;
}

function file(name: string): Readonly<Record<string, Facts>> {
  const cached = files.get(name);
  if (cached) return cached;
  const path = join(folder, name);
  const read = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  files.set(name, read);
  return read;
}
