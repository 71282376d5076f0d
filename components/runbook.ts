/** Alarms of which there is one for each member of a collection: one row of the runbook serves them all. */
const COLLECTED = /^(service|database|queue|schedule|intake)-.+-([a-z]+)$/;

/** Where the runbook says what to do about an alarm or a rule: by the role that its name ends in. */
export function runbookAnchor(role: string): string {
  return role.replace(COLLECTED, "$1-$2");
}

/**
 * What a mail says of an alarm, with the way to the row of the runbook that says what to do.
 *
 * @param role the alarm's name without project and environment, such as `database-main-storage`
 */
export function withRunbook(description: string, role: string): string {
  return `${description} What to do: docs/runbook.md#${runbookAnchor(role)}`;
}
