import { entry, type Made, providerId } from "./entry";
import { CreatedButFailed } from "./faults";
import { type ExternalRead, type Goal, inherit, needs, readGoal } from "./goal";
import { changedKeys, changedPaths, keepOld } from "./property-path";
import type { ResourceState } from "./stack-state";
import type { Difference, Props } from "./types";
import { aliasUrns, isProvider, makeUrn } from "./urn";
import type { Workshop } from "./workshop";

/** What a registration came to. */
export interface Outcome {
  readonly urn: string;
  readonly id?: string;
  readonly outputs: Props;
  /** The outputs that are secret. */
  readonly secrets: readonly string[];
  /** `skip`: something it needs has failed, so it was not tried. */
  readonly result: "success" | "fail" | "skip";
}

/** Decides for each registration what has to happen, and has it done: Pulumi's step generator in small. */
export class Steps {
  readonly #seen = new Set<string>();
  readonly #broken = new Set<string>();
  /** The former URN of each resource that was found under an alias. */
  readonly #formerly = new Map<string, string>();

  constructor(
    readonly shop: Workshop,
    /** What is replaced although nothing about it changed. */
    private readonly mustReplace: (urn: string) => boolean = () => false,
  ) {}

  register(asked: Goal): Outcome {
    const goal = inherit(asked, this.shop.ledger.current(asked.parent ?? ""));
    const urn = makeUrn({ ...this.shop.where, ...goal });
    if (this.#seen.has(urn))
      return this.#failed(urn, new Error("two resources have this URN: rename one of them"));
    this.#seen.add(urn);
    goal.secretInputs.forEach((name) => {
      this.shop.journal.secrets.add(goal.inputs[name]);
    });
    if (goal.unknown || needs(goal).some((needed) => this.#broken.has(needed))) {
      this.#broken.add(urn);
      return { urn, outputs: {}, secrets: [], result: "skip" };
    }
    return this.shop.journal.guard(
      () => this.#done(this.#apply(goal, urn, this.#find(goal, urn))),
      (error) => this.#failed(urn, error),
    );
  }

  /** Looks at something that this stack does not own. @throws where it does not exist */
  readExternal(r: ExternalRead): Outcome {
    const urn = this.noteReference(r.type, r.name, r.parent ?? "");
    const found = this.shop.read(r.type, r.id, urn);
    const goal = readGoal(r, found.inputs);
    const next = { ...this.#entry(goal, urn, found), external: true };
    const old = this.shop.ledger.find(urn);
    // An object of its own that is only read from now on is let go; another one under this name is deleted.
    if (old && !old.external && old.id !== r.id) this.shop.ledger.recordBeside(next, old);
    else this.shop.ledger.record(next, old);
    this.shop.journal.emit("read", next);
    return this.#done(next);
  }

  /** The URN of something that is read; like every URN, only once. */
  noteReference(type: string, name: string, parent: string): string {
    const urn = makeUrn({ ...this.shop.where, type, name, ...(parent === "" ? {} : { parent }) });
    if (this.#seen.has(urn)) throw new Error(`two resources have the URN ${urn}: rename one of them`);
    this.#seen.add(urn);
    return urn;
  }

  #apply(goal: Goal, urn: string, old: ResourceState | undefined): ResourceState {
    if (!goal.custom) return this.#plain(goal, urn, old, undefined);
    if (isProvider(goal.type)) return this.#plain(goal, urn, old, old?.id ?? providerId(urn));
    if (old && old.type !== goal.type) {
      throw new Error(
        `an alias cannot turn ${old.type} into ${goal.type}: only a name, parent or project can change`,
      );
    }
    const before = old?.external ? undefined : old;
    if (goal.importId !== undefined && this.#mustImport(goal.importId, before))
      return this.#import(goal, urn, before);
    return before && !this.shop.ledger.isVacated(before)
      ? this.#change(goal, urn, before)
      : this.#create(goal, urn, before);
  }

  /** Components and providers: nothing in any cloud, the state alone remembers them. */
  #plain(goal: Goal, urn: string, old: ResourceState | undefined, id: string | undefined): ResourceState {
    const changed = old ? changedKeys(goal.inputs, old.inputs) : [];
    const outputs = id === undefined ? (old?.outputs ?? {}) : goal.inputs;
    const next = this.#entry(goal, urn, {
      inputs: goal.inputs,
      outputs,
      ...(id === undefined ? {} : { id }),
    });
    this.shop.ledger.record(next, old);
    if (!old) this.shop.journal.emit("create", next);
    else
      this.shop.journal.emit(
        changed.length > 0 ? "update" : "same",
        next,
        changed.length > 0 ? { changed } : {},
      );
    return next;
  }

  #create(goal: Goal, urn: string, vacated: ResourceState | undefined): ResourceState {
    const inputs = this.#checked(goal, urn, goal.inputs);
    return this.#make(goal, urn, inputs, (next) => {
      this.shop.ledger.record(next, vacated);
      if (vacated) this.shop.journal.emit("replace", next);
      this.shop.journal.emit(vacated ? "create-replacement" : "create", next);
    });
  }

  #change(goal: Goal, urn: string, old: ResourceState): ResourceState {
    const news = keepOld(goal.inputs, old.inputs, goal.ignoreChanges);
    const inputs = this.#checked(goal, urn, news, old.inputs);
    const diff = this.shop.diff(old, inputs, goal.ignoreChanges);
    const replaces = [...diff.replaces, ...changedPaths(inputs, old.inputs, goal.replaceOnChanges)];
    if (replaces.length > 0 || this.mustReplace(urn))
      return this.#replace(goal, urn, old, news, { ...diff, replaces });
    const id = old.id ?? "";
    const outputs = diff.changed.length > 0 ? this.shop.update(urn, old, inputs) : old.outputs;
    // What an ignored secret was before stays secret, whatever the program says about it now.
    const secretInputs = goal.ignoreChanges.length > 0 ? old.secretInputs : [];
    const next = this.#entry(goal, urn, { id, inputs, outputs }, secretInputs);
    this.shop.ledger.record(next, old);
    this.shop.journal.emit(diff.changed.length > 0 ? "update" : "same", next, diff);
    return next;
  }

  #replace(goal: Goal, urn: string, old: ResourceState, news: Props, diff: Difference): ResourceState {
    if (old.protect)
      throw new Error(`${old.urn} is protected and cannot be replaced (${diff.replaces.join(", ")})`);
    // A replacement is a new object: no automatic name of the former one may pass on to it.
    const inputs = this.shop.check(urn, goal.type, news);
    const clears = goal.deleteBeforeReplace ?? diff.deleteBeforeReplace;
    if (clears) this.shop.vacate(old);
    return this.#make(goal, urn, inputs, (next) => {
      if (clears) this.shop.ledger.record(next, old);
      else this.shop.ledger.recordBeside(next, old);
      // The engine's order: the logical step stands where the former object stops being the current one.
      const ops = clears
        ? (["replace", "create-replacement"] as const)
        : (["create-replacement", "replace"] as const);
      for (const op of ops) this.shop.journal.emit(op, next, diff);
    });
  }

  #import(goal: Goal, urn: string, old: ResourceState | undefined): ResourceState {
    const id = goal.importId ?? "";
    const found = this.shop.read(goal.type, id, urn);
    const inputs = this.#checked(goal, urn, goal.inputs, found.inputs);
    const differs = this.shop.diff(
      { urn, type: goal.type, id, inputs: found.inputs },
      inputs,
      goal.ignoreChanges,
    ).changed;
    if (differs.length > 0) {
      throw new Error(`the inputs do not match what is imported as "${id}": ${differs.join(", ")} differ`);
    }
    const next = { ...this.#entry(goal, urn, { id, inputs, outputs: found.outputs }), importId: id };
    if (old) this.shop.ledger.recordBeside(next, old);
    else this.shop.ledger.record(next);
    this.shop.journal.emit("import", next);
    return next;
  }

  /** The inputs with their provider's defaults, against which nobody has anything. */
  #checked(goal: Goal, urn: string, news: Props, olds?: Props): Props {
    const { type, name, protect = false } = goal;
    const inputs = this.shop.check(urn, type, news, olds);
    this.shop.guard({ type, name, urn, inputs, protect });
    return inputs;
  }

  /** Creates the object; one that came to be and then failed is remembered too, so that it is not lost. */
  #make(goal: Goal, urn: string, inputs: Props, record: (next: ResourceState) => void): ResourceState {
    try {
      const next = this.#entry(goal, urn, { inputs, ...this.shop.create(urn, goal.type, inputs) });
      record(next);
      return next;
    } catch (error) {
      if (error instanceof CreatedButFailed) record(this.#entry(goal, urn, { ...error, inputs }));
      throw error;
    }
  }

  #mustImport(id: string, old: ResourceState | undefined): boolean {
    return old === undefined || (old.id !== id && old.importId !== id);
  }

  #find(goal: Goal, urn: string): ResourceState | undefined {
    const found = this.shop.ledger.find(urn);
    if (found) return found;
    const parentWas = goal.parent === undefined ? undefined : this.#formerly.get(goal.parent);
    for (const alias of aliasUrns({ ...this.shop.where, ...goal }, goal.aliases, parentWas)) {
      const old = this.shop.ledger.find(alias);
      if (!old) continue;
      this.#formerly.set(urn, alias);
      return old;
    }
    return undefined;
  }

  #entry(goal: Goal, urn: string, made: Made, alsoSecret: readonly string[] = []): ResourceState {
    return entry(goal, urn, made, { inputs: alsoSecret, outputs: this.shop.secretProperties(goal.type) });
  }

  #done(r: ResourceState): Outcome {
    for (const name of r.secretOutputs) this.shop.journal.secrets.add(r.outputs[name]);
    const { urn, outputs, secretOutputs } = r;
    const id = r.id === undefined ? {} : { id: r.id };
    return { urn, ...id, outputs: r.custom ? outputs : {}, secrets: secretOutputs, result: "success" };
  }

  #failed(urn: string, error: unknown): Outcome {
    this.#broken.add(urn);
    this.shop.journal.fail(error, urn);
    return { urn, outputs: {}, secrets: [], result: "fail" };
  }
}
