import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { ConfigurationError, type Mistake } from "../config/mistakes";
import { parse as parseSettings } from "../config/parse";
import { ENVIRONMENTS, type EnvironmentName, type RawConfiguration, type Settings } from "../config/settings";
import { Sealer } from "../rehearsal/seal";
import { CommandError, EXIT } from "./errors";

/** The root of this checkout. */
export const ROOT = resolve(__dirname, "..");

/** Opens the secrets of the examples. Public: they stand for secrets, they are none. */
export const REHEARSAL_PASSPHRASE = "rehearsal";

/** What opens secrets here: the operator's passphrase, or the examples'. */
export const passphrase = (): string => process.env.PULUMI_CONFIG_PASSPHRASE ?? REHEARSAL_PASSPHRASE;

/** A Pulumi project's files, read without Pulumi. */
export interface Project {
  readonly name: string;
  readonly folder: string;
  /** Pulumi.yaml as it stands. */
  readonly manifest: Record<string, unknown>;
  /** Stack files that stand in memory instead of in the folder: variants of a project, in tests. */
  readonly stacks?: Readonly<Partial<Record<EnvironmentName, StackFile>>>;
}

/** A Pulumi.<stack>.yaml. */
export interface StackFile {
  readonly encryptionsalt?: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A stack's configuration in the form the engine gives a program. */
export interface StackConfiguration extends RawConfiguration {
  readonly secretKeys: readonly string[];
  /** Secrets that this passphrase does not open; a marked stand-in takes their place. */
  readonly standIns: readonly string[];
}

/** The project at the root, or the example of that name. */
export function openProject(example?: string): Project {
  const folder = example === undefined ? ROOT : join(ROOT, "examples", example);
  if (!existsSync(join(folder, "Pulumi.yaml")))
    throw new CommandError(
      `There is no example ${example}. There are: ${examples().join(", ")}.`,
      EXIT.usage,
    );
  const manifest = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
  return { name: String(manifest.name), folder, manifest };
}

export function examples(): string[] {
  return readdirSync(join(ROOT, "examples"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/** A stack's configuration: the project's values under the stack's own, secrets opened. */
export function stackConfiguration(
  project: Project,
  stack: EnvironmentName,
  phrase = passphrase(),
): StackConfiguration {
  const own = stackFile(project, stack);
  const open = opener(phrase, own.encryptionsalt);
  const standIns: string[] = [];
  const secretKeys: string[] = [];
  const values = { ...projectValues(project) };
  for (const [key, value] of Object.entries(own.config ?? {})) {
    if (!isSecure(value)) values[key] = text(value);
    else {
      secretKeys.push(key);
      const opened = open(value.secure);
      if (opened === undefined) standIns.push(key);
      values[key] = opened ?? standIn(key, value.secure);
    }
  }
  return {
    project: project.name,
    stack,
    values,
    secretKeys,
    standIns,
    encrypted: (key) => secretKeys.includes(key),
  };
}

export function stackFile({ folder, stacks }: Project, stack: EnvironmentName): StackFile {
  const inMemory = stacks?.[stack];
  if (inMemory !== undefined) return inMemory;
  const file = join(folder, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) throw new CommandError(`${file} is missing: it holds what is ${stack}'s own.`);
  return parse(readFileSync(file, "utf8")) as StackFile;
}

/** A stack's settings, checked. */
export function settingsOf(project: Project, stack: EnvironmentName): Settings {
  return parseSettings(stackConfiguration(project, stack));
}

/**
 * The settings of both stacks.
 *
 * @throws ConfigurationError with the mistakes of both in one message, those of the shared part once.
 */
export function settingsOfBoth(project: Project): readonly Settings[] {
  const settings: Settings[] = [];
  const mistakes = new Map<string, Mistake>();
  for (const environment of ENVIRONMENTS)
    try {
      settings.push(settingsOf(project, environment));
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      for (const mistake of error.mistakes) mistakes.set(`${mistake.file} ${mistake.path}`, mistake);
    }
  if (mistakes.size > 0) throw new ConfigurationError(project.name, [...mistakes.values()]);
  return settings;
}

/** The values of Pulumi.yaml: plain ones, and typed ones with a default; keys without a namespace are the project's. */
function projectValues({ name, manifest }: Project): Record<string, string> {
  const entries = Object.entries((manifest.config ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries.flatMap(([key, value]) => {
      const typed =
        typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Typed) : undefined;
      const given = typed === undefined ? value : (typed.value ?? typed.default);
      return given === undefined ? [] : [[key.includes(":") ? key : `${name}:${key}`, text(given)]];
    }),
  );
}

interface Typed {
  readonly value?: unknown;
  readonly default?: unknown;
}

/** Another ciphertext, another stand-in: that a secret was changed shows, whatever it is. */
const standIn = (key: string, sealed: string) =>
  `stand-in for ${key} (${createHash("sha256").update(sealed).digest("hex").slice(0, 12)})`;

function opener(passphrase: string, salt: string | undefined): (sealed: string) => string | undefined {
  if (salt === undefined) return () => undefined;
  try {
    const sealer = Sealer.fromPassphrase(passphrase, salt);
    return (sealed) => sealer.open(sealed);
  } catch {
    return () => undefined;
  }
}

const isSecure = (value: unknown): value is { secure: string } =>
  typeof value === "object" && value !== null && typeof (value as { secure?: unknown }).secure === "string";

const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
