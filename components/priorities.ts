import { createHash } from "node:crypto";

/** Above this stay the priorities that are free for rules made by hand or by later components. */
export const HIGHEST_PRIORITY = 40_000;

/**
 * The priority of each host's listener rule, 1 to {@link HIGHEST_PRIORITY}. It follows from the host's own name,
 * so that a host that comes or goes leaves the others where they are; where two names meet, the one that
 * comes later in the alphabet takes the next free number.
 *
 * @param hosts every host of the environment, aliases too, in any order
 * @param highest how many priorities there are; lower in tests @default 40000
 */
export function rulePriorities(
  hosts: readonly string[],
  highest = HIGHEST_PRIORITY,
): Readonly<Record<string, number>> {
  const distinct = [...new Set(hosts)].sort();
  if (distinct.length > highest)
    throw new Error(`${distinct.length} hosts: one load balancer has room for ${highest}. Remove some.`);
  const taken = new Map<number, string>();
  for (const host of distinct) {
    let priority = preferred(host, highest);
    while (taken.has(priority)) priority = (priority % highest) + 1;
    taken.set(priority, host);
  }
  return Object.fromEntries([...taken].map(([priority, host]) => [host, priority]));
}

function preferred(host: string, highest: number): number {
  return (createHash("sha256").update(host).digest().readUInt32BE() % highest) + 1;
}
