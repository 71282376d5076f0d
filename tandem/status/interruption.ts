/** Ends with the first Ctrl-C, or when this process is asked to end. The second one ends it as ever. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}
