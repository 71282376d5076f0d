import type { EnvironmentName } from "../../config/settings";
import { CommandError, EXIT } from "../errors";
import { askRehearsedKeeper, type KeeperAnswer, type KeeperRequest } from "../keeper-door";
import { askRealKeeper, lambdaIn } from "../keeper-real";
import { KeptClouds } from "../kept-clouds";
import { openMemory } from "../memory";
import { onTheClock, untilOf } from "../office-until";
import { openProject, type Project, passphrase, settingsOf } from "../project";
import { chooseWay, last, rehearsalFolder } from "../ways";
import { worldOf } from "../world";

interface HoursOptions {
  readonly stack: EnvironmentName;
  readonly real?: boolean;
  readonly example?: string;
}

/** Keeps an environment awake beyond its office hours. */
export async function start({ until, ...options }: HoursOptions & { readonly until: string }): Promise<void> {
  const end = await asked(options, (now, hours) => ({ do: "start", until: untilOf(until, now, hours) }));
  console.log(
    `${options.stack} is awake until ${end}, and sleeps by itself then. Its processes take some minutes, its databases a quarter of an hour.`,
  );
}

/** Lets an environment sleep until its office hours begin anew. */
export async function stop(options: HoursOptions): Promise<void> {
  const until = await asked(options, () => ({ do: "stop" }));
  console.log(`${options.stack} sleeps until ${until}. Data, configuration and counts stay.`);
}

type Hours = NonNullable<ReturnType<typeof settingsOf>["officeHours"]>;

/** @returns until when, as people read it */
async function asked(
  { stack, real, example }: HoursOptions,
  request: (now: string, hours: Hours) => KeeperRequest,
): Promise<string> {
  const project = openProject(example);
  const settings = settingsOf(project, stack);
  const { officeHours } = settings;
  if (officeHours === undefined)
    throw new CommandError(
      `${stack} has no office hours: it is always awake, unless enabled is false. Declare officeHours to let it sleep.`,
      EXIT.usage,
    );
  if (!settings.enabled)
    throw new CommandError(
      `${stack} is off: enabled is false in its configuration. Set it to true, then: npx tandem apply --stack ${stack}`,
      EXIT.usage,
    );
  const { until } =
    real === true
      ? await askReal(project, stack, settings.region, (now) => request(now, officeHours))
      : await rehearsed(project, async (cloud) =>
          askRehearsedKeeper(cloud, settings, request(cloud.clock.now, officeHours)),
        );
  return onTheClock(until, officeHours);
}

async function askReal(
  project: Project,
  stack: EnvironmentName,
  region: string,
  request: (now: string) => KeeperRequest,
): Promise<KeeperAnswer> {
  const { way, close } = await chooseWay(project, { engine: "real" });
  try {
    const keeper = (await way.outputs(stack))?.keeper;
    if (typeof keeper !== "string")
      throw new CommandError(`${stack} does not keep its hours yet: an up brings that.`);
    return await askRealKeeper(keeper, request(way.now()), lambdaIn(region));
  } finally {
    await close();
  }
}

/** Asks in the clouds of the last rehearsal, and keeps what became of them. */
async function rehearsed<T>(project: Project, ask: (cloud: KeptClouds["cloud"]) => Promise<T>): Promise<T> {
  const way = last(project);
  const folder = rehearsalFolder(project, way);
  if (way === "pulumi") {
    const kept = new KeptClouds(folder, worldOf(project), passphrase());
    const answer = await ask(kept.cloud);
    kept.save();
    return answer;
  }
  const { memory, save } = openMemory(project, folder);
  const answer = await ask(memory.cloud);
  save(memory);
  return answer;
}
