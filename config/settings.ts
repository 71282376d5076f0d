import type { Declared } from "./schema";

export type EnvironmentName = "sandbox" | "prod";

/** The two environments, in the order of promotion. */
export const ENVIRONMENTS: readonly EnvironmentName[] = ["sandbox", "prod"];

/** Everything that configuration says of one environment, checked. Values of given secrets are not in it. */
export interface Settings extends Declared {
  readonly project: string;
  readonly environment: EnvironmentName;
  /** AWS region, from `aws:region`. */
  readonly region: string;
  /** The one AWS account that this stack may touch, from `aws:allowedAccountIds`. */
  readonly accountId: string;
  /** The GitHub user or organisation that owns the repository, from `github:owner`. */
  readonly owner: string;
  /** Whether this stack's zone is its own; otherwise production declares what belongs to the zone. */
  readonly ownZone: boolean;
  /** Names of the variables that this stack's own file says, by application: the other environment has others. */
  readonly ownVariables: Readonly<Record<string, readonly string[]>>;
  /** Image digests by application: said by the sandbox, taken from the passport by production. */
  readonly release: Readonly<Record<string, string>>;
  /** The kept passport that production goes back to. @default the sandbox's newest */
  readonly passport?: string;
  /** What was rotated, by secret name or `databases.<key>`; what is not in it is at generation 1. */
  readonly rotations: Readonly<Record<string, Rotation>>;
}

/** How often something was rotated. */
export interface Rotation {
  /** 1 is the first value; each rotation adds one. */
  readonly generation: number;
  /** Whether the value before is no longer accepted. */
  readonly retired: boolean;
}

export const FIRST: Rotation = { generation: 1, retired: true };

/** Configuration as Pulumi hands it over: JSON texts by full key, and which of them were encrypted. */
export interface RawConfiguration {
  readonly project: string;
  readonly stack: string;
  readonly values: Readonly<Record<string, string>>;
  readonly encrypted: (key: string) => boolean;
  /** The present instant, ISO 8601. @default what depends on it is not checked */
  readonly now?: string;
}
