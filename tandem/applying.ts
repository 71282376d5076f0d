import type { Passport } from "../components/passport";
import type { EnvironmentName } from "../config/settings";
import { type Agreement, agreed } from "./agreement";
import { line, words } from "./commands/plan";
import { CommandError, EXIT } from "./errors";
import { type Gate, refuseUnreviewed, toDo, unforeseen } from "./gate";
import type { Project } from "./project";
import { released, verified } from "./promotion-words";
import type { Releasing } from "./releasing";
import { changes, counted, type Outcome, reasons, told, type Way } from "./way";

/** An `up` that does what was reviewed, or what somebody agrees to. */
export interface Applying extends Gate, Agreement {
  readonly project: Project;
  readonly way: Way;
  readonly stack: EnvironmentName;
  /** New images, which are in the stack's file already. @default none */
  readonly release?: Releasing | undefined;
  readonly say: (text: string) => void;
}

/** Previews, stops where that is not what was reviewed, brings the environment up and says what stands. */
export async function applying(a: Applying): Promise<void> {
  const { way, stack, say } = a;
  await refuseBesides(a);
  const preview = await way.run(stack, "preview");
  if (preview.failures.length > 0) throw new CommandError(`Nothing was touched.\n${reasons(preview)}`);
  say(words({ stack, outcome: preview }));
  if (told(preview.steps).length === 0 && (await saysTheSame(a, preview)))
    return say("Nothing to apply: it stands as declared.");
  if (a.release === undefined) refuseUnreviewed(stack, preview.steps, a);
  // The question is for whoever has no review; --accept-unreviewed is the answer to it.
  const settled = a.reviewed !== undefined || a.acceptUnreviewed === true;
  if (!settled && !(await agreed(`Do this to ${stack}?`, a))) return say("Nothing was touched.");
  const outcome = await way.run(stack, "up", (step) => {
    if (told([step]).length > 0) say(line(step));
  });
  if (outcome.failures.length > 0) throw new CommandError(failure(stack, outcome));
  say(stands(stack, outcome));
  tellUnforeseen(stack, preview, outcome);
}

/**
 * A review shows what a change of the stack does, and new images come later: they were reviewed where they were made.
 * So what would be done without them has to be reviewed, and the rest is theirs.
 */
async function refuseBesides(a: Applying): Promise<void> {
  const { release, way, stack } = a;
  if (release === undefined || a.reviewed === undefined || a.acceptUnreviewed === true) return;
  release.lift();
  const without = await way.run(stack, "preview").finally(release.lay);
  if (without.failures.length > 0) throw new CommandError(`Nothing was touched.\n${reasons(without)}`);
  refuseUnreviewed(stack, without.steps, a);
}

/** Another commit with the same resources changes what the environment says it runs, and nothing else. */
async function saysTheSame({ way, stack }: Applying, preview: Outcome): Promise<boolean> {
  const standing = await way.outputs(stack);
  return JSON.stringify(standing?.passport) === JSON.stringify(preview.outputs.passport);
}

function stands(stack: EnvironmentName, { steps, outputs, seconds }: Outcome): string {
  const passport = outputs.passport as Passport | undefined;
  const done = counted(told(steps), true) || "no resource changed";
  return [
    `${stack} stands: ${done} (${seconds.toFixed(1)} s).`,
    ...(passport === undefined
      ? []
      : [`It runs ${passport.id}: ${released(passport)}, verified ${verified(passport)}.`]),
  ].join("\n");
}

function failure(stack: EnvironmentName, outcome: Outcome): string {
  const done = changes(outcome.steps).length;
  const kept =
    done === 0
      ? "Nothing was changed."
      : `${done} steps were done before that and are kept: run it again to go on.`;
  return [`${stack} does not stand:`, reasons(outcome), kept].join("\n");
}

function tellUnforeseen(stack: EnvironmentName, preview: Outcome, up: Outcome): void {
  const surprises = unforeseen(preview.steps, up.steps);
  if (surprises.length === 0) return;
  throw new CommandError(
    [
      `${stack} was changed, or its files were, between the preview and the up. Done without having been shown:`,
      ...surprises.map(toDo),
    ].join("\n"),
    EXIT.differs,
  );
}
