import { ENVIRONMENTS, type EnvironmentName } from "../../config/settings";
import { InProcess, type Memory } from "../in-process";
import type { Project } from "../project";
import { rehearsedBase } from "./base";
import { type Planned, seen } from "./planned";

/** What a change would do, found out on simulated clouds. */
export interface Rehearsed {
  readonly plans: readonly Planned[];
  /** Both environments as they would stand; none where one of them cannot. */
  readonly stacks: Memory["stacks"];
  readonly remarks: readonly string[];
}

/**
 * Brings a base commit up and looks at what the program that is here would change.
 *
 * @throws ConfigurationError where the configuration here is refused
 */
export async function rehearsed(
  project: Project,
  base: string,
  example: string | undefined,
): Promise<Rehearsed> {
  const { memory, remarks } = await rehearsedBase(base, project, example);
  const plans = await onTop(project, memory);
  const stands = plans.every(({ failures }) => failures.length === 0);
  return { plans, stacks: stands ? memory.stacks : {}, remarks };
}

/**
 * What an update would do to what stands in simulated clouds. Production takes what the sandbox has proved: so the
 * sandbox is brought up first. Nobody else uses these clouds, so that what happens in them is a preview.
 */
export async function onTop(project: Project, memory: Memory): Promise<readonly Planned[]> {
  const way = new InProcess(project, memory);
  const plans: Planned[] = [];
  for (const stack of ENVIRONMENTS) plans.push(await planned(way, stack));
  return plans;
}

async function planned(way: InProcess, stack: EnvironmentName): Promise<Planned> {
  const standing = () => seen(way.memory.stacks[stack]?.resources ?? []);
  const before = standing();
  const { steps, failures, warnings } = await way.run(stack, "up");
  return { stack, steps, before, after: standing(), failures, warnings };
}
