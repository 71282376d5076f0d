/** A row: its title, and what is said of each environment, a line each. What belongs to a line is indented by two. */
export interface Cells {
  readonly title: string;
  readonly columns: readonly (readonly string[])[];
}

/** Characters of a row's title, with the blank after it. */
export const TITLE = 13;
const BETWEEN = 2;

/**
 * Rows side by side, none wider than so many characters: what is longer goes on in the next line, indented. Rows of
 * which nothing is said are left out.
 */
export function sideBySide(
  head: readonly string[],
  rows: readonly Cells[],
  width: number,
): readonly string[] {
  const room = Math.floor((width - TITLE - BETWEEN * (head.length - 1)) / head.length);
  const wrapped = [{ title: "", columns: head.map((text) => [text]) }, ...rows]
    .map(({ title, columns }) => ({
      title,
      columns: columns.map((lines) => lines.flatMap((line) => folded(line, room))),
    }))
    .filter(({ columns }) => columns.some((lines) => lines.length > 0));
  const widths = head.map((_, index) =>
    Math.max(...wrapped.flatMap(({ columns }) => (columns[index] ?? []).map(({ length }) => length))),
  );
  return wrapped.flatMap(({ title, columns }) => {
    const height = Math.max(...columns.map(({ length }) => length));
    return Array.from({ length: height }, (_, row) => {
      const texts = columns.map((lines, index) => (lines[row] ?? "").padEnd((widths[index] ?? 0) + BETWEEN));
      return `${(row === 0 ? title : "").padEnd(TITLE)}${texts.join("")}`.trimEnd();
    });
  });
}

/** A line in pieces that fit; a word that does not stays whole. */
function folded(line: string, room: number, indent = `${/^ */.exec(line)?.[0] ?? ""}  `): readonly string[] {
  const at = line.lastIndexOf(" ", room);
  const first = line.slice(0, at);
  if (line.length <= room || at <= 0 || first.trim() === "") return [line];
  return [first.trimEnd(), ...folded(`${indent}${line.slice(at + 1)}`, room, indent)];
}

/** Reasons that lines end with, each told once below the table: the line has its number. */
export class Notes {
  readonly #told: string[] = [];

  /** @returns `[1]`, the same for the same text */
  of(text: string): string {
    if (!this.#told.includes(text)) this.#told.push(text);
    return `[${this.#told.indexOf(text) + 1}]`;
  }

  lines(): readonly string[] {
    return this.#told.map((text, index) => `[${index + 1}] ${text}`);
  }
}
