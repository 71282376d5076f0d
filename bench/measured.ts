/** What a child says of itself, as its last line. */
export interface Measured {
  /** Of the plan alone: what stands in memory before does not count. */
  readonly seconds: number;
  /** From the start of the process to its end. */
  readonly wholeSeconds: number;
  readonly resources: number;
  /** Of the whole process, in MB. */
  readonly peakMemory: number;
}

/** Measures some work and prints the result for the parent. @param work returns how many resources it registered */
export async function measured(work: () => Promise<number>): Promise<void> {
  const start = performance.now();
  const resources = await work();
  const end = performance.now();
  const said: Measured = {
    seconds: (end - start) / 1000,
    wholeSeconds: end / 1000,
    resources,
    peakMemory: process.resourceUsage().maxRSS / 1024,
  };
  console.log(JSON.stringify(said));
}

export function failOn(failures: readonly { readonly message: string }[]): void {
  if (failures.length > 0) throw new Error(failures.map(({ message }) => message).join("\n"));
}
