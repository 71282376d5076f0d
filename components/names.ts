import { createHash } from "node:crypto";

/** Which project and environment a resource belongs to: what its name and tags say. */
export interface Scope {
  readonly project: string;
  /** `sandbox` or `prod`. */
  readonly environment: string;
  /** The AWS region everything stands in unless it says otherwise. */
  readonly region: string;
  /** The AWS account of this environment. */
  readonly accountId: string;
}

/**
 * A physical name: `<project>-<environment>-<role>`, cut to `max` characters. A cut name ends in six
 * characters of its own hash, so that two long names never meet.
 *
 * @param max the service's cap @default 63
 */
export function physicalName(scope: Scope, role: string, max = 63): string {
  const name = [scope.project, scope.environment, role].filter(Boolean).join("-");
  // As long as in the environment of the longest name: what is cut in one is cut in the other.
  if (name.length + Math.max(0, LONGEST - scope.environment.length) <= max) return name;
  const mark = createHash("sha256").update(name).digest("hex").slice(0, 6);
  return `${name.slice(0, max - 7).replace(/-+$/, "")}-${mark}`;
}

const LONGEST = "sandbox".length;

/** A path-like name for log groups, parameters and secrets: `/<project>/<environment>/<role>`. */
export function pathName(scope: Scope, ...roles: readonly string[]): string {
  return `/${[scope.project, scope.environment, ...roles].join("/")}`;
}

/** The tags of every resource that takes tags. */
export function tags(scope: Scope, role: string): Record<string, string> {
  return {
    Name: physicalName(scope, role, 255),
    Project: scope.project,
    Environment: scope.environment,
    ManagedBy: "tandem",
  };
}
