import { ECSClient } from "@aws-sdk/client-ecs";
import type { EnvironmentName, Settings } from "../../config/settings";
import { CommandError } from "../errors";
import { type Project, settingsOf } from "../project";
import { type Clients, checkedClients, clientsOf } from "../status/clients";
import { cloudOf } from "../status/desk";
import { group, text } from "../status/environment";
import { chooseWay } from "../ways";
import { type DumpCloud, dumpCloud } from "./clouds";
import { rehearsedDumpCloud } from "./rehearsed";
import type { DumpPlace } from "./tasks";

/** One environment as commands about dumps see it. */
export interface DumpDesk {
  readonly settings: Settings;
  /** What its last `up` said. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The present instant, ISO 8601. */
  readonly now: string;
  readonly cloud: DumpCloud;
  /** What else of the real account is asked; undefined in a rehearsal, where nothing runs. */
  readonly clients: Clients | undefined;
}

export interface WantedDesk {
  readonly stack: EnvironmentName;
  /** The profile of its account in the operator's AWS configuration. @default what the environment says */
  readonly profile?: string | undefined;
}

/** Opens environments, has them used, and closes them again. */
export async function atDesks<T>(
  project: Project,
  { wanted, real }: { readonly wanted: readonly WantedDesk[]; readonly real: boolean | undefined },
  use: (desks: readonly DumpDesk[]) => Promise<T>,
): Promise<T> {
  const { way, close } = await chooseWay(project, { engine: real === true ? "real" : "last" });
  try {
    const desks: DumpDesk[] = [];
    for (const { stack, profile } of wanted) {
      const settings = settingsOf(project, stack);
      const stands = { settings, outputs: standing(stack, await way.outputs(stack)), now: way.now() };
      desks.push(
        real === true
          ? { ...stands, ...(await realClouds(settings, profile)) }
          : { ...stands, cloud: rehearsedDumpCloud(cloudOf(project, way), settings), clients: undefined },
      );
    }
    return await use(desks);
  } finally {
    await close();
  }
}

/** The same for one environment. */
export const atDesk = <T>(
  project: Project,
  stack: EnvironmentName,
  real: boolean | undefined,
  use: (desk: DumpDesk) => Promise<T>,
): Promise<T> => atDesks(project, { wanted: [{ stack }], real }, ([desk]) => use(desk as DumpDesk));

function standing(stack: EnvironmentName, outputs: DumpDesk["outputs"] | undefined): DumpDesk["outputs"] {
  if (outputs !== undefined) return outputs;
  throw new CommandError(
    `${stack} does not stand yet, so there is nothing of it to dump: bring it up first.`,
  );
}

/** @throws CommandError where the credentials are another account's, or nobody's */
export async function realClouds(settings: Settings, profile?: string) {
  const make = ({ region }: Pick<Settings, "region">) =>
    profile === undefined
      ? clientsOf({ region })
      : { ...clientsOf({ region }), ecs: new ECSClient({ region, profile }) };
  const clients = await checkedClients(settings, make);
  return { cloud: dumpCloud(settings.region, profile), clients };
}

/** The locked bucket. */
export function bucketOf({ settings, outputs }: Pick<DumpDesk, "settings" | "outputs">): string {
  const bucket = text(group(outputs.backups).bucket);
  if (bucket !== undefined) return bucket;
  throw new CommandError(`${settings.environment} has no backup bucket yet: an up brings it.`);
}

/**
 * Where its dumps are made.
 *
 * @throws CommandError where it makes none, with how it comes to do so
 */
export function placeOf(desk: DumpDesk): DumpPlace {
  const { settings, outputs, cloud } = desk;
  const { environment, databases, backups } = settings;
  const door = text(group(outputs.dumps).door);
  const cluster = text(outputs.cluster);
  if (door !== undefined && cluster !== undefined) return { cloud, door, cluster, bucket: bucketOf(desk) };
  throw new CommandError(
    Object.keys(databases).length === 0
      ? `${environment} has no database.`
      : backups.dumps.enabled
        ? `${environment} makes no dumps yet: an up brings what makes them.`
        : `${environment} makes no dumps: backups.dumps.enabled is false. Snapshots of whole servers there are: npx tandem status.`,
  );
}
