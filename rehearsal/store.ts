import { FACTS } from "./engine";
import { Redactor } from "./redact";
import type { Knowledge } from "./run-types";
import type { Sealer } from "./seal";
import { SECRET, SIGNATURE } from "./serialize";
import type { StackState } from "./stack-state";
import type { CloudState } from "./state";
import { type Kind, readStateFile, replaceFile, VERSION } from "./state-file";

type Tree = Record<string, unknown>;

/**
 * Keeps states in files. A value is sealed where its name says that it is secret, and so is every text
 * in which a known secret occurs: the clouds copy values to places that nobody has marked.
 */
export class Store {
  readonly #known = new Redactor();

  constructor(
    readonly sealer: Sealer,
    readonly knowledge: Knowledge = FACTS,
  ) {}

  /** @returns undefined where there is no file yet */
  readStack(path: string): StackState | undefined {
    return this.#read(path, "stack") as StackState | undefined;
  }

  /** @returns undefined where there is no file yet */
  readCloud(path: string): CloudState | undefined {
    return this.#read(path, "cloud") as CloudState | undefined;
  }

  writeStack(path: string, state: StackState): void {
    this.#learn(state);
    const resources = state.resources.map((r) => ({
      ...r,
      inputs: this.#byName(r.inputs, r.secretInputs),
      outputs: this.#byName(r.outputs, [...r.secretOutputs, ...r.secretInputs]),
    }));
    this.#write(path, "stack", {
      ...state,
      resources,
      outputs: this.#byName(state.outputs, state.secretOutputs),
    });
  }

  /** @param stacks the stacks that use these clouds: their secrets are found wherever they were copied to */
  writeCloud(path: string, state: CloudState, stacks: readonly StackState[] = []): void {
    for (const stack of stacks) this.#learn(stack);
    const secrets = Object.entries(state.objects).map(
      ([key, o]) => [key, o, this.knowledge.secret(o.type)] as const,
    );
    for (const [, o, names] of secrets) for (const n of names) this.#known.add([o.inputs[n], o.outputs[n]]);
    const objects = secrets.map(([key, o, names]) => {
      return [key, { ...o, inputs: this.#byName(o.inputs, names), outputs: this.#byName(o.outputs, names) }];
    });
    // Every generated password can be worked out from the seed.
    const content = this.#byName({ ...state, objects: Object.fromEntries(objects) }, ["seed"]);
    this.#write(path, "cloud", content);
  }

  #learn(state: StackState): void {
    for (const r of state.resources) {
      for (const n of r.secretInputs) this.#known.add([r.inputs[n], r.outputs[n]]);
      for (const n of r.secretOutputs) this.#known.add(r.outputs[n]);
    }
    for (const n of state.secretOutputs) this.#known.add(state.outputs[n]);
  }

  #byName(values: Readonly<Tree>, names: readonly string[]): Tree {
    const sealed: Tree = { ...values };
    for (const n of new Set(names)) if (sealed[n] !== undefined) sealed[n] = this.#seal(sealed[n]);
    return sealed;
  }

  #seal(value: unknown): unknown {
    return isSealed(value)
      ? value
      : { [SIGNATURE]: SECRET, ciphertext: this.sealer.seal(JSON.stringify(value)) };
  }

  /** Seals every text in which a known secret occurs. */
  #byValue(value: unknown): unknown {
    if (typeof value === "string") return this.#known.finds(value) ? this.#seal(value) : value;
    if (typeof value !== "object" || value === null || isSealed(value)) return value;
    if (Array.isArray(value)) return value.map((item) => this.#byValue(item));
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.#byValue(inner)]));
  }

  /** What was sealed once is sealed again by the next write, whoever remembers why. */
  #open(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (isSealed(value)) {
      const opened: unknown = JSON.parse(this.sealer.open(value.ciphertext));
      this.#known.add(opened);
      return opened;
    }
    if (Array.isArray(value)) return value.map((item) => this.#open(item));
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.#open(inner)]));
  }

  #read(path: string, kind: Kind): unknown {
    const file = readStateFile(path);
    if (!file) return undefined;
    if (file.kind !== kind) throw new Error(`${path} holds the state of a ${file.kind}, not of a ${kind}`);
    if (file.encryptionSalt !== this.sealer.salt) {
      throw new Error(`${path} is sealed with another key: make the Sealer with saltOf("${path}")`);
    }
    return this.#open(file.content);
  }

  #write(path: string, kind: Kind, content: object): void {
    const file = {
      version: VERSION,
      kind,
      encryptionSalt: this.sealer.salt,
      content: this.#byValue(content) as Tree,
    };
    replaceFile(path, `${JSON.stringify(file, null, 1)}\n`);
  }
}

function isSealed(value: unknown): value is { readonly ciphertext: string } {
  const v = value as Tree | null;
  return typeof v === "object" && v?.[SIGNATURE] === SECRET && typeof v.ciphertext === "string";
}
