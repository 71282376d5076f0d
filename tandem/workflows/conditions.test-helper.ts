import assert from "node:assert/strict";

/** How a job ends. */
export const RESULTS = ["success", "failure", "cancelled", "skipped"] as const;

export type Result = (typeof RESULTS)[number];

/** What a run of GitHub's knows when it looks at a condition. */
export interface Run {
  readonly cancelled?: boolean;
  readonly [context: string]: unknown;
}

const CONTEXTS = ["github", "needs", "vars", "inputs", "steps"];

/** Functions that say how the run goes. A condition without one is looked at only where all went well. */
const STATUS = ["always", "cancelled", "failure", "success"];

/** Whether GitHub's own evaluator lets a condition through. */
export async function passes(
  condition: string | undefined,
  { cancelled = false, ...contexts }: Run,
): Promise<boolean> {
  // The package knows only this way to be loaded.
  const { data, Evaluator, Lexer, Parser } = await import("@actions/expressions");
  const { reviver } = await import("@actions/expressions/data/reviver");
  const toData = (value: unknown) => JSON.parse(JSON.stringify(value), reviver);
  assert.match(condition ?? "", /^\$\{\{.*\}\}$/);
  const { tokens } = new Lexer((condition ?? "").slice(3, -2)).lex();
  const needs = Object.values((contexts.needs ?? {}) as Record<string, { result?: Result }>);
  const wentWell = !cancelled && needs.every(({ result = "success" }) => result === "success");
  if (!tokens.some(({ lexeme }) => STATUS.includes(lexeme)) && !wentWell) return false;
  const isCancelled = { name: "cancelled", minArgs: 0, maxArgs: 0 };
  const parsed = new Parser(tokens, CONTEXTS, [isCancelled]).parse();
  const pairs = CONTEXTS.map((key) => ({ key, value: toData(contexts[key] ?? {}) }));
  const call = () => new data.BooleanData(cancelled);
  const evaluator = new Evaluator(
    parsed,
    new data.Dictionary(...pairs),
    new Map([["cancelled", { ...isCancelled, call }]]),
  );
  return evaluator.evaluate().coerceString() === "true";
}

/** What GitHub makes of the legs of a matrix: one result, which is all that other jobs see. */
export function ofMatrix(legs: readonly Result[]): Result {
  for (const worst of ["failure", "cancelled", "success"] as const) if (legs.includes(worst)) return worst;
  return "skipped";
}

/** Every way in which so many jobs can end. */
export function endings(jobs: number): readonly (readonly Result[])[] {
  if (jobs === 0) return [[]];
  return endings(jobs - 1).flatMap((before) => RESULTS.map((result) => [...before, result]));
}
