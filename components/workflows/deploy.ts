import type { NoticesSettings } from "../../config/schema";
import { type BuiltApplication, build } from "./build";
import { noticeTarget, withFailureNotice } from "./notice";
import { promote } from "./promote";
import type { ToldWorkflow } from "./workflow";

/** What the deploy workflow of one environment is made from. */
export interface DeployArgs {
  /** `sandbox` or `prod`: the GitHub environment and the Pulumi stack. */
  readonly environment: string;
  /** The branch that is deployed. */
  readonly branch: string;
  /** The applications, in any order. */
  readonly applications: readonly BuiltApplication[];
  /** Who is told when a run failed. */
  readonly notices: NoticesSettings;
  /** The environment whose images are copied. @default none: images are built */
  readonly promotesFrom?: string | undefined;
}

/**
 * Brings images into the environment's registry, and ends there: it prints the digest and the command
 * that releases it. Every push to the branch builds for the sandbox; production takes, by hand and behind
 * its reviewers, a digest that the sandbox ran.
 */
export function deployWorkflow(args: DeployArgs): ToldWorkflow {
  const { environment, branch, promotesFrom } = args;
  const applications = [...args.applications].sort((one, other) => (one.key < other.key ? -1 : 1));
  const parts =
    promotesFrom === undefined
      ? build(environment, branch, applications)
      : promote(
          environment,
          promotesFrom,
          applications.map(({ key }) => key),
        );
  const workflow = {
    name: `deploy ${environment}`,
    ...parts,
    // What runs is never cut off; of several that wait GitHub keeps the newest, and nobody is told of the others.
    concurrency: { group: `deploy-${environment}`, "cancel-in-progress": false },
  };
  return withFailureNotice(workflow, noticeTarget(environment, args.notices));
}

/** Where the workflow's file stands in the repository. */
export const deployFile = (environment: string): string => `.github/workflows/deploy-${environment}.yml`;
