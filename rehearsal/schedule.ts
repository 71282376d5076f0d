import { prerequisites, type ResourceState } from "./stack-state";

/**
 * The order in which resources can be deleted: what others need comes in a later group than they do.
 * Groups are what the engine deletes side by side; after a failure in one, no further group starts.
 *
 * @param resources every resource after what it depends on, as a state holds them
 */
export function deletionGroups(resources: readonly ResourceState[]): readonly (readonly ResourceState[])[] {
  const positions = new Map<string, number[]>();
  resources.forEach((r, i) => {
    const known = positions.get(r.urn);
    if (known) known.push(i);
    else positions.set(r.urn, [i]);
  });
  const depth = new Array<number>(resources.length).fill(0);
  const groups: ResourceState[][] = [];
  for (let i = resources.length - 1; i >= 0; i--) {
    const r = resources[i];
    const level = depth[i] ?? 0;
    if (r === undefined) continue;
    groups[level] ??= [];
    groups[level]?.push(r);
    for (const needed of prerequisites(r)) {
      for (const at of positions.get(needed) ?? []) depth[at] = Math.max(depth[at] ?? 0, level + 1);
    }
  }
  return groups.filter((group) => group !== undefined);
}
