import { ENVIRONMENTS } from "../../config/settings";
import { counted, folded, plain, table } from "./markdown";
import type { Cell, Row } from "./rows";

const HEAD = ["change", "sandbox", "production"] as const;
const NONE = "–";

/** Rows side by side; those of summarised components are one row each. */
export function changes(all: readonly Row[], summarised: ReadonlySet<string>): string {
  const components = [...new Set(all.map(({ component }) => component))];
  const lines = components.flatMap((component) => {
    const own = all.filter((row) => row.component === component);
    return summarised.has(component) ? [summary(component, own)] : own.map(line);
  });
  return table(HEAD, lines);
}

function line({ title, cells }: Row): readonly string[] {
  return [title, ...ENVIRONMENTS.map((stack) => cells[stack]?.text ?? NONE)];
}

/** What is left of a component that has too many changes for one comment. */
function summary(component: string, own: readonly Row[]): readonly string[] {
  return [
    `${counted(own.length, "change")} in ${component}`,
    ...ENVIRONMENTS.map((stack) => ops(own.flatMap(({ cells }) => cells[stack] ?? []))),
  ];
}

/** How many of each kind: `2 to create, 40 to update`. */
function ops(cells: readonly Pick<Cell, "op">[]): string {
  const kinds = new Map<string, number>();
  for (const { op } of cells) kinds.set(op, (kinds.get(op) ?? 0) + 1);
  return [...kinds].map(([op, count]) => `${count} to ${op}`).join(", ") || NONE;
}

/** Everything that neither harms nor opens anything: a component each, folded. */
export function rest(all: readonly Row[], summarised: ReadonlySet<string>): string {
  const components = [...new Set(all.map(({ component }) => component))];
  const shown = components.filter((component) => !summarised.has(component));
  const only = all.filter(({ component }) => summarised.has(component));
  const parts = shown.map((component) => {
    const own = all.filter((row) => row.component === component);
    return folded(`${component}: ${counted(own.length, "change")}`, changes(own, new Set()));
  });
  return [...parts, ...(only.length === 0 ? [] : [changes(only, summarised)])].join("\n\n");
}

/** A list of what somebody else wrote; the first ones, and how many more there are. */
export function messages(texts: readonly string[], most: number, length: number): string {
  const unique = [...new Set(texts)];
  const more = unique.length - most;
  return [
    ...unique.slice(0, most).map((text) => `- ${plain(text, length)}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ].join("\n");
}
