import type { Props } from "./types";

/** What the state of a stack remembers of one resource. */
export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  /** False for a component, which has no object in any cloud. */
  readonly custom: boolean;
  readonly id?: string;
  /** In clear in memory; {@link secretInputs} says what a file must seal. */
  readonly inputs: Props;
  readonly outputs: Props;
  readonly parent?: string;
  /** URNs of everything this resource was made from or told to wait for. */
  readonly dependencies: readonly string[];
  /** The same by input property. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** `<urn>::<id>` of an explicit provider. */
  readonly provider?: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deletedWith?: string;
  readonly aliases: readonly string[];
  readonly ignoreChanges: readonly string[];
  /** Top-level inputs that arrived marked secret. */
  readonly secretInputs: readonly string[];
  /** Top-level outputs that the program gets back marked secret. */
  readonly secretOutputs: readonly string[];
  /** The id that the `import` option named when the resource was adopted. */
  readonly importId?: string;
  /** Read and not owned: nothing is ever deleted. */
  readonly external?: boolean;
  /** Replaced by a newer object; to be deleted by the next run. */
  readonly pendingDelete?: boolean;
  /** Its object was deleted to make room and the new one is not made yet. */
  readonly pendingReplacement?: boolean;
}

/** An operation that a kill interrupted: whether its object exists nobody knows. */
export interface Interruption {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
}

/** What is known of a stack between two runs. */
export interface StackState {
  /** Every resource after what it depends on. */
  readonly resources: readonly ResourceState[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly secretOutputs: readonly string[];
  readonly interrupted?: readonly Interruption[];
}

export function emptyStack(): StackState {
  return { resources: [], outputs: {}, secretOutputs: [] };
}

/** The URNs that must exist while a resource exists. */
export function prerequisites(r: ResourceState): readonly string[] {
  const provider = r.provider?.slice(0, r.provider.lastIndexOf("::"));
  const others = [r.parent, r.deletedWith, provider].filter((urn) => urn !== undefined && urn !== "");
  return [...new Set([...r.dependencies, ...(others as string[])])];
}
