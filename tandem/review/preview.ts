import type { EnvironmentName } from "../../config/settings";
import type { Props } from "../../rehearsal/types";
import { type EngineEvent, EngineLog } from "../engine-events";
import { cleaner } from "../engine-messages";
import { CommandError } from "../errors";
import { type Planned, SECRET, type Seen } from "./planned";

/** One step as `pulumi preview --json` writes it. */
interface PlainStep {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: PlainState | null;
  readonly newState?: PlainState | null;
  readonly diffReasons?: readonly string[] | null;
  readonly replaceReasons?: readonly string[] | null;
}

interface PlainState {
  readonly id?: string;
  readonly urn: string;
  readonly type: string;
  readonly custom?: boolean;
  readonly inputs?: Props;
}

interface Plain {
  readonly changeSummary?: Readonly<Record<string, number>>;
  readonly steps?: readonly PlainStep[];
  readonly diagnostics?: readonly {
    readonly severity: string;
    readonly message: string;
    readonly urn?: string;
  }[];
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";

/**
 * Reads what `pulumi preview --json` wrote, in one piece or, with PULUMI_ENABLE_STREAMING_JSON_PREVIEW, an event a
 * line.
 *
 * @param redact takes out of messages what must not be shown: the engine does not
 * @throws CommandError where it is neither
 */
export function fromPreview(
  stack: EnvironmentName,
  text: string,
  redact: (message: string) => string = (message) => message,
): Planned {
  const clean = cleaner({});
  const log = new EngineLog(
    () => {},
    (message) => redact(clean(message)),
  );
  const [before, after] = [new Map<string, Seen>(), new Map<string, Seen>()];
  for (const event of eventsIn(stack, text)) {
    log.take(JSON.stringify(event));
    const { old, new: next } = (event.resourcePreEvent?.metadata ?? {}) as Metadata;
    // A read-only look at an object is no part of the stack, a component is none of a cloud.
    if (old?.custom) before.set(old.urn, seen(old));
    if (next?.custom) after.set(next.urn, seen(next));
  }
  log.finish();
  const { steps, failures, warnings } = log;
  const known = { before: [...before.values()], after: [...after.values()] };
  return { stack, steps, ...known, partial: leavesOut(text), failures, warnings };
}

/** Without --show-sames, the JSON in one piece only counts what stays as it is. */
function leavesOut(text: string): boolean {
  const { steps = [], changeSummary } = (parsed(text) ?? {}) as Plain;
  return (changeSummary?.same ?? 0) > steps.filter(({ op }) => op === "same").length;
}

interface Metadata {
  readonly old?: PlainState | null;
  readonly new?: PlainState | null;
}

function eventsIn(stack: EnvironmentName, text: string): readonly EngineEvent[] {
  const whole = parsed(text) as Plain | undefined;
  if (Array.isArray(whole?.steps) || Array.isArray(whole?.diagnostics)) return eventsOf(whole);
  const events = text.split("\n").flatMap((line) => {
    const event = parsed(line) as EngineEvent | undefined;
    return typeof event === "object" && event !== null ? [event] : [];
  });
  if (events.some((event) => "sequence" in event)) return events;
  throw new CommandError(`What is given for ${stack} is not what pulumi preview --json writes.`);
}

/** The same in the words of the events. */
function eventsOf({ steps = [], diagnostics = [] }: Plain): readonly EngineEvent[] {
  const metadata = steps.map(({ op, urn, oldState, newState, diffReasons, replaceReasons }) => ({
    op,
    urn,
    type: (newState ?? oldState)?.type ?? "",
    old: oldState ?? null,
    new: newState ?? null,
    diffs: diffReasons ?? null,
    keys: replaceReasons ?? null,
  }));
  return [
    ...metadata.flatMap((m) => [{ resourcePreEvent: { metadata: m } }, { resOutputsEvent: { metadata: m } }]),
    ...diagnostics.map(({ message, ...rest }) => ({
      diagnosticEvent: { ...rest, message: message.replace(/^(error|warning): /, "").trim() },
    })),
  ] as readonly EngineEvent[];
}

function seen({ urn, type, inputs = {} }: PlainState): Seen {
  return { urn, type, name: urn.split("::").at(-1) ?? "", inputs: masked(inputs) as Props };
}

function masked(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(masked);
  if (SIGNATURE in value) return SECRET;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
