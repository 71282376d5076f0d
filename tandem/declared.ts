import type { EnvironmentName, Settings } from "../config/settings";
import type { ResourceState, StackState } from "../rehearsal/stack-state";
import { CommandError } from "./errors";
import { InProcess } from "./in-process";
import { neutral } from "./neutral";
import { type Project, settingsOf } from "./project";
import { variant } from "./variant";

/** An environment brought up from nothing, and what its configuration says. */
export interface Declared {
  readonly stack: StackState;
  readonly settings: Settings;
  /** Its resources in words that say nothing of the environment. */
  readonly neutral: readonly ResourceState[];
}

async function up(way: InProcess, environment: EnvironmentName): Promise<void> {
  const { failures } = await way.run(environment, "up");
  if (failures.length > 0) throw new CommandError(failures.map(({ message }) => message).join("\n"));
}

/** Both environments as they stand when brought up from nothing, in memory: what parity, map and inventory read. */
export async function declared(project: Project): Promise<Record<EnvironmentName, Declared>> {
  // What sleeps was awake when it was verified: a sandbox that never ran proves nothing to production.
  const asleep = !settingsOf(project, "sandbox").enabled;
  const awake = asleep ? variant(project, { sandbox: { differences: { enabled: true } } }) : project;
  const way = new InProcess(project);
  await up(new InProcess(awake, way.memory), "sandbox");
  await up(way, "prod");
  if (asleep) await up(way, "sandbox");
  const of = (environment: EnvironmentName): Declared => {
    const settings = settingsOf(project, environment);
    const stack = way.memory.stacks[environment] as StackState;
    return { stack, settings, neutral: neutral(stack, settings) };
  };
  return { sandbox: of("sandbox"), prod: of("prod") };
}
