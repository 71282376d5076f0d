import type { Mistake } from "./mistakes";
import { applicationMistakes } from "./rules/applications";
import { hostMistakes } from "./rules/hosts";
import { platformMistakes } from "./rules/platform";
import { referenceMistakes } from "./rules/references";
import { secretMistakes } from "./rules/secrets";
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
}

/** What no single value shows: every check runs, so that one message has it all. */
export function crossChecks(checkable: Checkable): readonly Mistake[] {
  return [hostMistakes, referenceMistakes, applicationMistakes, secretMistakes, platformMistakes].flatMap(
    (check) => check(checkable),
  );
}

/** A mistake at a path of the settings. */
export function mistakeAt(
  { fileOf }: Checkable,
  path: readonly PropertyKey[],
  what: { found?: string; allowed: string; remedy: string },
): Mistake {
  return { file: fileOf(path), path: path.join("."), ...what };
}
