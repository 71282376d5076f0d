import type { ResourceState, StackState } from "../rehearsal/stack-state";

const COMPONENT = /^tandem:[^:]+:(.+)$/;
/** Components that only hold others: what stands directly in one of them is drawn. */
const FRAME = /:(Environment|Hosting)$/;

/**
 * A Mermaid flowchart of a stack: a box for each part of the environment, an arrow to what is made from it. What
 * is inside a part is counted, not drawn: an environment has more than a hundred resources.
 */
export function mermaid({ resources }: StackState): string {
  const types = new Map(resources.map(({ urn, type }) => [urn, type]));
  const isDrawn = ({ type, parent = "" }: ResourceState) =>
    COMPONENT.test(type) && !FRAME.test(type) && FRAME.test(types.get(parent) ?? "");
  const parts = partOf(resources, isDrawn);
  const sizes = countBy(resources.filter(({ custom }) => custom).map(({ urn }) => parts.get(urn) ?? ""));
  const drawn = resources.filter((resource) => isDrawn(resource) && (sizes.get(resource.urn) ?? 0) > 0);
  const ids = new Map(drawn.map(({ urn }, index) => [urn, `n${index}`]));
  const boxes = drawn.map(({ urn, type }) => `  ${ids.get(urn)}["${label(urn, type, sizes.get(urn) ?? 0)}"]`);
  return ["flowchart LR", ...boxes, ...arrows(resources, parts, ids)].join("\n");
}

/** The part that each resource belongs to: the nearest drawn component above it, itself included. */
function partOf(resources: readonly ResourceState[], isDrawn: (resource: ResourceState) => boolean) {
  const parts = new Map<string, string>();
  for (const resource of resources)
    parts.set(resource.urn, isDrawn(resource) ? resource.urn : (parts.get(resource.parent ?? "") ?? ""));
  return parts;
}

function arrows(
  resources: readonly ResourceState[],
  parts: ReadonlyMap<string, string>,
  ids: ReadonlyMap<string, string>,
): string[] {
  const pairs = resources.flatMap(({ urn, dependencies }) =>
    dependencies.map((on) => [ids.get(parts.get(on) ?? ""), ids.get(parts.get(urn) ?? "")]),
  );
  const lines = pairs
    .filter(([from, to]) => from && to && from !== to)
    .map(([from, to]) => `  ${from} --> ${to}`);
  return [...new Set(lines)];
}

/** The kind, and the name where it adds something: `Bucket media`, `Network`. */
function label(urn: string, type: string, size: number): string {
  const kind = COMPONENT.exec(type)?.[1] ?? type;
  const name = (urn.split("::").at(-1) ?? "").replace(new RegExp(`^${kind.toLowerCase()}-?`), "");
  return `${[kind, name].filter(Boolean).join(" ")}<br/>${size} ${size === 1 ? "resource" : "resources"}`;
}

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
