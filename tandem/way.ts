import type { EnvironmentName } from "../config/settings";
import type { RunFailure, Step } from "../rehearsal/run-types";

/** What one run did, or in a preview would do. */
export interface Outcome {
  readonly steps: readonly Step[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly failures: readonly RunFailure[];
  /** What the program or the engine warns of. */
  readonly warnings: readonly string[];
  readonly seconds: number;
}

/** A way into the rehearsal: the real engine, or this process. Both act on the same simulated clouds. */
export interface Way {
  /** What did it, for people: `pulumi v3.265.0` or `in this process`. */
  readonly name: string;
  run(stack: EnvironmentName, operation: Operation, onStep?: (step: Step) => void): Promise<Outcome>;
}

export type Operation = "up" | "preview" | "destroy";

/** Whether a step is about something that exists in a cloud: components only group. */
export const isResource = ({ type }: Step): boolean => /^(aws|cloudflare|github|random):/.test(type);

/** The steps that change something in a cloud. */
export function changes(steps: readonly Step[]): readonly Step[] {
  return steps.filter((step) => isResource(step) && step.op !== "same" && step.op !== "read");
}

/** Changes as people count them: a replacement is one, not its two halves as well. */
export function told(steps: readonly Step[]): readonly Step[] {
  return changes(steps).filter(({ op }) => op !== "create-replacement" && op !== "delete-replaced");
}

const DONE: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
};

/** How many steps of each kind: `3 created, 1 replaced` where they were done, `3 to create` where not. */
export function counted(steps: readonly Step[], done: boolean): string {
  const kinds = new Map<string, number>();
  for (const { op } of steps) kinds.set(op, (kinds.get(op) ?? 0) + 1);
  return [...kinds]
    .map(([op, number]) => (done ? `${number} ${DONE[op] ?? op}` : `${number} to ${op}`))
    .join(", ");
}
