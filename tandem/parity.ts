import type { ResourceState } from "../rehearsal/stack-state";
import type { Allowed } from "../stacks/differences";

/** One difference between two environments. */
export interface Difference {
  readonly type: string;
  readonly name: string;
  /** Dotted path of the input, or `exists`. */
  readonly property: string;
  readonly sandbox: unknown;
  readonly prod: unknown;
}

export interface Verdict {
  /** Differences that the table allows, each with its row. */
  readonly allowed: readonly (Difference & { readonly because: string })[];
  /** Differences that it does not allow, or no longer. */
  readonly refused: readonly (Difference & { readonly because?: string; readonly expired?: string })[];
  /** Rows of the table that no difference needs. */
  readonly idle: readonly Allowed[];
}

/** Compares two environments in neutral words (see neutral.ts) and holds every difference against the table. */
export function compare(
  sandbox: readonly ResourceState[],
  prod: readonly ResourceState[],
  table: readonly Allowed[],
  today = new Date().toISOString().slice(0, 10),
): Verdict {
  const found = differences(sandbox, prod);
  const judged = found.map((difference) => ({
    difference,
    row: table.find((row) => matches(row, difference)),
  }));
  const expired = (row: Allowed | undefined) => row?.until !== undefined && row.until < today;
  return {
    allowed: judged.flatMap(({ difference, row }) =>
      row !== undefined && !expired(row) ? [{ ...difference, because: row.because }] : [],
    ),
    refused: judged.flatMap(({ difference, row }) =>
      row === undefined
        ? [difference]
        : expired(row)
          ? [{ ...difference, because: row.because, expired: row.until as string }]
          : [],
    ),
    idle: table.filter((row) => !judged.some((judgement) => judgement.row === row)),
  };
}

/** Resources by what names them in both environments. */
const byName = (resources: readonly ResourceState[]) =>
  new Map(resources.filter(({ custom }) => custom).map((r) => [r.urn, r]));

function differences(sandbox: readonly ResourceState[], prod: readonly ResourceState[]): Difference[] {
  const [one, other] = [byName(sandbox), byName(prod)];
  const names = [...new Set([...one.keys(), ...other.keys()])].sort();
  return names.flatMap((key) => {
    const [s, p] = [one.get(key), other.get(key)];
    const resource = (s ?? p) as ResourceState;
    const place = { type: resource.type, name: key.split("::").at(-1) ?? "" };
    if (s === undefined || p === undefined)
      return [{ ...place, property: "exists", sandbox: s !== undefined, prod: p !== undefined }];
    return unlike(s.inputs, p.inputs, "").map((found) => ({ ...place, ...found }));
  });
}

/** The paths at which two values differ, as deep as both have the same shape. */
function unlike(
  a: unknown,
  b: unknown,
  path: string,
): { property: string; sandbox: unknown; prod: unknown }[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (!isGroup(a) || !isGroup(b) || Array.isArray(a) !== Array.isArray(b))
    return [{ property: path, sandbox: a, prod: b }];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) => unlike(a[key], b[key], path === "" ? key : `${path}.${key}`));
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

function matches({ type, name = "*", property }: Allowed, difference: Difference): boolean {
  return glob(type, difference.type) && glob(name, difference.name) && glob(property, difference.property);
}

function glob(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}
