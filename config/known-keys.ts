import { at } from "./layers";
import { settings as schema } from "./schema";

/** The keys that the schema knows at a path: its shape is followed through records, unions and defaults. */
export function knownKeys(path: readonly PropertyKey[]): string[] {
  let here: unknown = schema;
  for (const step of path) here = child(unwrapped(here), step);
  return shapes(unwrapped(here)).flatMap((shape) => Object.keys(shape));
}

interface Definition {
  type: string;
  innerType?: unknown;
  in?: unknown;
  valueType?: unknown;
  element?: unknown;
  options?: unknown[];
  shape?: Record<string, unknown>;
}

const definition = (of: unknown): Definition | undefined =>
  (of as { _zod?: { def: Definition } } | undefined)?._zod?.def;

function unwrapped(of: unknown): unknown {
  const { innerType, in: input } = definition(of) ?? {};
  return innerType !== undefined ? unwrapped(innerType) : input !== undefined ? unwrapped(input) : of;
}

function child(of: unknown, step: PropertyKey): unknown {
  const { shape, valueType, element, options } = definition(of) ?? {};
  if (options)
    return options.map((option) => child(unwrapped(option), step)).find((found) => found !== undefined);
  return at(shape, [String(step)]) ?? valueType ?? element;
}

function shapes(of: unknown): Record<string, unknown>[] {
  const { shape, options } = definition(of) ?? {};
  return shape ? [shape] : (options ?? []).flatMap((option) => shapes(unwrapped(option)));
}
