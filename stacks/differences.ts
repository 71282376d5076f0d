/** One difference between sandbox and production that is meant. */
export interface Allowed {
  /** Pulumi type, or the beginning of one followed by `*`. */
  readonly type: string;
  /** Logical name, with `*` for any characters. @default any */
  readonly name?: string;
  /** Dotted property path, with `*` for any characters; `exists` where only one environment has the resource. */
  readonly property: string;
  /** Why the two may differ here. */
  readonly because: string;
  /** The last day on which the reason holds, ISO date. @default it always holds */
  readonly until?: string;
}

/**
 * The one table of differences between the two environments that are allowed to show in their plans.
 * `npx tandem parity` fails on any other.
 */
export const DIFFERENCES: readonly Allowed[] = [];
