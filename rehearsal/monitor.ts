import type {
  ReadResourceRequest,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  ResourceCallRequest,
  ResourceInvokeRequest,
  SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { Killed } from "./faults";
import { goalOf, struct } from "./goal";
import type { OtherStack } from "./run-types";
import { fromWire, toWire } from "./serialize";
import type { Outcome, Steps } from "./steps";
import type { Props } from "./types";

type Answer = (error: unknown, response?: unknown) => void;

const ROOT_TYPE = "pulumi:pulumi:Stack";
const CANCELLED = 1;
const UNKNOWN_ERROR = 2;
const RESULTS = { success: 0, fail: 1, skip: 2 } as const;
/** Callbacks into the program need a server of their own, so transforms and hooks are left to the real engine. */
const FEATURES = new Set([
  "secrets",
  "resourceReferences",
  "outputValues",
  "aliasSpecs",
  "deletedWith",
  "parameterization",
]);

/** What the monitor needs to know besides how to take steps. */
export interface MonitorOptions {
  readonly steps: Steps;
  readonly otherStacks: (name: string) => OtherStack | undefined;
  /**
   * The properties of a type to answer with null where they are not set. In a preview the SDK takes what
   * is left out for not known yet, although here everything is known.
   */
  readonly unset: (type: string) => readonly string[];
  /** Called when an injected fault killed the run. */
  readonly onKill: () => void;
}

/**
 * Stands where the SDK expects the engine's resource monitor. Answers are plain objects with the few
 * accessors that the SDK calls, which spares the detour through protobuf.
 */
export class Monitor {
  /** The stack's outputs, as soon as the program has returned them. */
  outputs: { readonly values: Props; readonly secrets: readonly string[] } | undefined;
  /** How many requests were answered: while it grows, the program is alive. */
  answered = 0;
  /** Messages of the errors that were answered: they are written down already. */
  readonly refused: string[] = [];
  #root = "";

  constructor(readonly o: MonitorOptions) {}

  registerResource(req: RegisterResourceRequest, answer: Answer): void {
    this.#answer(answer, () => {
      const goal = goalOf(req);
      const done = this.o.steps.register(goal);
      if (goal.type === ROOT_TYPE) this.#root = done.urn;
      const object = this.#whole(goal.type, done);
      return {
        getUrn: () => done.urn,
        getId: () => done.id ?? "",
        getObject: () => ({ toJavaScript: () => object }),
        getPropertydependenciesMap: () => undefined,
        getResult: () => RESULTS[done.result],
      };
    });
  }

  registerResourceOutputs(req: RegisterResourceOutputsRequest, answer: Answer): void {
    this.#answer(answer, () => {
      const { values, secrets, unknown } = fromWire(struct(req.getOutputs()));
      const isStack = req.getUrn() === this.#root;
      // The outputs of a run that failed are incomplete: the state keeps those of the last good one.
      if (!unknown) this.o.steps.shop.ledger.setOutputs(req.getUrn(), values, secrets);
      for (const name of secrets) this.o.steps.shop.journal.secrets.add(values[name]);
      if (isStack) this.outputs = { values, secrets };
      return {};
    });
  }

  readResource(req: ReadResourceRequest, answer: Answer): void {
    this.#answer(answer, () => {
      if (req.getType() === "pulumi:pulumi:StackReference") return this.#stackReference(req);
      const done = this.o.steps.readExternal({
        type: req.getType(),
        name: req.getName(),
        id: req.getId(),
        dependencies: req.getDependenciesList(),
        additionalSecretOutputs: req.getAdditionalsecretoutputsList(),
        ...(req.getParent() === "" ? {} : { parent: req.getParent() }),
      });
      return readAnswer(done.urn, this.#whole(req.getType(), done));
    });
  }

  invoke(req: ResourceInvokeRequest, answer: Answer): void {
    this.#answer(answer, () => {
      const { o } = this.o.steps.shop;
      const token = req.getTok();
      if (token.startsWith("pulumi:"))
        throw new Error(`${token} is not supported in a rehearsal in this process`);
      const result = toWire(
        o.cloud.invoke({ token, args: fromWire(struct(req.getArgs())).values, account: o.account }),
        [],
      );
      return { getReturn: () => ({ toJavaScript: () => result }), getFailuresList: () => [] };
    });
  }

  call(req: ResourceCallRequest, answer: Answer): void {
    this.#answer(answer, () => {
      throw new Error(
        `${req.getTok()}: methods of resources are not supported in a rehearsal in this process`,
      );
    });
  }

  supportsFeature(req: SupportsFeatureRequest, answer: Answer): void {
    answer(null, { getHassupport: () => FEATURES.has(req.getId()) });
  }

  registerPackage(_req: unknown, answer: Answer): void {
    answer(null, { getRef: () => "rehearsal" });
  }

  signalAndWaitForShutdown(_req: unknown, answer: Answer): void {
    answer(null, {});
  }

  #whole(type: string, done: Outcome): Props {
    const object = toWire(done.outputs, done.secrets);
    if (done.result === "success") for (const name of this.o.unset(type)) object[name] ??= null;
    return object;
  }

  #stackReference(req: ReadResourceRequest): unknown {
    const name = req.getId();
    const other = this.o.otherStacks(name);
    if (!other) throw new Error(`there is no stack "${name}": bring it up first, or correct the reference`);
    for (const secret of other.secretOutputs) this.o.steps.shop.journal.secrets.add(other.outputs[secret]);
    const outputs = toWire(other.outputs, other.secretOutputs);
    const urn = this.o.steps.noteReference(req.getType(), req.getName(), req.getParent());
    return readAnswer(urn, { name, outputs, secretOutputNames: [...other.secretOutputs] });
  }

  #answer(answer: Answer, work: () => unknown): void {
    this.answered++;
    try {
      if (this.o.steps.shop.journal.killed) throw new Killed("killed");
      answer(null, work());
    } catch (error) {
      answer(this.#errorFor(error));
    }
  }

  /** After a kill nobody hears anything any more: the SDK takes its code as the engine's end, and waits. */
  #errorFor(error: unknown): Error {
    if (error instanceof Killed) {
      this.o.onKill();
      return serviceError(error.message, CANCELLED);
    }
    const message = error instanceof Error ? error.message : String(error);
    this.o.steps.shop.journal.fail(error);
    this.refused.push(message);
    return serviceError(message, UNKNOWN_ERROR);
  }
}

function readAnswer(urn: string, properties: Props): unknown {
  return { getUrn: () => urn, getProperties: () => ({ toJavaScript: () => properties }) };
}

/** The SDK reads `message` of some errors and `details` of others. */
function serviceError(message: string, code: number): Error {
  return Object.assign(new Error(message), { code, details: message });
}
