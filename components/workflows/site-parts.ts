import type { NoticesSettings, SiteSettings } from "../../config/schema";
import type { Script } from "./site-scripts";
import { type ActionStep, expression, type RunStep } from "./workflow";

export interface SiteWorkflowArgs {
  /** `sandbox` or `prod`. */
  readonly environment: string;
  /** The site's key in the configuration. */
  readonly key: string;
  /** The branch that is compiled and uploaded. */
  readonly branch: string;
  readonly settings: Pick<
    SiteSettings,
    "host" | "target" | "directory" | "compile" | "output" | "node" | "python" | "variables"
  >;
  /** Whether the upload sends search engines away; in front of a bucket somebody else does. @default false */
  readonly noindex?: boolean;
  /** Who is told when it failed. */
  readonly notices: NoticesSettings;
}

/** The GitHub environment that a site is uploaded from. */
export const siteEnvironment = (environment: string, key: string): string => `${environment}-site-${key}`;

/** Where the public reaches it: what is compiled knows it as BASE_URL. */
export const siteUrl = ({ host }: Pick<SiteSettings, "host">): string => `https://${host}`;

/** A text of the configuration as GitHub hands it on: an expression in it stays a text. */
export const verbatim = (text: string): string => text.replaceAll("${{", expression("'${{'"));

export const setUpNode = (version: string): ActionStep => ({
  name: "Set up Node",
  uses: "actions/setup-node",
  with: { "node-version": version, "package-manager-cache": false },
  "timeout-minutes": 5,
});

/** A script as a step, with those of the variables that it reads. */
export function stepOf(
  { name, minutes, run }: Script,
  variables: Readonly<Record<string, string>> = {},
): RunStep {
  const read = Object.entries(variables).filter(
    ([variable]) => /^CLOUDFLARE_/.test(variable) || new RegExp(`\\$\\{?${variable}\\b`).test(run),
  );
  return {
    name,
    ...(read.length === 0 ? {} : { env: Object.fromEntries(read) }),
    "timeout-minutes": minutes,
    run,
  };
}

/** A path below a directory; either may be `.`. */
export const pathBelow = (directory: string, output: string): string =>
  [directory, output].filter((part) => part !== ".").join("/") || ".";
