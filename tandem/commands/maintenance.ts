import { userInfo } from "node:os";
import { ENVIRONMENTS, type EnvironmentName, type Settings } from "../../config/settings";
import { CommandError, EXIT } from "../errors";
import { KeptClouds } from "../kept-clouds";
import { applicationOf, close, lengthOf, open, passes, type Switchboard, states } from "../maintenance";
import { openMemory } from "../memory";
import { openProject, type Project, passphrase, settingsOfBoth } from "../project";
import { rehearsedSwitches } from "../switches";
import { realSwitches } from "../switches-real";
import { chooseWay, last, rehearsalFolder } from "../ways";
import { worldOf } from "../world";

interface MaintenanceOptions {
  readonly stack?: EnvironmentName;
  readonly minutes?: string;
  readonly until?: string;
  readonly real?: boolean;
  readonly example?: string;
}

/** Closes an application, opens it again, signs a pass, or lists what is closed. */
export async function maintenance(
  action: "on" | "off" | "pass" | undefined,
  application: string | undefined,
  { stack, real, example, ...said }: MaintenanceOptions,
): Promise<void> {
  const project = openProject(example);
  const both = settingsOfBoth(project).filter(({ environment }) => (stack ?? environment) === environment);
  const length = lengthOf(said);
  if ((action === undefined || action === "off") && (said.minutes ?? said.until) !== undefined)
    throw new CommandError("--minutes and --until go with on and pass: they say how long.", EXIT.usage);
  const wished = action === undefined ? undefined : wishOf(both, action, stack, application);
  const desk = real === true ? await realDesk(project) : rehearsedDesk(project);
  try {
    if (wished === undefined) {
      for (const settings of both)
        for (const line of await states(await desk.board(settings))) console.log(line);
      return;
    }
    const board = await desk.board(wished.settings);
    const { key } = wished;
    if (action === "on") console.log(await close(board, key, length, userInfo().username));
    else if (action === "off") console.log(await open(board, key));
    else console.log(await passes(board, key, length));
    desk.save();
  } finally {
    await desk.close();
  }
}

/** Which application of which environment. @throws CommandError where that is not said */
function wishOf(
  both: readonly Settings[],
  action: string,
  stack: EnvironmentName | undefined,
  application: string | undefined,
): { readonly settings: Settings; readonly key: string } {
  const [settings] = both;
  if (stack === undefined || application === undefined || settings === undefined)
    throw new CommandError(
      `npx tandem maintenance ${action} needs an application and --stack ${ENVIRONMENTS.join(" or ")}.\n  remedy   npx tandem maintenance ${action} ${application ?? "<application>"} --stack ${stack ?? ENVIRONMENTS[0]}; npx tandem maintenance lists them`,
      EXIT.usage,
    );
  return { settings, key: applicationOf({ settings }, application) };
}

/** Where switches are turned: in the rehearsal, or in the real clouds. */
interface Desk {
  board(settings: Settings): Promise<Switchboard>;
  save(): void;
  close(): Promise<void>;
}

function rehearsedDesk(project: Project): Desk {
  const way = last(project);
  const folder = rehearsalFolder(project, way);
  const kept = way === "pulumi" ? new KeptClouds(folder, worldOf(project), passphrase()) : undefined;
  const opened = kept === undefined ? openMemory(project, folder) : undefined;
  const cloud = kept?.cloud ?? opened?.memory.cloud;
  if (cloud === undefined) throw new CommandError("There is no rehearsal.");
  return {
    board: async (settings) => ({
      settings,
      now: cloud.clock.now,
      switches: rehearsedSwitches(cloud, settings),
    }),
    save: () => {
      kept?.save();
      opened?.save(opened.memory);
    },
    close: async () => {},
  };
}

async function realDesk(project: Project): Promise<Desk> {
  const { way, close } = await chooseWay(project, { engine: "real" });
  return {
    board: async (settings) => {
      const bucket = (await way.outputs(settings.environment))?.switches;
      if (typeof bucket !== "string")
        throw new CommandError(`${settings.environment} has no switches yet: pulumi up brings them.`);
      return { settings, now: way.now(), switches: realSwitches(bucket, settings) };
    },
    save: () => {},
    close,
  };
}
