import { Cloud } from "../../rehearsal/cloud";
import type { Step } from "../../rehearsal/run-types";
import type { CloudObject, Props } from "../../rehearsal/types";
import { remembering } from "../../rehearsal/world";
import { InProcess, type Memory } from "../in-process";
import type { Project } from "../project";
import { changes, type Outcome } from "../way";
import { worldOf } from "../world";

/** For tests: both environments of a project, brought up from nothing. */
export async function standing(project: Project): Promise<InProcess> {
  const way = new InProcess(project);
  for (const stack of ["sandbox", "prod"] as const) refuseFailed(await way.run(stack, "up"));
  return way;
}

/** The same clouds and states under another configuration; what it releases has been pushed. */
export function under(project: Project, { cloud, stacks }: Memory): InProcess {
  return new InProcess(project, {
    cloud: new Cloud({ ...cloud.state, world: remembering(cloud.state.world, worldOf(project)) }),
    stacks: { ...stacks },
  });
}

/** The same clouds and states once more: what happens in the copy does not happen here. */
export function copied({ cloud, stacks }: Memory): Memory {
  return { cloud: cloud.copy(), stacks: { ...stacks } };
}

/** What an outcome changed, a line each: `update Service web_web desiredCount`. */
export function lines({ steps }: Outcome): string[] {
  return changes(steps).map(line);
}

function line({ op, type, name, changed = [] }: Step): string {
  return [op, type.split(":").at(-1), name, ...changed].join(" ");
}

/** The objects of a type that one account holds. */
export function objectsOf({ cloud }: Memory, type: string, account: string): CloudObject[] {
  return cloud.objects(type).filter((object) => object.account === account);
}

/** The containers of a task definition family. */
export function containers(memory: Memory, family: string): Props[] {
  const found = memory.cloud
    .objects("aws:ecs/taskDefinition:TaskDefinition")
    .filter(({ inputs }) => inputs.family === family)
    .sort((a, b) => Number(b.outputs.revision) - Number(a.outputs.revision))[0];
  return JSON.parse(String(found?.inputs.containerDefinitions ?? "[]")) as Props[];
}

export function refuseFailed({ failures }: Outcome): void {
  if (failures.length > 0) throw new Error(failures.map(({ message }) => message).join("\n"));
}
