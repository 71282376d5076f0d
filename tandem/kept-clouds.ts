import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { Cloud } from "../rehearsal/cloud";
import { Redactor } from "../rehearsal/redact";
import { Sealer } from "../rehearsal/seal";
import { saltOf } from "../rehearsal/state-file";
import { Store } from "../rehearsal/store";
import type { World } from "../rehearsal/types";
import { remembering } from "../rehearsal/world";

/** Simulated clouds in a file, for an engine that keeps its own states. */
export class KeptClouds {
  readonly cloud: Cloud;
  /** What the engine said is secret: the clouds themselves do not know. */
  readonly #secrets = new Map<string, unknown>();
  readonly #redactor = new Redactor();
  readonly #store: Store;
  readonly #file: string;

  /** @param world as it is now: a release that was configured since the last run has been pushed since */
  constructor(folder: string, world: World, passphrase: string) {
    this.#file = join(folder, "cloud.json");
    this.#store = new Store(Sealer.fromPassphrase(passphrase, saltOf(this.#file)));
    const state = this.#store.readCloud(this.#file);
    this.cloud =
      state === undefined
        ? Cloud.empty(world)
        : new Cloud({ ...state, world: remembering(state.world, world) });
  }

  /** Remembers a secret value: it is sealed wherever it occurs, and no message contains it. */
  learn(secret: unknown): void {
    this.#redactor.add(secret);
    this.#secrets.set(JSON.stringify(secret) ?? "", secret);
  }

  redact(text: string): string {
    return this.#redactor.redact(text);
  }

  save(): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    const outputs = Object.fromEntries([...this.#secrets.values()].entries());
    const known = { resources: [], outputs, secretOutputs: Object.keys(outputs) };
    this.#store.writeCloud(this.#file, this.cloud.state, [known]);
  }
}
