let running = 0;

/**
 * Runs work that takes stack traces by the thousand without leading each back to its TypeScript source. Pulumi's SDK
 * takes one for every resource and every promise, and in tests that was a third of the time. V8 writes a trace down
 * when it is first read: what an error says after the work is led back as ever.
 */
export async function withoutSourceMaps<T>(work: () => Promise<T>): Promise<T> {
  if (!(running > 0 || process.sourceMapsEnabled)) return work();
  running += 1;
  process.setSourceMapsEnabled(false);
  try {
    return await work();
  } finally {
    running -= 1;
    if (running === 0) process.setSourceMapsEnabled(true);
  }
}
