import type { Row } from "./rows";

/** How much of a review is written out. */
export interface Measure {
  /** Components of which only the number of changes is said. */
  readonly summarised: ReadonlySet<string>;
  readonly security: ReadonlySet<string>;
  readonly harms: number;
  readonly messages: number;
}

/** From everything to as little as must be said: the largest component is summarised first. */
export function* measures(all: readonly Row[]): Generator<Measure> {
  const most = { harms: 200, messages: 20 };
  const [open, guarded] = [all.filter(({ security }) => !security), all.filter(({ security }) => security)];
  const [summarised, security] = [new Set<string>(), new Set<string>()];
  yield { summarised, security, ...most };
  for (const component of largest(open)) yield { summarised: summarised.add(component), security, ...most };
  for (const component of largest(guarded)) yield { summarised, security: security.add(component), ...most };
  for (const few of [50, 10]) yield { summarised, security, harms: few, messages: Math.min(few, 5) };
}

function largest(all: readonly Row[]): readonly string[] {
  const sizes = new Map<string, number>();
  for (const { component } of all) sizes.set(component, (sizes.get(component) ?? 0) + 1);
  return [...sizes].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([component]) => component);
}
