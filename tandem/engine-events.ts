import { protectionInWords } from "../policy/steps";
import type { Op, RunFailure, Step } from "../rehearsal/run-types";
import { parseUrn } from "../rehearsal/urn";

/** What Pulumi's engine writes to standard output with `--json`, one event a line, as far as it is used here. */
export interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: StepMetadata };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata };
  readonly resOpFailedEvent?: { readonly metadata: StepMetadata };
  /** Something that a policy has against a resource. */
  readonly policyEvent?: PolicyEvent;
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string; readonly urn?: string };
}

interface PolicyEvent {
  readonly resourceUrn?: string;
  /** Why the policy exists on the first line, then what is wrong. */
  readonly message: string;
  readonly enforcementLevel: string;
}

interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly old?: StateMetadata | null;
  readonly new?: StateMetadata | null;
  /** Properties that force a replacement. */
  readonly keys?: readonly string[] | null;
  /** Properties that differ. */
  readonly diffs?: readonly string[] | null;
}

interface StateMetadata {
  readonly id?: string;
  readonly retainOnDelete?: boolean;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

const ROOT_TYPE = "pulumi:pulumi:Stack";
const REFERENCE_TYPE = "pulumi:pulumi:StackReference";
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** The engine's words for what the rehearsal calls otherwise; what stands in neither list is no step of ours. */
const OPS: Readonly<Record<string, Op>> = {
  same: "same",
  create: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "create-replacement",
  "delete-replaced": "delete-replaced",
  delete: "delete",
  read: "read",
  "read-replacement": "read",
  import: "import",
  "import-replacement": "import",
};

/** Follows a run of the engine from its events. */
export class EngineLog {
  readonly steps: Step[] = [];
  readonly failures: RunFailure[] = [];
  readonly warnings: string[] = [];
  /** The stack's outputs; secret ones are masked. */
  outputs: Readonly<Record<string, unknown>> = {};
  readonly #announced = new Map<string, StepMetadata>();
  readonly #done = new Set<string>();

  constructor(
    private readonly onStep: (step: Step) => void,
    /** Makes a message fit to be shown. */
    private readonly clean: (message: string) => string,
  ) {}

  /** Takes one line of output. @returns false where it is no event */
  take(line: string): boolean {
    let event: EngineEvent;
    try {
      event = JSON.parse(line) as EngineEvent;
    } catch {
      return false;
    }
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, policyEvent, diagnosticEvent } = event;
    if (resourcePreEvent) this.#announced.set(keyOf(resourcePreEvent.metadata), resourcePreEvent.metadata);
    if (resOpFailedEvent) this.#announced.delete(keyOf(resOpFailedEvent.metadata));
    if (resOutputsEvent) this.#completed(resOutputsEvent.metadata);
    if (policyEvent) this.#violated(policyEvent);
    if (diagnosticEvent?.severity === "error") this.#failed(diagnosticEvent);
    if (diagnosticEvent?.severity === "warning") this.warnings.push(this.clean(diagnosticEvent.message));
    return true;
  }

  /** To be called at the end: a component that never registers its outputs is announced and never reported. */
  finish(): void {
    if (this.failures.length > 0) return;
    for (const metadata of this.#announced.values()) this.#completed(metadata);
  }

  /** The engine reports a component twice: when it is registered and when its outputs are. */
  #completed(metadata: StepMetadata): void {
    if (metadata.type === ROOT_TYPE && metadata.op !== "delete") this.outputs = masked(metadata.new?.outputs);
    const key = keyOf(metadata);
    this.#announced.delete(key);
    const step = stepOf(metadata);
    if (step === undefined || this.#done.has(key)) return;
    this.#done.add(key);
    this.steps.push(step);
    this.onStep(step);
  }

  #violated({ resourceUrn: urn = "", message, enforcementLevel }: PolicyEvent): void {
    const [why = "", ...what] = message.trim().split("\n");
    const text = this.clean(what.length === 0 ? why : what.join("\n"));
    if (enforcementLevel !== "mandatory") this.warnings.push(text);
    else this.failures.push(urn === "" ? { message: text } : { urn, message: text });
  }

  #failed({ message, urn }: { readonly message: string; readonly urn?: string }): void {
    const text = protectionInWords(this.clean(message));
    // The engine's last word, after what was wrong.
    if (/^(update|preview|destroy) (failed|canceled)$/.test(text)) return;
    this.failures.push(urn === undefined || urn === "" ? { message: text } : { urn, message: text });
  }
}

function stepOf(m: StepMetadata): Step | undefined {
  const deletes = m.op === "delete" || m.op === "delete-replaced";
  const op = deletes && m.old?.retainOnDelete === true ? "retain" : OPS[m.op];
  if (op === undefined || m.type === REFERENCE_TYPE) return undefined;
  const id = m.new?.id || m.old?.id;
  return {
    op,
    urn: m.urn,
    type: m.type,
    name: parseUrn(m.urn).name,
    ...(m.diffs?.length ? { changed: m.diffs } : {}),
    ...(m.keys?.length ? { replaces: m.keys } : {}),
    ...(id ? { id } : {}),
  };
}

function masked(outputs: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const mask = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(mask);
    if (typeof value !== "object" || value === null) return value;
    if (SIGNATURE in value) return "[secret]";
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mask(inner)]));
  };
  return mask(outputs) as Readonly<Record<string, unknown>>;
}

/** An object that is deleted and its replacement have the same URN. */
function keyOf({ op, urn, old }: StepMetadata): string {
  return `${op} ${urn} ${op.startsWith("delete") ? (old?.id ?? "") : ""}`;
}
