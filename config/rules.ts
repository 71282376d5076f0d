import type { Checkable } from "./checkable";
import type { Mistake } from "./mistakes";
import { acknowledgementMistakes } from "./rules/acknowledged";
import { applicationMistakes } from "./rules/applications";
import { hostMistakes } from "./rules/hosts";
import { platformMistakes } from "./rules/platform";
import { referenceMistakes } from "./rules/references";
import { rotationMistakes } from "./rules/rotations";
import { secretMistakes } from "./rules/secrets";

/** What no single value shows: every check runs, so that one message has it all. */
export function crossChecks(checkable: Checkable): readonly Mistake[] {
  return [
    acknowledgementMistakes,
    hostMistakes,
    referenceMistakes,
    applicationMistakes,
    secretMistakes,
    rotationMistakes,
    platformMistakes,
  ].flatMap((check) => check(checkable));
}
