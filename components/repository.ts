import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { Document } from "yaml";
import type { Commits } from "./commits";

export interface RepositoryArgs {
  /** Approvals that a pull request needs before it can be merged. @default 0: checks and one's own eyes */
  readonly approvals?: number;
  /**
   * The GitHub App that runs `up` and so must be able to write workflow files to the branch.
   * @default administrators of the repository
   */
  readonly appId?: number;
  /** What Dependabot keeps up to date, in its own words. None: no file. @default github-actions */
  readonly ecosystems?: readonly string[];
  /** What the stack commits to the branch: the rule comes after all of it. */
  readonly commits: Commits;
}

/** What belongs to the repository and not to one environment: declared once, by production. */
export class Repository extends pulumi.ComponentResource {
  constructor(name: string, args: RepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:repository:Repository", name, {}, opts);
    const { commits, ecosystems = ["github-actions"] } = args;
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
        { file: ".github/dependabot.yml", content: dependabotFile(ecosystems), what: "Dependabot" },
        child,
      );
    // Files first: on their way out, too, the rule goes before them.
    new github.RepositoryRuleset(
      `${name}-${branch}`,
      { repository, name: `tandem: ${branch}`, ...protection(branch, args.approvals ?? 0, args.appId) },
      { ...child, dependsOn: [...commits.files] },
    );

    this.registerOutputs({});
  }
}

const ADMINISTRATORS = 5;

/** No deletion, no rewritten history, changes by pull request; whoever runs `up` is exempt. */
export function protection(branch: string, approvals: number, appId?: number) {
  return {
    target: "branch",
    enforcement: "active",
    conditions: { refName: { includes: [`refs/heads/${branch}`], excludes: [] } },
    rules: {
      deletion: true,
      nonFastForward: true,
      pullRequest: { requiredApprovingReviewCount: approvals, requiredReviewThreadResolution: true },
    },
    bypassActors: [
      appId === undefined
        ? { actorType: "RepositoryRole", actorId: ADMINISTRATORS, bypassMode: "always" }
        : { actorType: "Integration", actorId: appId, bypassMode: "always" },
    ],
  };
}

/** Weekly updates; a version has to be a week old, by which time most poisoned ones have been found. */
export function dependabotFile(ecosystems: readonly string[]): string {
  const document = new Document({
    version: 2,
    updates: [...ecosystems].sort().map((ecosystem) => ({
      "package-ecosystem": ecosystem,
      directory: "/",
      schedule: { interval: "weekly" },
      cooldown: { "default-days": 7 },
    })),
  });
  document.commentBefore =
    " Declared by tandem: the next `pulumi up` undoes edits made here.\n" +
    " So it undoes bumps of actions in the deploy workflows: their pins are kept in tandem.";
  return document.toString({ lineWidth: 0 });
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
