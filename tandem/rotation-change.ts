import { isDeepStrictEqual } from "node:util";
import { PREVIOUS } from "../config/former-key";
import type { EnvironmentName, Rotation } from "../config/settings";
import { CommandError } from "./errors";
import type { Project } from "./project";
import type { Subject } from "./rotation-subject";
import { type ConfigChanges, configValue, type Sealed, setSecret, unseal, writeConfig } from "./stack-file";

/** A person or a pipe that knows the new value of a given secret. */
export type AskValue = (question: string) => Promise<string>;

/** A stack's file after a change, and the way back while nothing was brought up. */
export interface Changed {
  readonly project: Project;
  readonly undo: () => Project;
}

/** Writes the next generation: the value before stays beside a given one while a process may accept it. */
export async function raise(
  project: Project,
  stack: EnvironmentName,
  subject: Subject,
  to: Rotation,
  ask: AskValue,
): Promise<Changed> {
  const rotations = withRotation(project, stack, subject.name, to);
  if (subject.kind !== "given") return write(project, stack, { rotations });
  const { name, received } = subject;
  const value = await newValue(project, stack, subject, ask);
  const undo = wayBack(project, stack, ["rotations", name, name + PREVIOUS]);
  const former = received ? { [name + PREVIOUS]: configValue(project, stack, name) } : {};
  return { project: await setSecret(project, stack, name, value, { rotations, ...former }), undo };
}

/** Writes that the value before is no longer accepted. */
export function withdraw(project: Project, stack: EnvironmentName, name: string, to: Rotation): Changed {
  const rotations = withRotation(project, stack, name, { ...to, retired: true });
  return write(project, stack, { rotations, [name + PREVIOUS]: undefined });
}

/** Goes on with a change that an interrupt has left: where a key service seals, the new value may be missing. */
export async function resumed(
  project: Project,
  stack: EnvironmentName,
  subject: Subject,
  ask: AskValue,
): Promise<Project> {
  const { name } = subject;
  const [value, former] = [name, name + PREVIOUS].map((key) => configValue(project, stack, key));
  if (value === undefined || former === undefined || !isDeepStrictEqual(value, former)) return project;
  return setSecret(project, stack, name, await newValue(project, stack, subject, ask));
}

function write(project: Project, stack: EnvironmentName, changes: ConfigChanges): Changed {
  const undo = wayBack(project, stack, Object.keys(changes));
  return { project: writeConfig(project, stack, changes), undo };
}

/** What stands now, to be put back. */
function wayBack(project: Project, stack: EnvironmentName, keys: readonly string[]): () => Project {
  const before = Object.fromEntries(keys.map((key) => [key, configValue(project, stack, key)]));
  return () => writeConfig(project, stack, before);
}

/** The file's own rotations with one changed: the short form where a value before is accepted. */
function withRotation(
  project: Project,
  stack: EnvironmentName,
  name: string,
  { generation, retired }: Rotation,
): Readonly<Record<string, unknown>> {
  const before = (configValue(project, stack, "rotations") ?? {}) as Readonly<Record<string, unknown>>;
  return { ...before, [name]: retired ? { generation, retired } : generation };
}

async function newValue(
  project: Project,
  stack: EnvironmentName,
  { name, from }: Subject,
  ask: AskValue,
): Promise<string> {
  const value = await ask(`New ${name} of ${stack}${from === undefined ? "" : ` (from ${from})`}:`);
  const refuse = (why: string) => new CommandError(`${name} of ${stack}: ${why}. Nothing was changed.`);
  if (value.trim() === "") throw refuse("the new value is empty");
  if (/[\r\n]$/.test(value)) throw refuse("the new value ends with a line break, which is hardly part of it");
  const present = configValue(project, stack, name) as Sealed | undefined;
  if (present !== undefined && unseal(project, stack, present) === value)
    throw refuse("the new value is the present one");
  return value;
}
