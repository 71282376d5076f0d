import { type Interruption, prerequisites, type ResourceState, type StackState } from "./stack-state";
import type { Props } from "./types";

/**
 * What became of a resource of the old state in this run:
 * `pending` nothing yet; `gone` its place was taken or its object deleted; `replaced` a newer object
 * stands beside it; `vacated` its object was deleted to make room for a newer one.
 */
type Fate = "pending" | "gone" | "replaced" | "vacated";

/** The old state and the new one while a run goes from one to the other; it can be read off at any moment. */
export class Ledger {
  readonly #order: readonly ResourceState[];
  readonly #byUrn = new Map<string, ResourceState>();
  readonly #fates = new Map<ResourceState, Fate>();
  readonly #news = new Map<string, ResourceState>();
  readonly #renamed = new Map<string, string>();
  #dependents: Map<string, ResourceState[]> | undefined;

  constructor(readonly old: StackState) {
    this.#order = old.resources;
    for (const r of old.resources) {
      this.#fates.set(r, r.pendingDelete ? "replaced" : r.pendingReplacement ? "vacated" : "pending");
      if (!r.pendingDelete) this.#byUrn.set(r.urn, r);
    }
  }

  /** A resource of the old state that nobody has claimed yet. */
  find(urn: string): ResourceState | undefined {
    const r = this.#byUrn.get(urn);
    return r && (this.#fates.get(r) === "pending" || this.isVacated(r)) ? r : undefined;
  }

  isVacated(r: ResourceState): boolean {
    return this.#fates.get(r) === "vacated";
  }

  isReplaced(r: ResourceState): boolean {
    return this.#fates.get(r) === "replaced";
  }

  /** Writes a resource into the new state. @param old its former self, which the new entry takes the place of */
  record(next: ResourceState, old?: ResourceState): void {
    this.#news.set(next.urn, next);
    if (!old) return;
    this.#fates.set(old, "gone");
    if (old.urn !== next.urn) this.#renamed.set(old.urn, next.urn);
  }

  /** Writes a resource into the new state beside its former self, which is still to be deleted. */
  recordBeside(next: ResourceState, old: ResourceState): void {
    this.record(next, old);
    this.#fates.set(old, "replaced");
  }

  current(urn: string): ResourceState | undefined {
    return this.#news.get(urn);
  }

  setOutputs(urn: string, outputs: Props, secretOutputs: readonly string[]): void {
    const known = this.#news.get(urn);
    if (known) this.#news.set(urn, { ...known, outputs, secretOutputs });
  }

  vacate(old: ResourceState): void {
    this.#fates.set(old, "vacated");
  }

  forget(old: ResourceState): void {
    this.#fates.set(old, "gone");
  }

  /** What was not declared again or was replaced, in the order of the old state. */
  leftovers(): readonly ResourceState[] {
    const left = this.#order.filter((r) => this.#fates.get(r) !== "gone");
    // Where the object is gone already, nothing is left to delete.
    for (const r of left) if (this.isVacated(r)) this.forget(r);
    return left.filter((r) => this.#fates.get(r) !== "gone");
  }

  /** Unclaimed resources that directly or indirectly need this one, in the order of the old state. */
  dependentsOf(root: ResourceState): readonly ResourceState[] {
    const found = new Set<ResourceState>();
    const queue = [root];
    for (const r of queue) {
      for (const d of this.#dependentsByUrn().get(r.urn) ?? []) {
        if (found.has(d) || this.#fates.get(d) !== "pending") continue;
        found.add(d);
        queue.push(d);
      }
    }
    return found.size < 2 ? [...found] : this.#order.filter((r) => found.has(r));
  }

  snapshot(
    last: Pick<StackState, "outputs" | "secretOutputs">,
    interrupted: readonly Interruption[],
  ): StackState {
    const rest = this.#order.filter((r) => this.#fates.get(r) !== "gone").map((r) => this.#leftBehind(r));
    return {
      resources: [...this.#news.values(), ...rest],
      outputs: last.outputs,
      secretOutputs: last.secretOutputs,
      ...(interrupted.length > 0 ? { interrupted } : {}),
    };
  }

  /** Others may have got a new name meanwhile, so references are brought up to date. */
  #leftBehind(r: ResourceState): ResourceState {
    const fate = this.#fates.get(r);
    const urn = (u: string) => this.#renamed.get(u) ?? u;
    return {
      ...r,
      dependencies: r.dependencies.map(urn),
      ...(r.parent === undefined ? {} : { parent: urn(r.parent) }),
      ...(fate === "replaced" ? { pendingDelete: true } : {}),
      ...(fate === "vacated" ? { pendingReplacement: true } : {}),
    };
  }

  #dependentsByUrn(): Map<string, ResourceState[]> {
    if (this.#dependents) return this.#dependents;
    const map = new Map<string, ResourceState[]>();
    for (const r of this.#order) {
      for (const urn of prerequisites(r)) {
        const known = map.get(urn);
        if (known) known.push(r);
        else map.set(urn, [r]);
      }
    }
    this.#dependents = map;
    return map;
  }
}
