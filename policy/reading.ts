/** Reading of inputs whose shape nobody has promised. */

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; none of anything else. */
export function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** A list as it is, a single value as a list of one, nothing as an empty one. */
export function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** A value that AWS takes as JSON text: what the text holds, or the value itself. */
export function json(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    // No JSON: AWS refuses it with a message of its own.
    return undefined;
  }
}

/** The statements of a policy document. */
export function statements(policy: unknown): readonly Fields[] {
  return list(fields(json(policy)).Statement).map(fields);
}
