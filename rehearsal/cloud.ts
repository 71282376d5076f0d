import { isAutoname, logicalName } from "./autoname";
import { check } from "./check";
import { Clock } from "./clock";
import { contextFor } from "./context";
import { diff } from "./diff";
import { factsOf } from "./facts";
import { CreatedButFailed, due, type Fault, strike } from "./faults";
import { invoke } from "./invokes";
import { rules } from "./rules";
import {
  answering,
  type CloudState,
  emptyState,
  isGone,
  keyOf,
  owner,
  type StoredObject,
  urnOf,
} from "./state";
import {
  type Checked,
  type CloudApi,
  type CloudObject,
  CloudRefusal,
  type Difference,
  type Props,
  type Rule,
  type World,
} from "./types";
import { preexisting } from "./world";

type Of<K extends keyof CloudApi> = Parameters<CloudApi[K]>[0];

/** The simulated control planes. All they know is in `state`, which is plain JSON. */
export class Cloud implements CloudApi {
  readonly clock: Clock;

  constructor(readonly state: CloudState) {
    this.clock = new Clock(state);
  }

  /** Clouds in which nothing was created yet. */
  static empty(world: World, seed?: string): Cloud {
    return new Cloud(emptyState(world, seed));
  }

  /** The same clouds once more: what happens in the copy does not happen here. */
  copy(): Cloud {
    return new Cloud(structuredClone(this.state));
  }

  /** What is still to go wrong; push to it. */
  get faults(): Fault[] {
    return this.state.faults;
  }

  /** What exists, of one type or of all. */
  objects(type?: string): CloudObject[] {
    return Object.values(this.state.objects).filter((o) => !isGone(o) && (type ?? o.type) === o.type);
  }

  check(r: Of<"check">): Checked {
    return check({ ...r, ...this.names(r.type) });
  }

  diff(r: Of<"diff">): Difference {
    return diff({ ...r, ...this.names(r.type) });
  }

  create(r: Of<"create">): { id: string; outputs: Props } {
    const facts = factsOf(r.type);
    const { urn, inputs } = r;
    const fault = due(this.faults, r.type);
    const origin = this.origin(urn);
    const rule = ruleOf(r.type);
    const ctx = contextFor(this.state, { ...r, origin });
    rule.refuseWrite?.(ctx, inputs);
    rule.refuseCreate?.(ctx, inputs);
    if (fault?.kind === "fail") strike(fault, urn);
    const id = rule.id?.(ctx, inputs) ?? `${logicalName(urn)}-${ctx.hex("id", 7)}`;
    const account = owner(r.type, r.account);
    const key = keyOf({ account, type: r.type, id, origin });
    const there = this.state.objects[key];
    const ours = facts.upsert === true && there && urnOf(there) === urn;
    if (there && !ours && !there.kept && !isGone(there)) {
      ctx.refuse("AlreadyExists", `${r.type} ${id} exists: two owners would overwrite each other, import it`);
    }
    // What is gone but remembered (a final snapshot's database) keeps its place beside the new one.
    if (there && isGone(there)) this.state.objects[`${key}|${there.origin}`] = there;
    const object: StoredObject = {
      account,
      type: r.type,
      id,
      origin,
      createdAt: ctx.now,
      inputs,
      outputs: merged(inputs, rule.outputs?.(ctx, inputs, id)),
    };
    this.state.objects[key] = object;
    try {
      rule.after?.(ctx, object);
    } catch (e) {
      throw e instanceof CloudRefusal ? new CreatedButFailed(e, id, object.outputs) : e;
    }
    if (fault) strike(fault, urn);
    return { id, outputs: structuredClone(object.outputs) };
  }

  update(r: Of<"update">): { outputs: Props } {
    const object = this.locate(r).at(-1);
    const { inputs } = r;
    if (!object) throw new CloudRefusal("NotFound", `${r.type} ${r.id} does not exist (any more)`);
    const rule = ruleOf(r.type);
    const ctx = contextFor(this.state, { ...r, origin: object.origin });
    rule.refuseWrite?.(ctx, inputs, object);
    rule.refuseUpdate?.(ctx, inputs, object, r.olds);
    object.outputs = merged(inputs, rule.outputs?.(ctx, inputs, r.id, object.outputs));
    object.inputs = inputs;
    rule.after?.(ctx, object);
    return { outputs: structuredClone(object.outputs) };
  }

  /** Deletes. What is gone already is no error: the providers see it the same way. */
  remove(r: Of<"remove">): void {
    const object = this.locate(r).at(0);
    if (!object) return;
    const rule = ruleOf(r.type);
    const ctx = contextFor(this.state, { ...r, inputs: object.inputs, origin: object.origin });
    rule.refuseDelete?.(ctx, object, r.olds);
    if (rule.keepsAfterDelete?.(ctx, object)) object.kept = true;
    else delete this.state.objects[keyOf(object)];
  }

  /** What exists under an id. The URN is needed where several objects share the id `none`. */
  read(r: Of<"read"> & { urn?: string }): { id: string; inputs: Props; outputs: Props } | undefined {
    const object = this.locate(r).at(-1);
    if (!object || isGone(object)) return undefined;
    return structuredClone({ id: object.id, inputs: object.inputs, outputs: object.outputs });
  }

  invoke(r: Of<"invoke">): Props {
    return invoke(r.token, { ...r, state: this.state });
  }

  /** The objects under an id. What the world had before becomes an object of the cloud when it is asked for. */
  private locate(r: { type: string; id: string; account: string; urn?: string }): StoredObject[] {
    factsOf(r.type);
    const found = answering(this.state, r);
    const before = found.length > 0 ? undefined : preexisting(this.state.world, r.type, r.id);
    if (!before) return found;
    const whose = { account: owner(r.type, r.account), type: r.type, id: r.id, createdAt: this.clock.now };
    const object = { ...whose, ...structuredClone(before), origin: `before:${r.type}:${r.id}#0` };
    this.state.objects[keyOf(object)] = object;
    return [object];
  }

  private origin(urn: string): string {
    const serial = (this.state.serials[urn] ?? 0) + 1;
    this.state.serials[urn] = serial;
    return `${urn}#${serial}`;
  }

  /** Which physical names of a type are in use, and which of them the provider made up. */
  private names(type: string) {
    const holding = (property: string, value: unknown) =>
      Object.values(this.state.objects).filter((o) => o.type === type && o.inputs[property] === value);
    const rule = factsOf(type).autoname;
    return {
      taken: (property: string, value: string) => holding(property, value).length > 0,
      autonamed: (property: string, value: unknown) =>
        holding(property, value).some((o) => rule && isAutoname(rule, urnOf(o), value)),
    };
  }
}

function ruleOf(type: string): Rule {
  return rules[type] ?? {};
}

/** Inputs with what the cloud computed over them; what it sets to undefined is not given back. */
function merged(inputs: Props, computed: Props = {}): Props {
  return Object.fromEntries(Object.entries({ ...inputs, ...computed }).filter(([, v]) => v !== undefined));
}
