/**
 * The pairs of CPU units and memory (MiB) that Fargate runs.
 * Source: Amazon ECS developer guide, "Task CPU and memory", Linux, November 2026.
 */
const GIB = 1024;

const steps = (from: number, to: number, by: number): readonly number[] =>
  Array.from({ length: (to - from) / by + 1 }, (_, index) => (from + index * by) * GIB);

export const FARGATE_MEMORY: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1 * GIB, 2 * GIB],
  512: steps(1, 4, 1),
  1024: steps(2, 8, 1),
  2048: steps(4, 16, 1),
  4096: steps(8, 30, 1),
  8192: steps(16, 60, 4),
  16384: steps(32, 120, 8),
};

export const FARGATE_CPU = Object.keys(FARGATE_MEMORY).map(Number);
