import { isDeepStrictEqual } from "node:util";
import type { Props } from "./types";

type Step = string | number;

/** Splits a property path of Pulumi: `tags.owner`, `rules[0].port`, `rules[*].port`, `labels["a.b"]`. */
export function parsePath(path: string): readonly Step[] {
  const steps: Step[] = [];
  for (const m of path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\[(\*)\]|([^.[\]]+)/g)) {
    if (m[1] !== undefined) steps.push(m[1].replace(/\\(.)/g, "$1"));
    else if (m[2] !== undefined) steps.push(Number(m[2]));
    else steps.push(m[3] ?? m[4] ?? "");
  }
  return steps;
}

/** The new inputs with every ignored path put back to what it was, or taken out where it was not set. */
export function keepOld(news: Props, olds: Props, paths: readonly string[]): Props {
  if (paths.length === 0) return news;
  const result = structuredClone(news);
  for (const path of paths) restore(result, olds, parsePath(path));
  return result;
}

/** The paths at which two property bags differ. */
export function changedPaths(news: Props, olds: Props, paths: readonly string[]): readonly string[] {
  return paths.filter((path) => differs(news, olds, parsePath(path)));
}

/** The top-level properties in which two property bags differ. */
export function changedKeys(news: Props, olds: Props): readonly string[] {
  const keys = new Set([...Object.keys(olds), ...Object.keys(news)]);
  return [...keys].filter((key) => !isDeepStrictEqual(news[key], olds[key]));
}

function restore(target: unknown, source: unknown, path: readonly Step[]): void {
  const [step, ...rest] = path;
  if (step === undefined || !isContainer(target) || !isContainer(source)) return;
  for (const key of keysAt(step, target, source)) {
    if (rest.length > 0) restore(target[key], source[key], rest);
    else if (source[key] !== undefined) target[key] = structuredClone(source[key]);
    else delete target[key];
  }
}

function differs(a: unknown, b: unknown, path: readonly Step[]): boolean {
  const [step, ...rest] = path;
  if (step === undefined || !isContainer(a) || !isContainer(b)) return !isDeepStrictEqual(a, b);
  return keysAt(step, a, b).some((key) => differs(a[key], b[key], rest));
}

function keysAt(step: Step, a: object, b: object): readonly string[] {
  return step === "*" ? [...new Set([...Object.keys(a), ...Object.keys(b)])] : [String(step)];
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
