import { createHash } from "node:crypto";

/** Above this stay the priorities that are free for rules made by hand or by later components. */
export const HIGHEST_PRIORITY = 40_000;

/**
 * The priority of each route's listener rule, 1 to {@link HIGHEST_PRIORITY}. It follows from the route's own name,
 * so that a route that comes or goes leaves the others where they are; where two names meet, the one that
 * comes later in the alphabet takes the next free number.
 *
 * @param routes every route of the environment, in any order
 * @param highest how many priorities there are; lower in tests @default 40000
 */
export function rulePriorities(
  routes: readonly string[],
  highest = HIGHEST_PRIORITY,
): Readonly<Record<string, number>> {
  const distinct = [...new Set(routes)].sort();
  if (distinct.length > highest)
    throw new Error(`${distinct.length} routes: one load balancer has room for ${highest}. Remove some.`);
  const taken = new Map<number, string>();
  for (const route of distinct) {
    let priority = preferred(route, highest);
    while (taken.has(priority)) priority = (priority % highest) + 1;
    taken.set(priority, route);
  }
  return Object.fromEntries([...taken].map(([priority, route]) => [route, priority]));
}

function preferred(route: string, highest: number): number {
  return (createHash("sha256").update(route).digest().readUInt32BE() % highest) + 1;
}
