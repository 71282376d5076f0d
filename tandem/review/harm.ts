import type { EnvironmentName } from "../../config/settings";
import type { RunFailure, Step } from "../../rehearsal/run-types";
import type { Props } from "../../rehearsal/types";
import { told } from "../way";
import { type Harm, KINDS } from "./losses";
import { plain } from "./markdown";
import { type Planned, type Seen, TITLES } from "./planned";

/** A sentence about one step, in Markdown, and how bad it is. */
export interface Warned {
  readonly severity: Harm["severity"];
  /** The environment that it is about, since production comes first. */
  readonly stack: EnvironmentName;
  readonly noun: string;
  readonly text: string;
}

/** What an update loses or interrupts. The worst comes first, and production before the sandbox. */
export function harms(plans: readonly Planned[]): readonly Warned[] {
  const found = plans.flatMap(({ stack, steps, before, after, failures }) => {
    const [old, next] = [byUrn(before), byUrn(after)];
    const refused = new Set(failures.filter(isRefusedLoss).map(({ urn }) => urn));
    return [
      ...told(steps).flatMap((step) => {
        if (refused.has(step.urn)) return [];
        const harm = harmOf(step, old.get(step.urn) ?? {}, next.get(step.urn) ?? {});
        return harm === undefined ? [] : [warned(harm, stack, step.name)];
      }),
      ...failures.flatMap((failure) => refusedLoss(failure, stack)),
    ];
  });
  return found
    .map((one, place) => ({ one, place }))
    .sort((a, b) => order(a.one) - order(b.one) || a.place - b.place)
    .map(({ one }) => one);
}

const byUrn = (seen: readonly Seen[]) => new Map(seen.map(({ urn, inputs }) => [urn, inputs]));

/** A database before everything else: nothing is harder to bring back. */
const order = ({ severity, stack, noun }: Warned) =>
  (severity === "loss" ? 0 : 4) + (noun === "database" ? 0 : 2) + (stack === "prod" ? 0 : 1);

/** What a step costs besides the change itself, if it does. */
export function harmOf(step: Step, before: Props, after: Props): Harm | undefined {
  const kind = KINDS[step.type];
  if (kind !== undefined && (step.op === "delete" || step.op === "replace")) {
    const replaced = step.op === "replace";
    const cost = (replaced ? (kind.replaced ?? kind.deleted) : kind.deleted)({ before, after });
    return { severity: kind.severity, verb: replaced ? "Replaces" : "Deletes", noun: kind.noun, cost };
  }
  return step.type === "aws:rds/instance:Instance" && step.op === "update"
    ? databaseUpdate(step.changed ?? [], after)
    : undefined;
}

const RESTARTS: readonly (readonly [string, string])[] = [
  ["instanceClass", "its size changes"],
  ["engineVersion", "its engine is upgraded, which cannot be taken back"],
  ["parameterGroupName", "another parameter group needs a restart"],
  ["allowMajorVersionUpgrade", "it may be upgraded to another major version"],
];

function databaseUpdate(changed: readonly string[], after: Props): Harm | undefined {
  const why = RESTARTS.filter(([property]) => changed.includes(property)).map(([, words]) => words);
  if (why.length === 0) return undefined;
  const long =
    after.multiAz === true
      ? "about a minute, while the other zone takes over"
      : "minutes, since it is in one zone";
  const when = after.applyImmediately === true ? "at once" : "in its next maintenance window";
  const cost = `${why.join(", and ")}: no answers for ${long}, ${when}`;
  return { severity: "interruption", verb: "Interrupts", noun: "database", cost };
}

/** What would delete or replace a resource that holds something, had it not been refused. */
const isRefusedLoss = ({ urn = "", message }: RunFailure) =>
  typeOf(urn) in KINDS && /\b(protect|delet|replac|acknowledg)/i.test(message);

function refusedLoss(failure: RunFailure, stack: EnvironmentName): readonly Warned[] {
  const kind = KINDS[typeOf(failure.urn ?? "")];
  if (kind === undefined || !isRefusedLoss(failure)) return [];
  const cost = "refused, so that nothing happens at all; the reason stands below";
  const harm = { severity: kind.severity, verb: "Would delete or replace", noun: kind.noun, cost };
  return [warned(harm, stack, failure.urn?.split("::").at(-1) ?? "")];
}

const typeOf = (urn: string) => urn.split("::")[2]?.split("$").at(-1) ?? "";

function warned({ severity, verb, noun, cost }: Harm, stack: EnvironmentName, name: string): Warned {
  const what = `${verb} the ${noun} ${plain(subject(name), 80)} of ${TITLES[stack]}`;
  return { severity, stack, noun, text: `**${what}**: ${cost}.` };
}

/** The resource's own word in its logical name, which begins with its component's. */
const subject = (name: string) =>
  name.replace(/^(database|bucket|secrets|registry)-/, "").replace(/-instance$/, "");
