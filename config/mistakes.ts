import { RunError } from "@pulumi/pulumi/errors";

/** One thing wrong with the configuration. */
export interface Mistake {
  /** The file that holds it. */
  readonly file: string;
  /** Dotted path below the configuration key, such as `applications.web.processes.web.cpu`. */
  readonly path: string;
  /** What was found, as YAML would show it; undefined where nothing stands or where it is a secret's. */
  readonly found?: string;
  readonly allowed: string;
  readonly remedy: string;
}

/**
 * Everything that is wrong, in one message. A `RunError`: Pulumi prints it without a stack trace, and no
 * resource has been declared when it is thrown.
 */
export class ConfigurationError extends RunError {
  constructor(
    stack: string,
    readonly mistakes: readonly Mistake[],
  ) {
    const count = mistakes.length === 1 ? "one mistake" : `${mistakes.length} mistakes`;
    super(report(`The configuration of ${stack} has ${count}; nothing was touched.`, mistakes));
  }
}

/** What is wrong, a paragraph each, below a line that says of what. */
export function report(head: string, mistakes: readonly Mistake[]): string {
  return [head, ...[...mistakes].sort(byPlace).map(paragraph)].join("\n\n");
}

const byPlace = (a: Mistake, b: Mistake) => a.file.localeCompare(b.file) || a.path.localeCompare(b.path);

function paragraph({ file, path, found, allowed, remedy }: Mistake): string {
  return [
    `  ${file}  ${path}`,
    ...(found === undefined ? [] : [`    found    ${found}`]),
    `    allowed  ${allowed}`,
    `    remedy   ${remedy}`,
  ].join("\n");
}

/** A path as a message shows it: an empty key is visible, and the whole has a name of its own. */
export function dotted(path: readonly PropertyKey[]): string {
  return path.length === 0
    ? "(everything)"
    : path.map((key) => String(key).trim() || `"${String(key)}"`).join(".");
}

const LONGEST = 80;

/** A value as a message shows it: one line, never long. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : (JSON.stringify(value) ?? String(value));
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
