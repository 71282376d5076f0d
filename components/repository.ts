import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { Document } from "yaml";

export interface RepositoryArgs {
  /** The repository's name without its owner. */
  readonly repository: pulumi.Input<string>;
  /** The branch that is deployed, and protected. */
  readonly branch: string;
  /** Approvals that a pull request needs before it can be merged. @default 0: checks and one's own eyes */
  readonly approvals?: number;
  /**
   * The GitHub App that runs `up` and so must be able to write workflow files to the branch.
   * @default administrators of the repository
   */
  readonly appId?: number;
  /** What Dependabot keeps up to date, in its own words. None: no file. @default github-actions */
  readonly ecosystems?: readonly string[];
  /** Files that others commit to the branch: GitHub takes one commit at a time, and the rule comes last. */
  readonly after?: readonly pulumi.Resource[];
}

/** What belongs to the repository and not to one environment: declared once, by production. */
export class Repository extends pulumi.ComponentResource {
  constructor(name: string, args: RepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:repository:Repository", name, {}, opts);
    const { repository, branch, ecosystems = ["github-actions"] } = args;
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
    const after = [...(args.after ?? [])];
    const files =
      ecosystems.length === 0 ? after : [dependabot(name, args, ecosystems, { ...child, dependsOn: after })];
    // Files first: on their way out, too, the rule goes before them.
    new github.RepositoryRuleset(
      `${name}-${branch}`,
      { repository, name: `tandem: ${branch}`, ...protection(branch, args.approvals ?? 0, args.appId) },
      { ...child, dependsOn: files },
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

function dependabot(
  name: string,
  { repository, branch }: RepositoryArgs,
  ecosystems: readonly string[],
  opts: pulumi.CustomResourceOptions,
): github.RepositoryFile {
  return new github.RepositoryFile(
    `${name}-dependabot`,
    {
      repository,
      branch,
      file: ".github/dependabot.yml",
      content: dependabotFile(ecosystems),
      commitMessage: "Dependabot as tandem declares it [skip ci]",
    },
    opts,
  );
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
