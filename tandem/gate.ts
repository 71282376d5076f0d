import type { EnvironmentName } from "../config/settings";
import type { Step } from "../rehearsal/run-types";
import { CommandError, EXIT } from "./errors";
import { type Reviewed, unreviewed } from "./review/reviewed";
import { told } from "./way";

/** What stands between a preview and the `up` that follows it. */
export interface Gate {
  /** What reviews have shown. @default somebody is asked instead */
  readonly reviewed?: Reviewed | undefined;
  /** Lets through what no review has shown. @default false */
  readonly acceptUnreviewed?: boolean | undefined;
}

/** @throws CommandError with code 3 where a step was not reviewed, naming each */
export function refuseUnreviewed(
  stack: EnvironmentName,
  steps: readonly Step[],
  { reviewed, acceptUnreviewed }: Gate,
): void {
  if (reviewed === undefined || acceptUnreviewed === true) return;
  const unseen = unreviewed(stack, steps, reviewed);
  if (unseen.length === 0) return;
  const empty = reviewed[stack].length === 0 ? ` (no review of ${stack} is in what was given)` : "";
  throw new CommandError(
    [
      `Nothing was touched: ${unseen.length} of ${told(steps).length} steps on ${stack} were in no reviewed preview${empty}:`,
      ...unseen.map(toDo),
      "Open a pull request, whose review shows them; or look at them here and run this again with --accept-unreviewed.",
    ].join("\n"),
    EXIT.differs,
  );
}

/**
 * What an `up` did and its preview had not said.
 *
 * The gate judges a preview, and an `up` plans anew. What was changed in between, in the files or in the clouds, is
 * therefore not stopped: stopping halfway would leave an environment that nobody has planned. It is told, so that
 * it never passes unseen. An `up` that does less than was shown is no matter: a value that was unknown has turned
 * out to be the former one.
 */
export function unforeseen(preview: readonly Step[], up: readonly Step[]): readonly Step[] {
  const shown = new Map(told(preview).map(({ urn, op }) => [urn, op]));
  return told(up).filter(({ urn, op }) => {
    const expected = shown.get(urn);
    return expected !== op && !(expected === "replace" && op === "update");
  });
}

/** A step in words, indented: `replace Instance database-main-instance because of identifier`. */
export function toDo({ op, type, name, changed = [], replaces = [] }: Step): string {
  const properties = replaces.length > 0 ? ` because of ${replaces.join(", ")}` : listed(changed);
  return `  ${op} ${type.split(":").at(-1)} ${name}${properties}`;
}

const listed = (changed: readonly string[]) => (changed.length > 0 ? `: ${changed.join(", ")}` : "");
