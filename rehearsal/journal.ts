import { Killed } from "./faults";
import { Redactor } from "./redact";
import type { Op, RunFailure, Step } from "./run-types";
import type { Interruption, ResourceState } from "./stack-state";
import type { Difference, Failure } from "./types";
import { parseUrn } from "./urn";

/** What was done in a run, what failed and what was interrupted. */
export class Journal {
  readonly steps: Step[] = [];
  readonly failures: RunFailure[] = [];
  readonly interrupted: Interruption[] = [];
  /** Every secret value that came by: no message may show it. */
  readonly secrets = new Redactor();
  #current: Interruption | undefined;

  constructor(readonly onStep: (step: Step) => void) {}

  get killed(): boolean {
    return this.interrupted.length > 0;
  }

  /** Notes what is about to be asked of a cloud, in case nothing is heard of it again. */
  begin(op: string, r: Pick<ResourceState, "urn" | "type">): void {
    this.#current = { op, urn: r.urn, type: r.type };
  }

  emit(op: Op, r: Pick<ResourceState, "urn" | "type" | "id">, why: Partial<Difference> = {}): void {
    const { urn, type, id } = r;
    const step: Step = {
      op,
      urn,
      type,
      name: parseUrn(urn).name,
      ...(why.changed?.length ? { changed: [...why.changed] } : {}),
      ...(why.replaces?.length ? { replaces: [...why.replaces] } : {}),
      ...(id === undefined ? {} : { id }),
    };
    this.steps.push(step);
    this.onStep(step);
  }

  fail(error: unknown, urn?: string): void {
    for (const message of messagesOf(error)) {
      const clean = this.secrets.redact(message);
      this.failures.push(urn === undefined ? { message: clean } : { urn, message: clean });
    }
  }

  /** Does some work; a kill passes through, and is written down with what was going on. */
  guard<T>(work: () => T, otherwise: (error: unknown) => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Killed)) return otherwise(error);
      if (this.#current) this.interrupted.push(this.#current);
      this.fail(error, this.#current?.urn);
      throw error;
    }
  }
}

/** What a provider's check found wrong. */
export class InvalidInputs extends Error {
  override readonly name = "InvalidInputs";
  constructor(readonly failures: readonly Failure[]) {
    super("invalid inputs");
  }
}

function messagesOf(error: unknown): readonly string[] {
  if (error instanceof InvalidInputs) {
    return error.failures.map((f) => (f.property === undefined ? f.reason : `${f.property}: ${f.reason}`));
  }
  return [error instanceof Error ? error.message : String(error)];
}
