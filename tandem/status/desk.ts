import type { EnvironmentName, Settings } from "../../config/settings";
import type { Cloud } from "../../rehearsal/cloud";
import { CommandError } from "../errors";
import { InProcess } from "../in-process";
import { KeptClouds } from "../kept-clouds";
import { type Project, passphrase, settingsOfBoth } from "../project";
import { verdict } from "../review/parity-line";
import type { Way } from "../way";
import { chooseWay, lastRehearsal } from "../ways";
import { worldOf } from "../world";
import { checkedClients } from "./clients";
import type { Environment } from "./environment";
import { ask, type Known } from "./known";
import { realSources } from "./real";
import { refused } from "./refused";
import { rehearsedSources } from "./rehearsed";
import type { Sources } from "./sources";
import type { ParityStatus } from "./status";

export interface Opened {
  readonly environment: Environment;
  readonly sources: Sources;
}

export interface Asked {
  /** @default both */
  readonly stack?: EnvironmentName | undefined;
  /** The real clouds instead of the rehearsal. */
  readonly real?: boolean | undefined;
}

/** The settings of the environments that are asked for. */
export const settingsFor = (project: Project, { stack }: Asked): readonly Settings[] =>
  settingsOfBoth(project).filter(({ environment }) => (stack ?? environment) === environment);

/** Opens what is known of environments, has it used, and closes it again. */
export async function withEnvironments<T>(
  project: Project,
  asked: Asked,
  use: (opened: readonly Opened[], way: Way) => Promise<T>,
): Promise<T> {
  const { way, close } = await chooseWay(project, { engine: asked.real === true ? "real" : "last" });
  try {
    const opened: Opened[] = [];
    for (const settings of settingsFor(project, asked)) {
      const environment = { settings, outputs: await way.outputs(settings.environment), now: way.now() };
      opened.push({ environment, sources: await sourcesOf(project, way, environment, asked) });
    }
    return await use(opened, way);
  } finally {
    await close();
  }
}

async function sourcesOf(
  project: Project,
  way: Way,
  environment: Environment,
  { stack, real }: Asked,
): Promise<Sources> {
  if (real !== true) return rehearsedSources(cloudOf(project, way), environment);
  try {
    const clients = await checkedClients(environment.settings);
    return realSources(clients, environment, process.env.CLOUDFLARE_API_TOKEN);
  } catch (error) {
    // Two environments are two accounts, and credentials are one's: the other one's rows say so.
    if (stack !== undefined || !(error instanceof CommandError)) throw error;
    return refused(error.message);
  }
}

/** How the two compare: as they stand in this process, otherwise as their configuration would bring them up. */
export function parityOf(project: Project, way: Way | undefined): Promise<Known<ParityStatus>> {
  return ask(async () => {
    const { allowed, refused } = await verdict(project, way instanceof InProcess ? way.memory.stacks : {});
    return { allowed: allowed.length, refused: refused.length };
  });
}

/** The clouds of the last rehearsal, as they were left: nothing is written. */
export function cloudOf(project: Project, way: Way): Cloud {
  if (way instanceof InProcess) return way.memory.cloud;
  return new KeptClouds(lastRehearsal(project), worldOf(project), passphrase()).cloud;
}
