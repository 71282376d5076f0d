import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { userId } from "./github-environment";
import type { Scope } from "./names";
import { githubIssuer, preview, WorkflowRole } from "./oidc";

export interface PreviewRoleArgs {
  readonly scope: Scope;
  /** The GitHub user or organisation that owns the repository. */
  readonly owner: string;
  /** The repository that holds the stack's own program and workflows, without its owner. It exists. */
  readonly repository: string;
  /** Whether the AWS account learns of GitHub's tokens here; it takes that once. */
  readonly registersIssuer: boolean;
}

/**
 * What the stack's own pull requests take on to preview this environment. Whoever may push a branch decides
 * what such a run does, so it reads names and no data; the state and its key are the operator's to open.
 */
export class PreviewRole extends pulumi.ComponentResource {
  public readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: PreviewRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:delivery:PreviewRole", name, {}, opts);
    const { scope, owner, repository } = args;
    // Asked and not managed: nothing of the repository belongs to an environment.
    const standing = github.getRepositoryOutput({ fullName: `${owner}/${repository}` }, { parent: this });

    this.roleArn = new WorkflowRole(
      name,
      {
        scope,
        role: "preview",
        description: `Previews ${scope.project} ${scope.environment} for pull requests of ${repository}`,
        providerArn: githubIssuer(name, scope, args.registersIssuer, this),
        workflows: pulumi.output({
          owner,
          ownerId: userId(owner, this),
          repository,
          repositoryId: standing.repoId.apply(String),
          pullRequests: true as const,
        }),
        statements: preview(scope),
      },
      { parent: this },
    ).roleArn;
    this.registerOutputs({ roleArn: this.roleArn });
  }
}
