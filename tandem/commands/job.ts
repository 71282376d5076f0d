import { existsSync } from "node:fs";
import { join } from "node:path";
import type { EnvironmentName } from "../../config/settings";
import { CommandError } from "../errors";
import { jobRequest } from "../job-request";
import { KeptClouds } from "../kept-clouds";
import { openProject, type Project, passphrase, settingsOf } from "../project";
import { askDoor } from "../rehearsed-door";
import { lastRehearsal } from "../ways";
import { worldOf } from "../world";

interface JobOptions {
  readonly stack: EnvironmentName;
  readonly example?: string;
}

/** Starts a job of a rehearsed environment: what is asked for is checked, and what is declared answers. */
export async function job(
  key: string,
  words: readonly string[],
  { stack, example }: JobOptions,
): Promise<void> {
  const project = openProject(example);
  const settings = settingsOf(project, stack);
  const request = jobRequest(settings, key, words);
  const { task, timeout, logGroup, logStream } = await askDoor(
    rehearsed(project, example),
    settings,
    request,
  );
  console.log(
    `Job ${key} was started in the rehearsed ${stack}: task ${task}, ended after ${timeout} s at the latest.\n` +
      `Its log would be ${logGroup}, ${logStream}.`,
  );
}

/** The clouds of the last rehearsal, as they were left: nothing is written. */
function rehearsed(project: Project, example: string | undefined) {
  const folder = lastRehearsal(project);
  if (!existsSync(join(folder, "cloud.json")))
    throw new CommandError(
      `${project.name} does not stand in a rehearsal yet. Bring it up first: npx tandem rehearse${example === undefined ? "" : ` ${example}`}`,
    );
  return new KeptClouds(folder, worldOf(project), passphrase()).cloud;
}
