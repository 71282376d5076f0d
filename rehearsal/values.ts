import { distance } from "fastest-levenshtein";
import type { Props } from "./types";

/** Everything found under a dotted path, lists passed through: `rules.action` of two rules gives two values. */
export function valuesAt(root: unknown, path: string): unknown[] {
  let found: unknown[] = [root];
  for (const key of path.split(".")) {
    found = found.flatMap(items).flatMap((v) => (isObject(v) && v[key] != null ? [v[key]] : []));
  }
  return found;
}

/** Whether two plain values mean the same. Null, undefined and a missing key are one and the same. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a == null || b == null) return a == null && b == null;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((v, i) => same(v, b[i]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((k) => same(a[k], b[k]));
}

/** The candidate nearest to a misspelt word, unless none is near. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const ranked = [...candidates].map((c) => ({ c, far: distance(word.toLowerCase(), c.toLowerCase()) }));
  const best = ranked.sort((a, b) => a.far - b.far)[0];
  return best && best.far <= Math.max(2, word.length / 3) ? best.c : undefined;
}

export function isObject(v: unknown): v is Props {
  return typeof v === "object" && v !== null && !Array.isArray(v);
}

function items(v: unknown): unknown[] {
  return Array.isArray(v) ? v.flatMap(items) : [v];
}
