import type { ResourceState, StackState } from "../rehearsal/stack-state";

const NAME = /^tandem:[^:]+:(.+)$/;

/**
 * A Mermaid flowchart of a stack: each component a box, an arrow where one is made from another. Plain resources
 * are counted, not drawn: an environment has more than a hundred.
 */
export function mermaid({ resources }: StackState): string {
  const components = new Map(resources.filter(({ type }) => NAME.test(type)).map((r) => [r.urn, r]));
  const owner = ownerOf(resources, components);
  const drawn = [...components.values()].filter(({ type }) => !isFrame(type));
  const ids = new Map(drawn.map(({ urn }, index) => [urn, `n${index}`]));
  const counts = countBy(resources.filter(({ custom }) => custom).map(({ urn }) => owner.get(urn) ?? ""));
  const boxes = drawn.map(
    ({ urn, type }) => `  ${ids.get(urn)}["${label(urn, type, counts.get(urn) ?? 0)}"]`,
  );
  return ["flowchart LR", ...boxes, ...arrows(resources, owner, ids)].join("\n");
}

/** Components that only hold others. */
const isFrame = (type: string) => /:(Environment|Hosting)$/.test(type);

/** The nearest component above each resource, itself included. */
function ownerOf(resources: readonly ResourceState[], components: ReadonlyMap<string, ResourceState>) {
  const owner = new Map<string, string>();
  for (const { urn, parent } of resources)
    owner.set(urn, components.has(urn) ? urn : (owner.get(parent ?? "") ?? ""));
  return owner;
}

function arrows(
  resources: readonly ResourceState[],
  owner: ReadonlyMap<string, string>,
  ids: ReadonlyMap<string, string>,
): string[] {
  const pairs = resources.flatMap(({ urn, dependencies }) =>
    dependencies.map((on) => [ids.get(owner.get(on) ?? ""), ids.get(owner.get(urn) ?? "")]),
  );
  const lines = pairs
    .filter(([from, to]) => from && to && from !== to)
    .map(([from, to]) => `  ${from} --> ${to}`);
  return [...new Set(lines)];
}

function label(urn: string, type: string, count: number): string {
  const kind = NAME.exec(type)?.[1] ?? type;
  const name = urn.split("::").at(-1) ?? "";
  const title = name === kind.toLowerCase() ? kind : `${kind} ${name}`;
  return count === 0 ? title : `${title}<br/>${count} ${count === 1 ? "resource" : "resources"}`;
}

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
