import type { ResourceState } from "../rehearsal/stack-state";
import type { Props, World } from "../rehearsal/types";
import type { Memory } from "../tandem/in-process";

/** A text that takes parts from what other resources compute. */
export interface Wired {
  readonly wired: readonly (string | { readonly urn: string; readonly property: string })[];
}

/** What a program without components would write down. */
export interface Flat {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Props;
  readonly secretInputs: readonly string[];
  /** What it waits for, by URN. */
  readonly dependsOn: readonly string[];
  readonly ignoreChanges: readonly string[];
}

export interface Recording {
  readonly resources: readonly Flat[];
  readonly world: World;
}

/** What stands in the sandbox as flat resources. @param said the inputs as the program gave them, by URN */
export function recordingOf({ cloud, stacks }: Memory, said: ReadonlyMap<string, Props>): Recording {
  const resources = (stacks.sandbox?.resources ?? []).filter(
    ({ custom, type }) => custom && !type.startsWith("pulumi:"),
  );
  const known = new Set(resources.map(({ urn }) => urn));
  const wires = new Map<string, { urn: string; property: string }>();
  const flat = resources.map((resource): Flat => {
    const { urn, type, dependencies, secretInputs, ignoreChanges } = resource;
    const inputs = wire(said.get(urn) ?? resource.inputs, wires) as Props;
    for (const [text, property] of computed(resource))
      if (!wires.has(text)) wires.set(text, { urn, property });
    const dependsOn = dependencies.filter((on) => known.has(on));
    return { urn, type, name: urn.split("::").at(-1) ?? "", inputs, secretInputs, dependsOn, ignoreChanges };
  });
  return { resources: flat, world: cloud.state.world };
}

/** What its program did not say itself. */
function computed({ id, inputs, outputs }: ResourceState): [text: string, property: string][] {
  const said = new Set(Object.values(inputs));
  return Object.entries({ id, ...outputs }).flatMap(([property, value]) =>
    typeof value === "string" &&
    value.length > 7 &&
    (property === "id" || property === "name" || !said.has(value))
      ? [[value, property] as [string, string]]
      : [],
  );
}

function wire(value: unknown, wires: ReadonlyMap<string, { urn: string; property: string }>): unknown {
  if (typeof value === "string") {
    const parts = split(
      value,
      [...wires.keys()].sort((a, b) => b.length - a.length),
    );
    if (!parts.some((part) => wires.has(part))) return value;
    return { wired: parts.filter((part) => part !== "").map((part) => wires.get(part) ?? part) };
  }
  if (Array.isArray(value)) return value.map((inner) => wire(inner, wires));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, wire(inner, wires)]));
}

/** A text cut where one of the words stands, the words included. */
function split(text: string, words: readonly string[]): string[] {
  const found = words.find((word) => text.includes(word));
  if (found === undefined) return [text];
  return text.split(found).flatMap((part, index) => [...(index === 0 ? [] : [found]), ...split(part, words)]);
}
