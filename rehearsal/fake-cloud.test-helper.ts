import * as pulumi from "@pulumi/pulumi";
import { run } from "./engine";
import { Killed } from "./faults";
import { changedKeys } from "./property-path";
import type { RehearsalCloud, RunOptions, RunResult } from "./run-types";
import { type CloudApi, CloudRefusal, type Difference, type Props, UNKNOWN } from "./types";
import { parseUrn } from "./urn";

type Of<K extends keyof CloudApi> = Parameters<CloudApi[K]>[0];
type Stored = { id: string; inputs: Props; outputs: Props };

/**
 * One kind of thing: `size` updates in place, `place` replaces, and where `name` is given the replacement
 * cannot stand beside its former self. `uses` cannot be changed in place either.
 */
export class FakeCloud implements RehearsalCloud {
  readonly things = new Map<string, Stored>();
  readonly calls: string[] = [];
  /** What the creation of a thing with this logical name throws, once. */
  readonly faults = new Map<string, "fail" | "kill">();
  #count = 0;

  copy(): FakeCloud {
    const copy = new FakeCloud();
    copy.#count = this.#count;
    for (const [id, thing] of this.things) copy.things.set(id, structuredClone(thing));
    for (const [name, fault] of this.faults) copy.faults.set(name, fault);
    return copy;
  }

  check(r: Of<"check">) {
    const negative = typeof r.news.size === "number" && r.news.size < 0;
    const failures = negative
      ? [{ property: "size", reason: `${r.news.size} is below 0; label ${r.news.label}` }]
      : [];
    return { inputs: { label: "plain", ...r.news }, failures };
  }

  diff(r: Of<"diff">): Difference {
    const changed = changedKeys(r.news, r.olds).filter((key) => !r.ignoreChanges?.includes(key));
    const replaces = changed.filter((key) => key === "place" || key === "uses" || r.news[key] === UNKNOWN);
    return { changed, replaces, deleteBeforeReplace: replaces.length > 0 && r.news.name !== undefined };
  }

  create(r: Of<"create">) {
    const name = parseUrn(r.urn).name;
    const fault = this.faults.get(name);
    this.faults.delete(name);
    if (fault === "fail")
      throw new CloudRefusal("Broken", `${name} cannot be created, label ${r.inputs.label}`);
    const id = `${r.account}-${++this.#count}`;
    this.things.set(id, { id, inputs: r.inputs, outputs: outputs(id, r.inputs) });
    this.calls.push(`create ${name}`);
    if (fault === "kill") throw new Killed("killed");
    return { id, outputs: outputs(id, r.inputs) };
  }

  update(r: Of<"update">) {
    if (!this.things.has(r.id)) throw new CloudRefusal("NotFound", r.id);
    this.things.set(r.id, { id: r.id, inputs: r.inputs, outputs: outputs(r.id, r.inputs) });
    this.calls.push(`update ${parseUrn(r.urn).name}`);
    return { outputs: outputs(r.id, r.inputs) };
  }

  remove(r: Of<"remove">): void {
    for (const other of this.things.values()) {
      if (other.inputs.uses === r.id) throw new CloudRefusal("InUse", `${r.id} is in use by ${other.id}`);
    }
    this.things.delete(r.id);
    this.calls.push(`delete ${parseUrn(r.urn).name}`);
  }

  read(r: Of<"read">): Stored | undefined {
    return structuredClone(this.things.get(r.id));
  }

  invoke(r: Of<"invoke">): Props {
    if (r.token !== "test:index:answer") throw new CloudRefusal("Unknown", r.token);
    return { answer: 42, asked: r.args.question };
  }
}

export interface ThingArgs {
  size?: pulumi.Input<number>;
  place?: pulumi.Input<string>;
  name?: pulumi.Input<string>;
  label?: pulumi.Input<string>;
  uses?: pulumi.Input<string>;
  source?: pulumi.Input<pulumi.asset.Asset>;
}

export class Thing extends pulumi.CustomResource {
  declare readonly size: pulumi.Output<number>;
  declare readonly label: pulumi.Output<string>;
  declare readonly address: pulumi.Output<string>;
  declare readonly token: pulumi.Output<string>;
  constructor(name: string, args: ThingArgs = {}, opts?: pulumi.CustomResourceOptions) {
    const computed = { address: undefined, token: undefined };
    super("test:index:Thing", name, { size: undefined, label: undefined, ...args, ...computed }, opts);
  }
  static get(name: string, id: pulumi.Input<pulumi.ID>): Thing {
    return new Thing(name, {}, { id });
  }
}

/** A component with so many things below it. */
export class Pair extends pulumi.ComponentResource {
  readonly first: Thing;
  readonly second: Thing;
  constructor(name: string, args: ThingArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Pair", name, args, opts);
    this.first = new Thing(`${name}-first`, args, { parent: this });
    this.second = new Thing(`${name}-second`, { uses: this.first.id }, { parent: this });
    this.registerOutputs({ address: this.second.address });
  }
}

/** A stack with its state, to be brought up again and again. */
export class Bench {
  readonly cloud = new FakeCloud();
  last: RunResult | undefined;

  async run(program: () => unknown, more: Partial<RunOptions> = {}): Promise<RunResult> {
    const result = await run({
      project: "app",
      stack: "sandbox",
      config: {},
      secretKeys: [],
      cloud: this.cloud,
      account: "111",
      operation: "up",
      knowledge: { secret: () => ["token"], properties: () => ["size", "label"] },
      ...(this.last ? { state: this.last.state } : {}),
      ...more,
      program: async () => (await program()) as Record<string, unknown> | undefined,
    });
    if (more.operation !== "preview") this.last = result;
    return result;
  }
}

/** The steps of a run that change something, as `op name`. */
export function changes(result: RunResult): string[] {
  return result.steps.filter((s) => s.op !== "same").map((s) => `${s.op} ${s.name}`);
}

export function messages(result: RunResult): string[] {
  return result.failures.map((f) => f.message);
}

function outputs(id: string, inputs: Props): Props {
  return { ...inputs, address: `at-${id}`, token: `token-of-${id}` };
}
