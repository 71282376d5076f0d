import assert from "node:assert/strict";

/** What a run of GitHub's knows when it looks at a condition. */
export interface Run {
  readonly cancelled?: boolean;
  readonly [context: string]: unknown;
}

const CONTEXTS = ["github", "needs", "vars", "inputs"];

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
