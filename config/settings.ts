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
  /** Image digests by application: said by the sandbox, taken from the passport by production. */
  readonly release: Readonly<Record<string, string>>;
}

/** Configuration as Pulumi hands it over: JSON texts by full key, and which of them were encrypted. */
export interface RawConfiguration {
  readonly project: string;
  readonly stack: string;
  readonly values: Readonly<Record<string, string>>;
  readonly encrypted: (key: string) => boolean;
}
