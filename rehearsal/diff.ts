import { type Facts, factsOf } from "./facts";
import { keepOld } from "./property-path";
import type { Difference, Props } from "./types";
import { same, valuesAt } from "./values";

export interface DiffRequest {
  readonly type: string;
  readonly olds: Props;
  readonly news: Props;
  readonly ignoreChanges?: readonly string[];
  /** Whether the physical name was made up by the provider, so that a replacement gets another. */
  readonly autonamed: (property: string, value: unknown) => boolean;
}

/** What a provider answers to a changed declaration: which inputs differ, and which of them replace. */
export function diff(r: DiffRequest): Difference {
  const facts = factsOf(r.type);
  const news = normal(facts, keepOld(r.news, r.olds, r.ignoreChanges ?? []));
  const olds = normal(facts, r.olds);
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (k) => !facts.ignored?.includes(k),
  );
  const changed = keys.filter((k) => !same(olds[k], news[k])).sort();
  const replaces = replacing(facts, olds, news, changed);
  return {
    changed,
    replaces,
    deleteBeforeReplace: replaces.length > 0 && goesFirst(facts, news, replaces, r),
  };
}

function replacing(facts: Facts, olds: Props, news: Props, changed: readonly string[]): string[] {
  const differs = (path: string) =>
    changed.includes(top(path)) && !same(valuesAt(olds, path), valuesAt(news, path));
  const always = [...facts.replaceOn, ...(facts.replaceUnverified ?? [])].filter(differs);
  const onceSet = (facts.replaceOnceSet ?? []).filter((p) => differs(p) && valuesAt(olds, p).some(filled));
  const switched = (facts.replaceOnSwitch ?? []).flatMap((group) => switchOf(group, olds, news));
  const paths = [...new Set([...always, ...onceSet, ...switched])];
  // A list and a field in it both differ: the shorter path says it.
  return paths.filter((p) => !paths.some((q) => p.startsWith(`${q}.`))).sort();
}

/** The newly set property, where another of the group was set before. */
function switchOf(group: readonly string[], olds: Props, news: Props): string[] {
  const before = group.filter((p) => filled(olds[p]));
  const after = group.filter((p) => filled(news[p]) && !before.includes(p));
  return before.length > 0 ? after : [];
}

/** True where the replacement would share a fixed physical name with what it replaces. */
function goesFirst(facts: Facts, news: Props, replaces: readonly string[], r: DiffRequest): boolean {
  const { autoname } = facts;
  if (facts.deleteBeforeReplace) return true;
  if (!autoname || autoname.random === 0 || replaces.some((p) => top(p) === autoname.property)) return false;
  const name = news[autoname.property];
  return filled(name) && !r.autonamed(autoname.property, name);
}

/** Documents that differ only in white space or the order of keys are the same to a provider. */
function normal(facts: Facts, inputs: Props): Props {
  const documents = Object.entries(facts.limits ?? {}).filter(([path, l]) => l.json && !path.includes("."));
  const result = { ...inputs };
  for (const [path] of documents) result[path] = parsed(inputs[path]);
  return result;
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function filled(value: unknown): boolean {
  return value != null && value !== "";
}

function top(path: string): string {
  return path.split(".")[0] ?? path;
}
