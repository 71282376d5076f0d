import { setTimeout as pause } from "node:timers/promises";

export interface Watch<Found> {
  /** Looks once. What was found before, it need not find again. */
  readonly look: (before: Found | undefined) => Promise<Found>;
  readonly words: (found: Found) => string;
  /** Writes over what it wrote. */
  readonly show: (text: string) => void;
  /** Ends it, also in the middle of a pause. */
  readonly interrupted: AbortSignal;
  /** Milliseconds between two looks. */
  readonly every: number;
}

/**
 * Looks again and again until somebody interrupts it. A look that fails after one that went well is told beneath what
 * that one found, and the next is tried: a network that is away for a moment ends nothing.
 *
 * @throws whatever the first look throws
 */
export async function watch<Found>({ look, words, show, interrupted, every }: Watch<Found>): Promise<void> {
  let found: Found | undefined;
  while (!interrupted.aborted) {
    const failed = await look(found).then(
      (next) => {
        found = next;
        return undefined;
      },
      (error: Error) => {
        if (found === undefined) throw error;
        return error.message;
      },
    );
    const now = new Date().toISOString();
    const end = `every ${every / 1000} s; Ctrl-C ends it`;
    const last = failed === undefined ? `looked at ${now}, ${end}` : `not seen at ${now}: ${failed}\n${end}`;
    show(`${words(found as Found)}\n\n${last}\n`);
    await pause(every, undefined, { signal: interrupted }).catch(() => {});
  }
}
