import { ENVIRONMENTS } from "../../config/settings";
import { told } from "../way";
import { type Cost, monthly } from "./cost";
import { basis, overview } from "./figures";
import { harms, type Warned } from "./harm";
import { block, counted, folded } from "./markdown";
import { type Measure, measures } from "./measure";
import { NAMES, type Planned } from "./planned";
import { embed, fingerprints, type Reviewed } from "./reviewed";
import { type Row, rows } from "./rows";
import { changes, messages, rest } from "./sections";

/** GitHub refuses a longer comment; a little is left for what it may count differently. */
export const LIMIT = 65_536 - 536;

export interface Review {
  readonly project: string;
  /** Both environments, the sandbox first. */
  readonly plans: readonly Planned[];
  /** The parity verdict in Markdown: a line, and what is refused. */
  readonly parity: readonly string[];
  /** What a reader should know about how this was found out. */
  readonly remarks: readonly string[];
}

/** The hidden first line of a project's review, by which it is found again. */
export const marker = (project: string): string =>
  `<!-- tandem:review ${project.replace(/[^\w.-]/g, "-")} -->`;

/** What is told of a change, the worst first, in one comment that GitHub takes. */
export function comment(review: Review): string {
  const parts = prepare(review);
  for (const measure of measures(parts.changes)) {
    const text = render(review, parts, measure);
    if (text.length <= LIMIT) return text;
  }
  throw new Error("a review without any detail is longer than a comment may be");
}

/** What does not depend on how much is written out. */
interface Parts {
  readonly changes: readonly Row[];
  readonly harms: readonly Warned[];
  readonly costs: readonly Cost[];
  readonly block: string | undefined;
}

function prepare({ plans }: Review): Parts {
  const reviewed = Object.fromEntries(ENVIRONMENTS.map((stack) => [stack, [] as readonly string[]]));
  // What a failed preview would have done further on nobody has seen, so nothing of it counts as reviewed.
  for (const { stack, steps, failures } of plans)
    if (failures.length === 0) reviewed[stack] = fingerprints(stack, steps);
  return {
    changes: rows(plans),
    harms: harms(plans),
    costs: plans.map(({ before, after }) => monthly(before, after)),
    block: embed(reviewed as Reviewed),
  };
}

function render({ project, plans, parity, remarks }: Review, parts: Parts, measure: Measure): string {
  const guarded = parts.changes.filter(({ security }) => security);
  const open = parts.changes.filter(({ security }) => !security);
  const unseen =
    "There are too many steps to remember what was reviewed: an apply that compares will refuse.";
  const sections = [
    [...head(plans, parts.harms, measure.harms)].join("\n"),
    ...failed(plans, measure.messages),
    overview(plans, parts.costs),
    parity.join("\n"),
    ...(guarded.length === 0 ? [] : [`### Security\n\n${changes(guarded, measure.security)}`]),
    ...(open.length === 0
      ? []
      : [folded(`Everything else: ${counted(open.length, "change")}`, rest(open, measure.summarised))]),
    ...warned(plans, measure.messages),
    folded("What the figures rest on", basis(parts.costs)),
    ...(remarks.length + (parts.block === undefined ? 1 : 0) === 0
      ? []
      : [messages([...remarks, ...(parts.block === undefined ? [unseen] : [])], 10, 1000)]),
    ...(parts.block === undefined ? [] : [parts.block]),
  ];
  return `${marker(project)}\n${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

/** The first line: the worst that happens. */
function head(plans: readonly Planned[], all: readonly Warned[], most: number): readonly string[] {
  const [first, ...others] = all.map(({ text }) => text);
  if (first === undefined) {
    if (plans.some(({ failures }) => failures.length > 0)) return [];
    const nothing = plans.every(({ steps }) => told(steps).length === 0);
    return [
      nothing ? "**Nothing changes.**" : "**Nothing is lost, and nothing known to interrupt is changed.**",
    ];
  }
  const more = others.length - most;
  const listed = others.slice(0, most).map((text) => `- ${text}`);
  return [
    first,
    ...(listed.length === 0 ? [] : ["", ...listed]),
    ...(more > 0 ? [`- and ${more} more of this kind`] : []),
  ];
}

function failed(plans: readonly Planned[], most: number): readonly string[] {
  return plans
    .filter(({ failures }) => failures.length > 0)
    .map(({ stack, failures }) => {
      const of = (urn = "") => (urn === "" ? "" : `${urn.split("::").at(-1)}: `);
      const texts = [...new Set(failures.map(({ urn, message }) => `${of(urn)}${message}`))];
      const more = texts.length - most;
      return [
        `**The preview of ${NAMES[stack]} fails**; below stands only what it said before that.`,
        ...texts.slice(0, most).map((text) => block(text, 2000)),
        ...(more > 0 ? [`And ${counted(more, "more failure")}.`] : []),
      ].join("\n\n");
    });
}

function warned(plans: readonly Planned[], most: number): readonly string[] {
  const texts = plans.flatMap(({ stack, warnings }) => warnings.map((text) => `${NAMES[stack]}: ${text}`));
  return texts.length === 0 ? [] : [folded(counted(texts.length, "warning"), messages(texts, most, 500))];
}
