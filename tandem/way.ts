import type { EnvironmentName } from "../config/settings";
import type { RunFailure, Step } from "../rehearsal/run-types";

/** What one run did, or in a preview would do. */
export interface Outcome {
  readonly steps: readonly Step[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly failures: readonly RunFailure[];
  readonly seconds: number;
}

/** A way into the rehearsal: the real engine, or this process. Both act on the same simulated clouds. */
export interface Way {
  /** What did it, for people: `pulumi v3.265.0` or `in this process`. */
  readonly name: string;
  run(stack: EnvironmentName, operation: Operation, onStep?: (step: Step) => void): Promise<Outcome>;
}

export type Operation = "up" | "preview" | "destroy";

/** The steps that change something. */
export function changes(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ op }) => op !== "same" && op !== "read");
}
