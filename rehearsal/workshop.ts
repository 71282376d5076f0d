import { InvalidInputs, type Journal } from "./journal";
import type { Ledger } from "./ledger";
import type { Guard, Guarded, Knowledge, RehearsalCloud } from "./run-types";
import { plain } from "./serialize";
import type { ResourceState } from "./stack-state";
import { CloudRefusal, type Difference, type Props, UNKNOWN } from "./types";
import { isProvider } from "./urn";

export interface WorkshopOptions {
  readonly cloud: RehearsalCloud;
  readonly account: string;
  readonly where: { readonly project: string; readonly stack: string };
  readonly ledger: Ledger;
  readonly knowledge: Knowledge;
  readonly journal: Journal;
  /** What speaks against a resource. */
  readonly guard: Guard;
  /** Whether what the guard says is only written down: a preview shows everything at once. */
  readonly lenient: boolean;
}

/** Has the clouds do what was decided. */
export class Workshop {
  constructor(readonly o: WorkshopOptions) {}

  get where() {
    return this.o.where;
  }

  get journal(): Journal {
    return this.o.journal;
  }

  get ledger(): Ledger {
    return this.o.ledger;
  }

  secretProperties(type: string): readonly string[] {
    return isProvider(type) || type.split(":").length < 3 ? [] : this.o.knowledge.secret(type);
  }

  check(urn: string, type: string, news: Props, olds?: Props): Props {
    const request = { type, urn, news: plain(news), ...(olds === undefined ? {} : { olds: plain(olds) }) };
    const { inputs, failures } = this.o.cloud.check(request);
    if (failures.length > 0) throw new InvalidInputs(failures);
    return plain(inputs);
  }

  /** Has the guard look at a resource. @throws with what it says, unless this is a preview */
  guard(resource: Guarded): void {
    const failures = this.o.guard(resource).map((reason) => ({ reason }));
    if (failures.length === 0) return;
    const refused = new InvalidInputs(failures);
    if (!this.o.lenient) throw refused;
    this.journal.fail(refused, resource.urn);
  }

  diff(
    old: Pick<ResourceState, "urn" | "type" | "inputs"> & { readonly id?: string },
    news: Props,
    ignoreChanges: readonly string[],
  ): Difference {
    const { type, inputs: olds, id = "" } = old;
    return this.o.cloud.diff({ type, id, olds, news, ignoreChanges });
  }

  create(urn: string, type: string, inputs: Props): { id: string; outputs: Props } {
    this.journal.begin("create", { urn, type });
    const made = this.o.cloud.create({ type, urn, inputs: plain(inputs), account: this.o.account });
    return { id: made.id, outputs: plain(made.outputs) };
  }

  update(urn: string, old: ResourceState, inputs: Props): Props {
    const { type, id = "" } = old;
    const olds = plain(old.outputs);
    this.journal.begin("update", { urn, type });
    return plain(
      this.o.cloud.update({ type, urn, id, inputs: plain(inputs), olds, account: this.o.account }).outputs,
    );
  }

  read(type: string, id: string, urn: string): { id: string; inputs: Props; outputs: Props } {
    const found = this.find(type, id, urn);
    if (!found) throw new Error(`${type} "${id}" does not exist`);
    return found;
  }

  find(type: string, id: string, urn: string): { id: string; inputs: Props; outputs: Props } | undefined {
    return plain(this.o.cloud.read({ type, id, urn, account: this.o.account }));
  }

  /** Deletes the object of a resource of the old state. @param vanishes it goes with its container anyway */
  remove(r: ResourceState, op: "delete" | "delete-replaced", vanishes = false): void {
    this.journal.begin(op, r);
    if (r.external) {
      this.ledger.forget(r);
      return;
    }
    if (r.protect && op === "delete") throw new Error(`${r.urn} is protected and cannot be deleted`);
    const exists = r.custom && !isProvider(r.type);
    if (exists && !r.retainOnDelete) {
      try {
        const { type, urn, id = "" } = r;
        this.o.cloud.remove({ type, urn, id, olds: plain(r.outputs), account: this.o.account });
      } catch (error) {
        if (!vanishes || !(error instanceof CloudRefusal)) throw error;
      }
    }
    this.ledger.forget(r);
    this.journal.emit(exists && r.retainOnDelete ? "retain" : op, r);
  }

  /** Deletes an object that cannot stand beside its replacement, after those that cannot stand without it. */
  vacate(old: ResourceState): void {
    const first = this.#replacedWith(old).reverse();
    const held = first.find((r) => r.protect);
    if (held) throw new Error(`${held.urn} is protected and cannot be replaced together with ${old.urn}`);
    for (const r of [...first, old]) {
      this.remove(r, "delete-replaced");
      this.ledger.vacate(r);
    }
  }

  /** The dependents whose provider would replace them if the values they take from here were others. */
  #replacedWith(root: ResourceState): ResourceState[] {
    const replaced = new Set([root.urn]);
    const result: ResourceState[] = [];
    for (const r of this.ledger.dependentsOf(root)) {
      if (!r.custom || r.external || isProvider(r.type)) continue;
      const inputs = { ...r.inputs };
      for (const [name, urns] of Object.entries(r.propertyDependencies)) {
        if (name in inputs && urns.some((urn) => replaced.has(urn))) inputs[name] = UNKNOWN;
      }
      if (this.diff(r, inputs, r.ignoreChanges).replaces.length === 0) continue;
      replaced.add(r.urn);
      result.push(r);
    }
    return result;
  }
}
