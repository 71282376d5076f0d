import type { NoticesSettings } from "../../config/schema";
import { promotionButton, type StackRepository } from "./ask";
import { type BuiltApplication, build } from "./build";
import { noticeTarget, withFailureNotice } from "./notice";
import { promote } from "./promote";
import type { ToldWorkflow, Workflow } from "./workflow";

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
  /** The repository that brings environments up. @default none: the commands are printed, and images copied here */
  readonly stack?: StackRepository | undefined;
}

/**
 * Brings images into the environment's registry. Every push to the branch builds for the sandbox and proves what was
 * built; production takes, by hand and behind its reviewers, a digest that the sandbox ran. What brings environments up
 * is the stack: its repository is asked where there is one, and its commands are printed where not.
 */
export function deployWorkflow(args: DeployArgs): ToldWorkflow {
  const { environment } = args;
  const applications = [...args.applications].sort((one, other) => (one.key < other.key ? -1 : 1));
  const workflow = {
    name: `deploy ${environment}`,
    ...parts(args, applications),
    // What runs is never cut off; of several that wait GitHub keeps the newest, and nobody is told of the others.
    concurrency: { group: `deploy-${environment}`, "cancel-in-progress": false },
  };
  return withFailureNotice(workflow, noticeTarget(environment, args.notices));
}

function parts(
  { environment, branch, promotesFrom, stack }: DeployArgs,
  applications: readonly BuiltApplication[],
): Pick<Workflow, "on" | "jobs"> {
  if (promotesFrom === undefined) return build(environment, branch, applications, stack);
  if (stack !== undefined) return promotionButton(environment, promotesFrom, stack);
  return promote(
    environment,
    promotesFrom,
    applications.map(({ key }) => key),
  );
}

/** Where the workflow's file stands in the repository. */
export const deployFile = (environment: string): string => `.github/workflows/deploy-${environment}.yml`;
