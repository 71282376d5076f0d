import { dotted, type Mistake } from "./mistakes";
import type { Settings } from "./settings";

/** What a check across values may look at. */
export interface Checkable {
  readonly settings: Settings;
  /** Names of the secrets in the stack's file. */
  readonly given: ReadonlySet<string>;
  /** The file that holds a path. */
  readonly fileOf: (path: readonly PropertyKey[]) => string;
  /** The stack's own file. */
  readonly own: string;
  /** The present instant, where it is known. */
  readonly now?: string;
}

/** A mistake at a path of the settings. */
export function mistakeAt(
  { fileOf }: Checkable,
  path: readonly PropertyKey[],
  what: { found?: string; allowed: string; remedy: string },
): Mistake {
  return { file: fileOf(path), path: dotted(path), ...what };
}
