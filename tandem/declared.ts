import { ENVIRONMENTS, type EnvironmentName } from "../config/settings";
import type { StackState } from "../rehearsal/stack-state";
import { CommandError } from "./errors";
import { InProcess } from "./in-process";
import type { Project } from "./project";

/** Both environments as they stand when brought up from nothing, in memory: what parity, map and inventory read. */
export async function declared(project: Project): Promise<Record<EnvironmentName, StackState>> {
  const way = new InProcess(project);
  for (const environment of ENVIRONMENTS) {
    const { failures } = await way.run(environment, "up");
    if (failures.length > 0) throw new CommandError(failures.map(({ message }) => message).join("\n"));
  }
  return way.memory.stacks as Record<EnvironmentName, StackState>;
}
