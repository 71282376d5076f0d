import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, isMap, parseDocument } from "yaml";
import { isPlain, layer } from "../config/layers";
import type { EnvironmentName } from "../config/settings";
import { Sealer } from "../rehearsal/seal";
import { findCli } from "./cli";
import { CommandError } from "./errors";
import { type Project, passphrase, type StackFile, stackFile } from "./project";

/** A secret as a stack's file holds it. */
export interface Sealed {
  readonly secure: string;
}

/** New values by key without the project's prefix; undefined takes a key out. */
export type ConfigChanges = Readonly<Record<string, unknown>>;

/**
 * Changes a stack's configuration and leaves the rest of its file as people wrote it. Whole or not at all: an
 * interrupt leaves the former file. Stack files that stand in memory stay there.
 *
 * @returns the project to go on with
 */
export function writeConfig(project: Project, stack: EnvironmentName, changes: ConfigChanges): Project {
  const inMemory = project.stacks?.[stack];
  if (inMemory !== undefined)
    return { ...project, stacks: { ...project.stacks, [stack]: laidOver(project, inMemory, changes) } };
  const file = stackPath(project, stack);
  replaceFile(file, edited(readFileSync(file, "utf8"), project.name, changes));
  return project;
}

/**
 * Says one value of what differs in a stack, by its path, and leaves the rest of its file as people wrote it.
 *
 * @returns the project to go on with
 */
export function writeDifference(
  project: Project,
  stack: EnvironmentName,
  path: readonly string[],
  value: unknown,
): Project {
  const said = configValue(project, stack, "differences");
  if (said !== undefined && !isPlain(said))
    throw new CommandError(`Pulumi.${stack}.yaml: ${project.name}:differences is no group of keys.`);
  if (project.stacks?.[stack] !== undefined) {
    const nested = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
    return writeConfig(project, stack, { differences: layer(said, nested) });
  }
  const file = stackPath(project, stack);
  const where = ["config", `${project.name}:differences`, ...path];
  replaceFile(file, rewritten(readFileSync(file, "utf8"), [[where, value]]));
  return project;
}

/** Moves a value, sealed as it is, from one key to another. @returns the project to go on with */
export function moveConfig(project: Project, stack: EnvironmentName, from: string, to: string): Project {
  const value = configValue(project, stack, from);
  if (value === undefined)
    throw new CommandError(`Pulumi.${stack}.yaml has no ${project.name}:${from} to move to ${to}.`);
  return writeConfig(project, stack, { [to]: value, [from]: undefined });
}

/** A value as it stands in the file: a secret stays sealed. */
export function configValue(project: Project, stack: EnvironmentName, key: string): unknown {
  return stackFile(project, stack).config?.[`${project.name}:${key}`];
}

/** Whether this passphrase's own sealing is the stack's: otherwise only Pulumi can seal for it. */
export const sealsHere = (project: Project, stack: EnvironmentName): boolean =>
  stackFile(project, stack).encryptionsalt !== undefined;

/** Seals a value for a stack with a passphrase. @throws CommandError where the passphrase is not the stack's */
export function seal(project: Project, stack: EnvironmentName, value: string): Sealed {
  return { secure: sealerOf(project, stack).seal(value) };
}

/** What a sealed value says; undefined where this passphrase does not open it. */
export function unseal(project: Project, stack: EnvironmentName, { secure }: Sealed): string | undefined {
  try {
    return sealsHere(project, stack) ? sealerOf(project, stack).open(secure) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Sets a secret, and with it what else changes in one write. Where a key service seals for the stack, Pulumi
 * seals the value, which it gets through its standard input: a command line can be read by others.
 */
export async function setSecret(
  project: Project,
  stack: EnvironmentName,
  name: string,
  value: string,
  along: ConfigChanges = {},
): Promise<Project> {
  if (sealsHere(project, stack))
    return writeConfig(project, stack, { ...along, [name]: seal(project, stack, value) });
  // What goes along stands first: a run that breaks off between the two is finished by the next.
  const changed = writeConfig(project, stack, along);
  await sealWithPulumi(project, stack, name, value);
  return changed;
}

async function sealWithPulumi(
  { folder }: Project,
  stack: EnvironmentName,
  name: string,
  value: string,
): Promise<void> {
  const cli = await findCli();
  if (!("path" in cli))
    throw new CommandError(
      `${name} of ${stack} is sealed by a key service, which needs pulumi: ${cli.reason}`,
    );
  const words = ["config", "set", "--secret", name, "--stack", stack, "--non-interactive"];
  const { status, stderr } = spawnSync(cli.path, words, { cwd: folder, input: value, encoding: "utf8" });
  if (status !== 0) throw new CommandError(`pulumi could not seal ${name} for ${stack}.\n${stderr.trim()}`);
}

function sealerOf(project: Project, stack: EnvironmentName): Sealer {
  try {
    return Sealer.fromPassphrase(passphrase(), stackFile(project, stack).encryptionsalt);
  } catch (error) {
    throw new CommandError(`Pulumi.${stack}.yaml: ${(error as Error).message}`);
  }
}

function laidOver({ name }: Project, file: StackFile, changes: ConfigChanges): StackFile {
  const config = { ...file.config };
  for (const [key, value] of Object.entries(changes))
    if (value === undefined) delete config[`${name}:${key}`];
    else config[`${name}:${key}`] = value;
  return { ...file, config };
}

/** The file's text with the changes: what is not changed keeps its lines, comments and order. */
export function edited(text: string, project: string, changes: ConfigChanges): string {
  return rewritten(
    text,
    Object.entries(changes).map(([key, value]) => [["config", `${project}:${key}`], value]),
  );
}

function rewritten(text: string, changes: readonly (readonly [readonly string[], unknown])[]): string {
  const document = parseDocument(text);
  if (document.errors.length > 0) throw new CommandError(`not YAML: ${document.errors[0]?.message}`);
  for (const [path, value] of changes) {
    if (value !== undefined) put(document, path, value);
    else if (document.hasIn(path)) document.deleteIn(path);
  }
  return inTheirHand(text, document.toString(AS_WRITTEN));
}

const AS_WRITTEN = { lineWidth: 0, flowCollectionPadding: false };

/** The lines that are not changed, with the blanks that people gave them. */
function inTheirHand(text: string, changed: string): string {
  const theirs = text.split("\n");
  const ours = parseDocument(text).toString(AS_WRITTEN).split("\n");
  if (ours.length !== theirs.length) return changed;
  const spelt = new Map(ours.map((line, index) => [line, theirs[index]]));
  return changed
    .split("\n")
    .map((line) => spelt.get(line) ?? line)
    .join("\n");
}

function put(document: Document, path: readonly string[], value: unknown): void {
  if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
  document.setIn(path, document.createNode(value));
}

function stackPath({ folder }: Project, stack: EnvironmentName): string {
  const file = join(folder, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) throw new CommandError(`${file} is missing: it holds what is ${stack}'s own.`);
  return file;
}

function replaceFile(file: string, text: string): void {
  const beside = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(beside, text, { mode: 0o600 });
    chmodSync(beside, statSync(file).mode);
    renameSync(beside, file);
  } finally {
    rmSync(beside, { force: true });
  }
}
