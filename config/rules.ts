import type { Checkable } from "./checkable";
import type { Mistake } from "./mistakes";
import { acknowledgementMistakes } from "./rules/acknowledged";
import { applicationMistakes } from "./rules/applications";
import { backupMistakes } from "./rules/backups";
import { githubMistakes } from "./rules/github";
import { hostMistakes } from "./rules/hosts";
import { intakeMistakes } from "./rules/intake";
import { mailboxMistakes } from "./rules/mailbox";
import { maintenanceMistakes } from "./rules/maintenance";
import { noticeMistakes } from "./rules/notices";
import { officeMistakes } from "./rules/office";
import { platformMistakes } from "./rules/platform";
import { referenceMistakes } from "./rules/references";
import { rotationMistakes } from "./rules/rotations";
import { secretMistakes } from "./rules/secrets";
import { siteMistakes } from "./rules/sites";
import { sourceMistakes } from "./rules/sources";
import { taskMistakes } from "./rules/tasks";

/** What no single value shows: every check runs, so that one message has it all. */
export function crossChecks(checkable: Checkable): readonly Mistake[] {
  return [
    acknowledgementMistakes,
    hostMistakes,
    referenceMistakes,
    applicationMistakes,
    sourceMistakes,
    maintenanceMistakes,
    mailboxMistakes,
    backupMistakes,
    secretMistakes,
    taskMistakes,
    rotationMistakes,
    platformMistakes,
    noticeMistakes,
    officeMistakes,
    intakeMistakes,
    githubMistakes,
    siteMistakes,
  ].flatMap((check) => check(checkable));
}
