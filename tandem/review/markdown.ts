/** What means something in Markdown, HTML or GitHub's mathematics, or begins a mention or a link. */
const MEANING = /([&<>"'`*_{}[\]()|\\~$])|[@#]|:(?=\/\/)|www(?=\.)|GH(?=-)/gi;
/** Between two characters it is not seen, and keeps them from becoming a mention or a link. */
const NOTHING = "&#8203;";

/** Text that somebody else wrote, as plain text of one line: no markup, no mention, no link. */
export function plain(text: string, most = 200): string {
  const line = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
  const cut = line.length <= most ? line : `${line.slice(0, most - 1)}…`;
  return cut
    .replace(/\p{Cs}/gu, "")
    .replace(MEANING, (found, mark) => (mark ? `&#${found.charCodeAt(0)};` : `${found}${NOTHING}`));
}

/** Text that somebody else wrote, with its lines, as it stands. */
export function block(text: string, most: number): string {
  const lines = text.trim().split(/\r?\n/);
  const cut = text.length <= most ? lines : text.slice(0, most).split(/\r?\n/).concat("…");
  // A line that is not empty is never taken for the end of the block.
  return `<pre>${cut.map((line) => `${/^ */.exec(line)?.[0] ?? ""}${plain(line, most)}` || "&nbsp;").join("\n")}</pre>`;
}

/** The same in the type of code. */
export const code = (text: string, most?: number): string => `<code>${plain(text, most)}</code>`;

/** A table; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Something that is read only by who opens it. */
export const folded = (summary: string, content: string): string =>
  `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
