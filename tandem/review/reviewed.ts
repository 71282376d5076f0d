import { createHash } from "node:crypto";
import { ENVIRONMENTS, type EnvironmentName } from "../../config/settings";
import type { Step } from "../../rehearsal/run-types";
import { told } from "../way";

/** The steps that a review showed, by environment: {@link fingerprints}. */
export type Reviewed = Readonly<Record<EnvironmentName, readonly string[]>>;

const DIGITS = 10;
/** More does not fit into a comment beside what people read. */
const MOST_CHARACTERS = 36_000;
const BLOCK = /<!-- tandem:reviewed sandbox=([0-9a-f]*) prod=([0-9a-f]*) -->/g;

/**
 * Ten hexadecimal digits for each step that changes a resource: what is done to which resource, because of which
 * properties. Values are no part of it, so that it says nothing about a secret.
 */
export function fingerprints(stack: EnvironmentName, steps: readonly Step[]): readonly string[] {
  return told(steps).map((step) => fingerprint(stack, step));
}

function fingerprint(stack: EnvironmentName, { op, type, name, changed = [], replaces = [] }: Step): string {
  const parts = [stack, op, type, name, [...changed].sort().join(), [...replaces].sort().join()];
  return createHash("sha256").update(parts.join("|")).digest("hex").slice(0, DIGITS);
}

/**
 * The hidden block of a comment that says what was reviewed.
 *
 * @returns undefined where there is too much for one comment: nothing counts as reviewed then
 */
export function embed(reviewed: Reviewed): string | undefined {
  const [sandbox, prod] = ENVIRONMENTS.map((stack) => [...new Set(reviewed[stack])].sort().join(""));
  const block = `<!-- tandem:reviewed sandbox=${sandbox} prod=${prod} -->`;
  return block.length > MOST_CHARACTERS ? undefined : block;
}

/** What the comments in a text say was reviewed; several are united. */
export function readReviewed(markdown: string): Reviewed {
  const blocks = [...markdown.matchAll(BLOCK)];
  const of = (group: 1 | 2) => [...new Set(blocks.flatMap((block) => pieces(block[group] ?? "")))];
  return { sandbox: of(1), prod: of(2) };
}

const pieces = (text: string): readonly string[] => text.match(new RegExp(`.{${DIGITS}}`, "g")) ?? [];

/** The steps that change something and that nobody has reviewed. */
export function unreviewed(
  stack: EnvironmentName,
  steps: readonly Step[],
  reviewed: Reviewed,
): readonly Step[] {
  const known = new Set(reviewed[stack]);
  return told(steps).filter((step) => !known.has(fingerprint(stack, step)));
}
