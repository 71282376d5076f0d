import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measured } from "./measured";

/**
 * What planning costs, measured in this one run: children by turns, so that a busy machine slows both alike, and
 * medians. Prints figures and goals; says nothing by its exit code, since machines differ.
 */
const ROUNDS = 5;
const PROCESSES = [2, 16, 64] as const;

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), "tandem-bench-"));
  try {
    const recording = join(folder, "recording.json");
    child("plan.ts", "0", recording);
    const stack: Measured[] = [];
    const flat: Measured[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      stack.push(measure("plan.ts", "0"));
      flat.push(measure("flat.ts", recording));
    }
    report(stack, flat);
    growth();
    const reviews = Array.from({ length: 3 }, () => measure("review.ts").seconds);
    row("review of 1,000 changes in each environment", `${median(reviews).toFixed(2)} s`, "at most 2 s");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(stack: readonly Measured[], flat: readonly Measured[]): void {
  const [own, other] = [stack, flat].map((all) => median(all.map(({ seconds }) => seconds))) as [
    number,
    number,
  ];
  const wholes = [stack, flat].map((all) => median(all.map(({ wholeSeconds }) => wholeSeconds)).toFixed(2));
  const memory = Math.max(...stack.map(({ peakMemory }) => peakMemory));
  const counts = [stack, flat].map((all) => all[0]?.resources);
  console.log(`oc-pizza, sandbox, planned in a process of its own; median of ${ROUNDS} rounds\n`);
  row("plan of one environment", `${own.toFixed(2)} s`, "at most 3 s");
  row("  with start and imports", `${wholes[0]} s`, "");
  row("flat program", `${other.toFixed(2)} s`, `${counts.join(" and ")} resources`);
  row("  with start and imports", `${wholes[1]} s`, "");
  row("ratio to the flat program", (own / other).toFixed(2), "at most 0.8");
  row("peak memory", `${Math.round(memory)} MB`, "at most 600 MB");
}

/** What one more resource costs, from few to many. */
function growth(): void {
  const rounds = Array.from({ length: 3 }, () => PROCESSES.map((more) => measure("plan.ts", String(more))));
  const points = PROCESSES.map((_, index) => {
    const all = rounds.map((round) => round[index] as Measured);
    return { seconds: median(all.map(({ seconds }) => seconds)), resources: all[0]?.resources ?? 0 };
  });
  const slopes = points.slice(1).map((point, index) => {
    const before = points[index] as (typeof points)[number];
    const slope = ((point.seconds - before.seconds) * 1000) / (point.resources - before.resources);
    const span = `${PROCESSES[index]} to ${PROCESSES[index + 1]} processes`;
    row(`an added resource, ${span}`, `${slope.toFixed(2)} ms`, `${before.resources} to ${point.resources}`);
    return slope;
  });
  row("growth of that", ((slopes.at(-1) ?? 0) / (slopes[0] ?? 1)).toFixed(2), "flat: about 1 or less");
}

function measure(file: string, ...words: string[]): Measured {
  return JSON.parse(
    child(file, ...words)
      .trim()
      .split("\n")
      .at(-1) ?? "",
  ) as Measured;
}

/** Without what a person's shell says of stack traces. */
function child(file: string, ...words: string[]): string {
  const { TANDEM_TRACES: _, NODE_OPTIONS: __, PULUMI_CONFIG_PASSPHRASE: ___, ...env } = process.env;
  const run = spawnSync(
    process.execPath,
    ["--require", join(__dirname, "..", "typescript.cjs"), join(__dirname, file), ...words],
    {
      env,
      encoding: "utf8",
    },
  );
  if (run.status !== 0) throw new Error(`${file} failed:\n${run.stderr}`);
  return run.stdout;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function row(what: string, figure: string, goal: string): void {
  console.log(`${what.padEnd(45)}${figure.padStart(9)}   ${goal}`.trimEnd());
}

main();
