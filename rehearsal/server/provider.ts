import type { Cloud } from "../cloud";
import { Killed } from "../faults";
import type { Checked, Difference, Props } from "../types";
import { Trial } from "./trial";

export interface ProviderOptions {
  readonly cloud: Cloud;
  /** The AWS account, until a provider is configured with `allowedAccountIds`. */
  readonly account?: string;
  /** Called after each change to the clouds. */
  readonly onChange?: () => void;
  /** Called with each secret value that the clouds get to hold: they do not know which of theirs are secret. */
  readonly onSecret?: (value: unknown) => void;
  /** Called when an injected fault kills the run. */
  readonly onKill?: () => void;
}

interface Resource {
  readonly urn: string;
  readonly type: string;
}

/** One request to create or update. */
interface Wish extends Resource {
  readonly inputs: Props;
  /** Top-level inputs that are secret. */
  readonly secrets: readonly string[];
  readonly preview: boolean;
}

/** What the provider server answers, free of gRPC: every package, one set of clouds. */
export class Provider {
  #account: string;
  /** The clouds as the preview that is under way sees them. */
  #trial: Trial | undefined;
  /** The providers that were configured since the trial began. */
  readonly #configured = new Set<string>();
  /** The object that each resource had when it was last compared. */
  readonly #present = new Map<string, string>();

  constructor(readonly o: ProviderOptions) {
    this.#account = o.account ?? "";
  }

  /** A provider that is configured a second time belongs to a new run. */
  configure(urn: string, accountIds: readonly string[]): void {
    if (this.#configured.has(urn)) this.#begin();
    this.#configured.add(urn);
    this.#account = accountIds[0] ?? this.#account;
  }

  check(r: Resource & { readonly news: Props; readonly olds?: Props }): Checked {
    return this.#seen.check(r);
  }

  diff(r: Resource & { id: string; olds: Props; news: Props; ignoreChanges: readonly string[] }): Difference {
    this.#present.set(r.urn, r.id);
    return this.#seen.diff(r);
  }

  create({ preview, secrets, ...r }: Wish): { id: string; outputs: Props } {
    const request = { ...r, account: this.#account };
    for (const name of secrets) this.o.onSecret?.(r.inputs[name]);
    if (!preview) return this.#change((cloud) => cloud.create(request));
    const replacedId = this.#present.get(r.urn);
    return this.#preview.create({ ...request, ...(replacedId === undefined ? {} : { replacedId }) });
  }

  update({ preview, secrets, ...r }: Wish & { readonly id: string; readonly olds: Props }): {
    outputs: Props;
  } {
    const request = { ...r, account: this.#account };
    for (const name of secrets) this.o.onSecret?.(r.inputs[name]);
    return preview ? this.#preview.update(request) : this.#change((cloud) => cloud.update(request));
  }

  remove(r: Resource & { readonly id: string; readonly olds: Props }): void {
    this.#change((cloud) => cloud.remove({ ...r, account: this.#account }));
  }

  read(r: Resource & { readonly id: string }): ReturnType<Cloud["read"]> {
    return this.#seen.read({ ...r, account: this.#account });
  }

  invoke(r: { readonly token: string; readonly args: Props }): Props {
    return this.#seen.invoke({ ...r, account: this.#account });
  }

  get #preview(): Trial {
    this.#trial ??= new Trial(this.o.cloud);
    return this.#trial;
  }

  /** The clouds that a question is about: those of the preview, where there is one. */
  get #seen(): Cloud {
    return this.#trial?.cloud ?? this.o.cloud;
  }

  #change<T>(work: (cloud: Cloud) => T): T {
    this.#trial = undefined;
    try {
      return work(this.o.cloud);
    } catch (error) {
      if (error instanceof Killed) this.o.onKill?.();
      throw error;
    } finally {
      // Also where it failed: an object may have been made, a fault used up.
      this.o.onChange?.();
    }
  }

  #begin(): void {
    this.#trial = undefined;
    this.#configured.clear();
    this.#present.clear();
  }
}
