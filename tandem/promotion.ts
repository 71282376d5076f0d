import type { Passport } from "../components/passport";
import { type Agreement, agreed } from "./agreement";
import { line, words } from "./commands/plan";
import { CommandError, EXIT } from "./errors";
import { type Gate, refuseUnreviewed } from "./gate";
import type { Project } from "./project";
import { difference, listed, released } from "./promotion-words";
import { configValue, writeConfig } from "./stack-file";
import { changes, type Outcome, reasons, told, type Way } from "./way";

/** A promotion, or the way back from one. */
export interface Promotion extends Gate, Agreement {
  readonly project: Project;
  /** Reads the project's files anew for each run. */
  readonly way: Way;
  /** The kept passport to go back to; `true` is the one before. @default what the sandbox proved */
  readonly back?: string | true;
  readonly say: (text: string) => void;
}

/** Shows what production would take over, asks, brings it up, and says what runs and how to go back. */
export async function promotion(p: Promotion): Promise<void> {
  const kept = passportsOf(await p.way.outputs("prod"));
  const wanted = p.back === undefined ? await proved(p.way) : former(kept, p.back);
  const undo = pin(p, p.back === undefined ? undefined : wanted.id);
  try {
    p.say(headOf(p, wanted, kept[0]));
    const preview = await p.way.run("prod", "preview");
    if (preview.failures.length > 0) throw new CommandError(reasons(preview));
    p.say(words({ stack: "prod", outcome: preview }));
    if (told(preview.steps).length === 0 && wanted.id === kept[0]?.id)
      return p.say(`\nNothing to promote: production runs ${wanted.id} already, and nothing else changes.`);
    refuseUnreviewed("prod", preview.steps, p);
    if (!(await agreed("Do this to production?", p))) {
      undo();
      return p.say("Nothing was touched.");
    }
  } catch (error) {
    undo();
    throw error;
  }
  await carryOut(p, wanted, kept[0]);
}

const passportsOf = (outputs: Readonly<Record<string, unknown>> | undefined) =>
  (outputs?.passports ?? []) as readonly Passport[];

async function proved(way: Way): Promise<Passport> {
  const passport = (await way.outputs("sandbox"))?.passport as Passport | undefined;
  if (passport !== undefined) return passport;
  throw new CommandError(
    "The sandbox has no passport, so there is nothing to promote: bring it up first (npx tandem rehearse; really: npx tandem apply --stack sandbox --real).",
  );
}

function former(kept: readonly Passport[], back: string | true): Passport {
  const found = back === true ? kept[1] : kept.find(({ id }) => id === back);
  if (found !== undefined) return found;
  if (kept.length < 2)
    throw new CommandError("There is nothing to go back to yet: production took one release.");
  throw new CommandError(`${back} was not kept. Production can go back to:\n${listed(kept)}`, EXIT.usage);
}

/** Writes which passport production stays at. @returns what takes it back */
function pin({ project, say }: Promotion, id: string | undefined): () => void {
  const before = configValue(project, "prod", "passport") as string | undefined;
  if (before === id) return () => {};
  writeConfig(project, "prod", { passport: id });
  say(
    id === undefined
      ? `Pulumi.prod.yaml kept production at ${before}: taken out, it follows the sandbox again.`
      : `Pulumi.prod.yaml keeps production at ${id} from now on.`,
  );
  return () => {
    writeConfig(project, "prod", { passport: before });
    say("Pulumi.prod.yaml is as it was.");
  };
}

function headOf({ back, way }: Promotion, wanted: Passport, running: Passport | undefined): string {
  const what = back === undefined ? "Promoting" : "Going back to";
  const same = wanted.id === running?.id ? ", which production runs already: only the rest can change" : "";
  return `${what} ${wanted.id} ${way.name}${same}.\n\n${difference(wanted, running)}\n`;
}

async function carryOut(p: Promotion, wanted: Passport, running: Passport | undefined): Promise<void> {
  p.say("\nBringing production up:");
  const outcome = await p.way.run("prod", "up", (step) => {
    if (told([step]).length > 0) p.say(line(step));
  });
  if (outcome.failures.length > 0) throw new CommandError(failure(outcome, wanted, running));
  const [taken, before] = passportsOf(outcome.outputs);
  p.say(
    [
      `\nProduction runs ${taken?.id}: ${taken === undefined ? "" : released(taken)} (${outcome.seconds.toFixed(1)} s).`,
      ...(before === undefined
        ? []
        : [`Going back to ${before.id} (${released(before)}): npx tandem promote --back`]),
      ...(p.back === undefined
        ? []
        : [
            "Commit Pulumi.prod.yaml: without the pin, an up takes what the sandbox proved. npx tandem promote removes it.",
          ]),
    ].join("\n"),
  );
}

function failure(outcome: Outcome, wanted: Passport, running: Passport | undefined): string {
  const done = changes(outcome.steps).length;
  return [
    `Production does not stand at ${wanted.id}.`,
    reasons(outcome),
    [
      running === undefined
        ? "Nothing stood whole before."
        : `The last release that stood whole is ${running.id} (${released(running)}).`,
      done === 0 ? "Nothing was changed." : `${done} steps were done before the failure and are kept.`,
      "Where a migration ran, nothing was put back: the command that restores the backup stands above.",
      "Once the cause is put right, the same command goes on from here.",
    ].join("\n"),
  ].join("\n\n");
}
