import { createHash } from "node:crypto";

/** What the sandbox has proved and production takes. Public: names, digests and instants only. */
export interface Passport {
  /** `r-` and twelve hexadecimal digits: the same release has the same id. */
  readonly id: string;
  /** The environment that proved it. */
  readonly environment: string;
  /** Image digest by application. */
  readonly release: Readonly<Record<string, string>>;
  /** Names of the variables and secrets that each application receives. */
  readonly configuration: Readonly<Record<string, readonly string[]>>;
  /** The program that declared the environment. */
  readonly program: { readonly files: string; readonly commit?: string };
  /** What the database of each application was migrated to, where the application says it. */
  readonly migrations: Readonly<Record<string, string>>;
  /** How the running environment was looked at; absent while nothing runs. */
  readonly verification?: Verification;
}

/** What the last look at a deployment found. There is none of a deployment that failed it. */
export interface Verification {
  /** When it ended, ISO 8601. */
  readonly at: string;
  /** Public addresses that answered. */
  readonly urls: readonly string[];
  /** Scripts and styles that carry values of the environment: names of the variables or hosts, never a value. */
  readonly baked: readonly BakedIn[];
}

/** A file of an application's front end that was built for one environment. */
export interface BakedIn {
  readonly application: string;
  /** Path of the script or style. */
  readonly file: string;
  /** What of the environment it carries: `host`, or a variable's name. */
  readonly carries: readonly string[];
}

/** The id of a release: whatever order its applications are named in. */
export function passportId(release: Passport["release"]): string {
  const lines = Object.entries(release)
    .map(([application, digest]) => `${application}=${digest}`)
    .sort();
  return `r-${createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 12)}`;
}
