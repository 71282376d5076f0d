import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { Commits } from "./commits";
import { dependabotFile } from "./dependabot";
import { REPORT_FILE, type ReportLanguage, reportForm, USER_REPORT } from "./reports";

export interface RepositoryArgs {
  /** Approvals that a pull request needs before it can be merged. @default 0: checks and one's own eyes */
  readonly approvals?: number;
  /**
   * The GitHub App that runs `up` and so must be able to write workflow files to the branch.
   * @default administrators of the repository
   */
  readonly appId?: number | undefined;
  /** What Dependabot keeps up to date, in its own words. None: no file. @default github-actions */
  readonly ecosystems?: readonly string[];
  /** Where it looks: the directories of what the repository holds. @default the top */
  readonly directories?: readonly string[];
  /** The language of the form with which users report a problem. @default none: no form and no label */
  readonly reports?: ReportLanguage | undefined;
  /** What the stack commits to the branch: the rule comes after all of it. */
  readonly commits: Commits;
}

/** What belongs to the repository and not to one environment: declared once, by production. */
export class Repository extends pulumi.ComponentResource {
  constructor(name: string, args: RepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:repository:Repository", name, {}, opts);
    const { commits, ecosystems = ["github-actions"], directories = [], reports } = args;
    const { repository, branch } = commits;
    const child = { parent: this };

    new github.ActionsRepositoryPermissions(
      `${name}-actions`,
      { repository, enabled: true, allowedActions: "all", shaPinningRequired: true },
      child,
    );
    new github.WorkflowRepositoryPermissions(
      `${name}-token`,
      { repository, defaultWorkflowPermissions: "read", canApprovePullRequestReviews: false },
      child,
    );
    const alerts = new github.RepositoryVulnerabilityAlerts(
      `${name}-alerts`,
      { repository, enabled: true },
      child,
    );
    // GitHub refuses these without the alerts.
    new github.RepositoryDependabotSecurityUpdates(
      `${name}-security-updates`,
      { repository, enabled: true },
      { ...child, dependsOn: alerts },
    );
    if (ecosystems.length > 0)
      commits.add(
        `${name}-dependabot`,
        {
          file: ".github/dependabot.yml",
          content: dependabotFile({ ecosystems, directories }),
          what: "Dependabot",
        },
        child,
      );
    if (reports !== undefined) declareReports(name, commits, reports, this);
    // Files first: on their way out, too, the rule goes before them.
    new github.RepositoryRuleset(
      `${name}-${branch}`,
      { repository, name: `tandem: ${branch}`, ...protection(branch, args.approvals ?? 0, args.appId) },
      { ...child, dependsOn: [...commits.files] },
    );

    this.registerOutputs({});
  }
}

/** GitHub leaves out a label that does not exist when a form asks for it: the label comes first. */
function declareReports(
  name: string,
  commits: Commits,
  language: ReportLanguage,
  parent: pulumi.Resource,
): void {
  const { repository } = commits;
  const label = new github.IssueLabel(`${name}-user-report`, { repository, ...USER_REPORT }, { parent });
  commits.add(
    `${name}-report`,
    { file: REPORT_FILE, content: reportForm(language), what: "Form for reports" },
    { parent, dependsOn: [label] },
  );
}

const ADMINISTRATORS = 5;

/**
 * No deletion, no rewritten history, changes by pull request; whoever runs `up` is exempt. Where approvals are asked
 * for, they are given to what is merged: not to an earlier state of it, and not by who pushed last.
 *
 * No check is required: tandem's workflows run once a change is on the branch, and a required check that never runs
 * blocks every request. How branches are merged stays the team's.
 */
export function protection(branch: string, approvals: number, appId?: number) {
  return {
    target: "branch",
    enforcement: "active",
    conditions: { refName: { includes: [`refs/heads/${branch}`], excludes: [] } },
    rules: {
      deletion: true,
      nonFastForward: true,
      pullRequest: {
        requiredApprovingReviewCount: approvals,
        requiredReviewThreadResolution: true,
        dismissStaleReviewsOnPush: approvals > 0,
        requireLastPushApproval: approvals > 0,
      },
    },
    bypassActors: [
      appId === undefined
        ? { actorType: "RepositoryRole", actorId: ADMINISTRATORS, bypassMode: "always" }
        : { actorType: "Integration", actorId: appId, bypassMode: "always" },
    ],
  };
}

/** A new repository, kept by GitHub when the stack goes. A sandbox is thrown away, its code is not. */
export function createRepository(
  name: string,
  repository: string,
  visibility: "private" | "public",
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  return new github.Repository(
    name,
    { name: repository, visibility, autoInit: true, hasIssues: true, deleteBranchOnMerge: true },
    { ...opts, retainOnDelete: true },
  ).name;
}
