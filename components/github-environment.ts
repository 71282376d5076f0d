import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { userId } from "./github-numbers";

export interface GithubEnvironmentArgs {
  /** The repository's name without its owner. */
  readonly repository: pulumi.Input<string>;
  /** The environment's name, for GitHub as for Pulumi. */
  readonly environment: string;
  /** The only branch whose workflows reach the environment. */
  readonly branch: string;
  /**
   * Logins of those who have to approve a run, one of them. Whoever is named no more is taken off by the next `up`.
   * Reviewers that an administrator removes on github.com stay in the state: its provider (6.15) reads protection
   * that is there and not that it is gone, so no refresh tells. @default nobody has to
   */
  readonly reviewers?: readonly string[];
}

/**
 * An environment of a repository, with its protection. The branch rule stands in every environment: a
 * workflow's token names its environment and not its branch, so this rule is all that keeps workflows of
 * other branches from the AWS role.
 */
export class GithubEnvironment extends pulumi.ComponentResource {
  /** The environment's name, once it stands with its branch rule. */
  public readonly environment: pulumi.Output<string>;
  /** The repository's number on GitHub, which outlives a rename. */
  public readonly repositoryId: pulumi.Output<number>;

  constructor(name: string, args: GithubEnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:delivery:GithubEnvironment", name, {}, opts);
    const { repository, branch, reviewers = [] } = args;
    const users = [...reviewers].sort().map((login) => userId(login, this).apply(Number));

    const environment = new github.RepositoryEnvironment(
      name,
      {
        repository,
        environment: args.environment,
        deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true },
        canAdminsBypass: false,
        ...(users.length > 0 ? { reviewers: [{ users }] } : {}),
      },
      { parent: this },
    );
    const policy = new github.RepositoryEnvironmentDeploymentPolicy(
      `${name}-branch`,
      { repository, environment: environment.environment, branchPattern: branch },
      { parent: this },
    );

    this.environment = pulumi.all([environment.environment, policy.id]).apply(([standing]) => standing);
    this.repositoryId = environment.repositoryId;
    this.registerOutputs({ environment: this.environment, repositoryId: this.repositoryId });
  }
}
