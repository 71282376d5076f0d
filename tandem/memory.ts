import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ENVIRONMENTS } from "../config/settings";
import { Cloud } from "../rehearsal/cloud";
import { Sealer } from "../rehearsal/seal";
import { saltOf } from "../rehearsal/state-file";
import { Store } from "../rehearsal/store";
import { remembering } from "../rehearsal/world";
import { emptyMemory, type Memory } from "./in-process";
import { type Project, passphrase } from "./project";

/**
 * The in-process rehearsal that a folder holds, or a new one. The world around it is read anew each time: a
 * release that was configured since has been pushed since, and what was pushed before stays in its registry.
 */
export function openMemory(
  project: Project,
  folder: string,
): { memory: Memory; save: (memory: Memory) => void } {
  const cloudFile = join(folder, "cloud.json");
  const stackFile = (environment: string) => join(folder, `${environment}.json`);
  const store = new Store(Sealer.fromPassphrase(passphrase(), saltOf(cloudFile)));

  const memory = emptyMemory(project);
  const state = store.readCloud(cloudFile);
  if (state !== undefined) {
    memory.cloud = new Cloud({ ...state, world: remembering(state.world, memory.cloud.state.world) });
    for (const environment of ENVIRONMENTS) {
      const stack = store.readStack(stackFile(environment));
      if (stack !== undefined) memory.stacks[environment] = stack;
    }
  }
  return {
    memory,
    save: (current) => {
      mkdirSync(folder, { recursive: true });
      write(store, current, cloudFile, stackFile);
    },
  };
}

function write(
  store: Store,
  { cloud, stacks }: Memory,
  cloudFile: string,
  stackFile: (name: string) => string,
): void {
  for (const environment of ENVIRONMENTS) {
    const stack = stacks[environment];
    if (stack !== undefined) store.writeStack(stackFile(environment), stack);
  }
  store.writeCloud(cloudFile, cloud.state, Object.values(stacks));
}
