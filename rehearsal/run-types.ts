import type { StackState } from "./stack-state";
import type { CloudApi, Props } from "./types";

/** Simulated clouds that can be tried out on a copy. */
export interface RehearsalCloud extends CloudApi {
  /** The same clouds once more: what happens in the copy does not happen here. */
  copy(): RehearsalCloud;
  /** @param r.urn tells apart the objects of a type that has no ids of its own */
  read(r: Parameters<CloudApi["read"]>[0] & { readonly urn?: string }): ReturnType<CloudApi["read"]>;
}

/** What another stack gives away through a `StackReference`. */
export type OtherStack = Pick<StackState, "outputs" | "secretOutputs">;

export interface Knowledge {
  /** The outputs of a type that are always secret. */
  secret(type: string): readonly string[];
  /** All properties of a type, set or not. */
  properties(type: string): readonly string[];
}

/** A resource as it is about to be, after its provider's check. Its inputs are in clear. */
export interface Guarded {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly inputs: Props;
  readonly protect: boolean;
}

/** What speaks against a resource, a line each. Lines repeat no secret value. */
export type Guard = (resource: Guarded) => readonly string[];

export interface RunOptions {
  readonly project: string;
  readonly stack: string;
  /** Values by `<namespace>:<key>`, as text; structured values as JSON. */
  readonly config: Readonly<Record<string, string>>;
  /** Those keys of {@link config} whose values are secret. */
  readonly secretKeys: readonly string[];
  /** Declares the resources and returns the stack's outputs. Not called for `destroy` and `refresh`. */
  readonly program: () => Promise<Record<string, unknown> | undefined> | Promise<void>;
  readonly cloud: RehearsalCloud;
  /** The AWS account of this environment. */
  readonly account: string;
  /** What the last run left; it is read and never changed. @default nothing exists yet */
  readonly state?: StackState;
  /** Answers `StackReference`; the name is `organization/<project>/<stack>`. @default there is no other stack */
  readonly otherStacks?: (name: string) => OtherStack | undefined;
  /** `preview` is an `up` on copies: the cloud and the state stay as they are. */
  readonly operation: "preview" | "up" | "destroy" | "refresh";
  /** For `destroy`: what is protected stays, with what it needs, as `--exclude-protected` says. @default it fails */
  readonly excludeProtected?: boolean;
  /** What is replaced although nothing about it changed, by URN. @default nothing */
  readonly replace?: (urn: string) => boolean;
  /**
   * What speaks against a resource, before anything is done with it. Where it says something, the registration
   * fails with these words; a preview goes on, so that it shows everything at once. @default nothing does
   */
  readonly guard?: Guard;
  /** Called after each step. */
  readonly onStep?: (step: Step) => void;
  /** What is known about resource types. @default what the rehearsal's facts say */
  readonly knowledge?: Knowledge;
  /** After so many milliseconds in which nothing moves, the program is given up. @default 30000 */
  readonly patience?: number;
}

export type Op =
  | "same"
  | "create"
  | "update"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "delete"
  | "read"
  | "import"
  | "retain";

/** Something that was done, or in a preview would be. */
export interface Step {
  readonly op: Op;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Top-level inputs that differ. */
  readonly changed?: readonly string[];
  /** Those properties that force the replacement. */
  readonly replaces?: readonly string[];
  readonly id?: string;
}

export interface RunFailure {
  readonly urn?: string;
  readonly message: string;
}

export interface RunResult {
  readonly steps: readonly Step[];
  readonly state: StackState;
  /** The stack's outputs in clear. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The names of those outputs that are secret. */
  readonly secretOutputs: readonly string[];
  /** Empty where all went well. Secret values never occur in a message. */
  readonly failures: readonly RunFailure[];
  /** What the program logged, with its severity in front. */
  readonly diagnostics: readonly string[];
  /** True where an injected fault killed the run: the state is that of the moment. */
  readonly killed: boolean;
}
