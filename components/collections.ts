/** A record with the same keys and other values. */
export function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  to: (value: T, key: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value, key)]));
}

/** The entries of a record whose keys are wanted, without those that it lacks. */
export function pick<T>(record: Readonly<Record<string, T>>, keys: Iterable<string>): Record<string, T> {
  return Object.fromEntries(
    Array.from(keys).flatMap((key) => (key in record ? [[key, record[key] as T]] : [])),
  );
}

/** Without the entries that have no value: Pulumi warns of an output that is undefined. */
export function present(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
