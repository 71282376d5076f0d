import type { Cloud } from "../cloud";
import { factsOf } from "../facts";
import { CloudRefusal, type Props, UNKNOWN } from "../types";
import { hasUnknown } from "./wire";

interface Target {
  readonly type: string;
  readonly urn: string;
  readonly account: string;
}

interface Made {
  readonly id: string;
  readonly outputs: Props;
}

/** What one preview does: everything for real, but to a copy of the clouds. */
export class Trial {
  readonly cloud: Cloud;
  /** True once something could not be tried out: what stands on it is missing in the copy from then on. */
  #incomplete = false;

  constructor(clouds: Cloud) {
    this.cloud = clouds.copy();
    // What is to go wrong, goes wrong in earnest.
    this.cloud.faults.length = 0;
  }

  /** @param replacedId the object that this one replaces: the engine sends no deletes in a preview */
  create(r: Target & { readonly inputs: Props; readonly replacedId?: string }): Made {
    if (hasUnknown(r.inputs)) return this.#unknown(r, {});
    return this.#attempt(
      () => this.#instead(r, () => this.cloud.create(r)),
      () => this.#unknown(r, {}),
    );
  }

  /** What is replaced is still there as a rule; where it is in the way, the engine deletes it first. */
  #instead(r: Target & { readonly replacedId?: string }, create: () => Made): Made {
    try {
      return create();
    } catch (error) {
      if (r.replacedId === undefined || !(error instanceof CloudRefusal)) throw error;
      this.#vacate(r, r.replacedId);
      return create();
    }
  }

  update(r: Target & { readonly id: string; readonly inputs: Props; readonly olds: Props }): Made {
    const without = () => this.#unknown(r, r.olds);
    if (hasUnknown(r.inputs)) return without();
    return this.#attempt(() => ({ id: r.id, ...this.cloud.update(r) }), without);
  }

  /** With a part of the clouds missing, a refusal proves nothing. */
  #attempt(work: () => Made, otherwise: () => Made): Made {
    try {
      return work();
    } catch (error) {
      if (this.#incomplete && error instanceof CloudRefusal) return otherwise();
      throw error;
    }
  }

  #unknown(r: Target & { readonly inputs: Props }, olds: Props): Made {
    this.#incomplete = true;
    const computed = factsOf(r.type).outputs.map((name) => [name, olds[name] ?? UNKNOWN]);
    return { id: "", outputs: { ...Object.fromEntries(computed), ...r.inputs } };
  }

  #vacate({ type, account }: Target, id: string): void {
    const { objects } = this.cloud.state;
    for (const [key, object] of Object.entries(objects))
      if (object.type === type && object.id === id && [account, "shared"].includes(object.account))
        delete objects[key];
  }
}
