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

/** A way to bring environments up: the real engine or this process on simulated clouds, or the real clouds. */
export interface Way {
  /** What did it, for people: `pulumi v3.265.0` or `in this process`. */
  readonly name: string;
  /** @param replace URNs of what is replaced although nothing about it changed; `**` stands for any characters */
  run(
    stack: EnvironmentName,
    operation: Operation,
    onStep?: (step: Step) => void,
    replace?: readonly string[],
  ): Promise<Outcome>;
  /** What a stack said at the end of its last `up`; undefined where there was none. Nothing runs for it. */
  outputs(stack: EnvironmentName): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** The present instant, ISO 8601: in a rehearsal, the one of its clouds' clock. */
  now(): string;
}

export type Operation = "up" | "preview" | "destroy";

/** Whether a URN is meant by one of the patterns, as the engine reads them: `*` ends at a colon, `**` nowhere. */
export function meant(patterns: readonly string[]): (urn: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const parts = pattern.split("**").map((part) => part.split("*").map(escaped).join("[^:]*"));
    return new RegExp(`^${parts.join(".*")}$`);
  });
  return (urn) => expressions.some((expression) => expression.test(urn));
}

const escaped = (text: string) => text.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&");

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

/** Why a run failed, each reason once. */
export const reasons = ({ failures }: Pick<Outcome, "failures">): string =>
  [...new Set(failures.map(({ message }) => message))].join("\n");

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
