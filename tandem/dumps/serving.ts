import { stringify } from "yaml";
import type { Agreement } from "../agreement";
import { CommandError } from "../errors";
import type { Project } from "../project";
import { writeDifference } from "../stack-file";
import { answerOf } from "../status/known";
import { oneOff } from "../status/one-off";
import { placeOf } from "../status/place";
import { type Acting, flagsOf } from "./acting";
import type { DumpDesk } from "./desk";

/** Seconds that an application may look at its data. */
const PATIENCE = 1800;

/**
 * Has each application that uses the database look at a restored schema with its own `check`, in its own image.
 *
 * @throws CommandError where one does not find its data whole
 */
export async function lookAt(
  { settings, clients }: DumpDesk,
  database: string,
  schema: string,
  say: Acting["say"],
  interrupted: AbortSignal = new AbortController().signal,
): Promise<void> {
  for (const [key, { check, databases }] of Object.entries(settings.applications)) {
    const use = databases[database];
    if (use === undefined || clients === undefined) continue;
    if (check === undefined) {
      say(
        `${key} declares no check of its data (applications.${key}.check): look yourself before you serve it.`,
      );
      continue;
    }
    if (use.url !== undefined) {
      say(`${key} takes its database as one URL, and so cannot look at another schema: the up looks at it.`);
      continue;
    }
    say(`${key} looks at its data in ${schema}:`);
    const code = await answerOf(() =>
      oneOff(clients, {
        ...placeOf(settings, key),
        command: check,
        environment: { [`${use.prefix}_NAME`]: schema },
        timeout: PATIENCE,
        say: (line) => say(`  ${line}`),
        interrupted,
      }),
    );
    if (interrupted.aborted)
      throw new CommandError(
        `Interrupted while ${key} looked. ${schema} stays; the same command compares it again and lets ${key} look anew.`,
        code,
      );
    if (code !== 0)
      throw new CommandError(
        `${key} does not find its data whole in ${schema} (exit code ${code}). Nothing serves it, and it stays to be looked into.`,
      );
  }
}

/** Says which lines serve a schema, and writes them where somebody agrees: an `up` does the rest. */
export async function serve(
  desk: DumpDesk,
  { project, yes, ask, say }: Agreement & Pick<Acting, "say"> & { readonly project: Project },
  database: string,
  schema: string,
): Promise<void> {
  const { environment, databases } = desk.settings;
  const { name, serves = name } = databases[database] as (typeof databases)[string];
  const file = `Pulumi.${environment}.yaml`;
  const path = ["databases", database, "serves"];
  const lines = stringify({ databases: { [database]: { serves: schema } } }).trimEnd();
  say(
    [
      `\nTo serve it, ${file} says under ${project.name}:differences:\n`,
      ...lines.split("\n").map((line) => `    ${line}`),
      `\nThen close the application (npx tandem maintenance on <application>${flagsOf(desk)}), commit the file, and:`,
      `  npx tandem apply${flagsOf(desk)}`,
      "It shows what changes and asks; takes a snapshot, migrates the restored data to what the release needs, replaces the processes and looks at the pages.",
      `The way back: ${serves === name ? "take the line out" : `serves: ${serves}`}, and apply again. ${serves} stays as it is.`,
    ].join("\n"),
  );
  const wanted = yes === true || (await ask?.(`Write it into ${file} now?`)) === true;
  if (!wanted) return say(`${file} is as it was.`);
  writeDifference(project, environment, path, schema);
  say(`${file} says it. Nothing changes before the next apply.`);
}
