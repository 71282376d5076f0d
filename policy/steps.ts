import { type Acknowledgement, liftedUntil, named } from "../components/protected";
import type { Violation } from "./rule";
import { STATEFUL } from "./rules/data";

/** Something that a run would do. */
export interface PlannedStep {
  readonly op: string;
  readonly type: string;
  /** Its logical name. */
  readonly name: string;
  /** The properties that force a replacement. */
  readonly replaces?: readonly string[];
}

/** Where the steps would be taken, and when. */
export interface Situation {
  /** `sandbox` or `prod`. */
  readonly environment: string;
  readonly acknowledged: readonly Acknowledgement[];
  /** The present instant, ISO 8601. */
  readonly now: string;
}

/**
 * The steps that would take data away without anybody having said that this is meant. Pulumi's own protection
 * stops most of them, but not one whose protection was lifted by an acknowledgement that is gone since.
 * The sandbox is thrown away as it is.
 */
export function unacknowledged(steps: readonly PlannedStep[], situation: Situation): readonly Violation[] {
  if (situation.environment !== "prod") return [];
  return steps.filter(isLoss).flatMap((step) => {
    const what = holding(step);
    const meant =
      what !== undefined && liftedUntil(situation.acknowledged, what, situation.now) !== undefined;
    return meant ? [] : [loss(step)];
  });
}

const isLoss = ({ op, type }: PlannedStep) =>
  STATEFUL.includes(type) && (op === "delete" || op === "replace");

/**
 * An engine's refusal to touch what is protected, in words that say what would be lost and what to do; any
 * other message stays as it is.
 */
export function protectionInWords(message: string): string {
  if (!/\bprotect(ed|ion)\b/.test(message)) return message;
  const [, chain, part] = /urn:pulumi:[^:]+::[^:]+::(\S+)::([^\s":]+)/.exec(message) ?? [];
  if (chain === undefined || part === undefined) return message;
  const [type, name] = wholeOf(chain.split("$").at(-1) ?? chain, part);
  const replaces = /cannot be replaced \((.+)\)/.exec(message)?.[1]?.split(", ") ?? [];
  const op = /replace/.test(message) ? "replace" : "delete";
  if (!STATEFUL.includes(type)) return message;
  return lossInWords(loss({ op, type, name, replaces }));
}

/** A loss in one line. */
export const lossInWords = ({ name, what, why, remedy }: Violation): string =>
  `${name} ${what}; ${why}. Remedy: ${remedy}.`;

/** What belongs to a bucket has its name and more. */
function wholeOf(type: string, name: string): readonly [type: string, name: string] {
  if (!type.startsWith("aws:s3/bucket") || type === BUCKET) return [type, name];
  return [BUCKET, name.slice(0, name.lastIndexOf("-"))];
}

function loss(step: PlannedStep): Violation {
  const { op, type, name, replaces = [] } = step;
  const what = holding(step);
  const because = replaces.length > 0 ? ` (because of ${replaces.join(", ")})` : "";
  return {
    rule: "acknowledged-loss",
    type,
    name: what === undefined ? name : named(what),
    what: op === "replace" ? `would be replaced by an empty one${because}` : "would be deleted",
    why: "what it holds would be lost, and nothing acknowledges that",
    remedy: what === undefined ? "keep it: no acknowledgement covers it" : howToMean(what),
  };
}

const howToMean = (what: string) =>
  `undo the change, or mean it: add { what: ${what}, until: <a day within 30 days>, because: <the reason> } to ` +
  "acknowledged in Pulumi.prod.yaml and bring production up without this change, which lifts the protection; " +
  "then make it and bring production up again";

const BUCKET = "aws:s3/bucket:Bucket";

/** What an acknowledgement calls it, by type and logical name. */
const NAMES: readonly (readonly [type: string, name: RegExp, kind: string])[] = [
  ["aws:rds/instance:Instance", /^database-(.+)-instance$/, "databases"],
  [BUCKET, /^bucket-(.+)$/, "buckets"],
  [BUCKET, /^site-(.+)-files$/, "sites"],
  ["aws:ecr/repository:Repository", /^registry-(.+)$/, "registries"],
  [BUCKET, /^backups(?:-.+)?$/, "backups"],
  ["aws:backup/vault:Vault", /^backups-/, "backups"],
  [BUCKET, /^maintenance-switches$/, "switches"],
];

function holding({ type, name }: Pick<PlannedStep, "type" | "name">): string | undefined {
  for (const [known, pattern, kind] of NAMES) {
    const found = type === known ? pattern.exec(name) : null;
    if (found) return found[1] === undefined ? kind : `${kind}.${found[1]}`;
  }
  return undefined;
}
