import * as pulumi from "@pulumi/pulumi";
import { standingRepository } from "./github-numbers";
import type { Scope } from "./names";
import { preview, WorkflowRole } from "./oidc";

export interface PreviewRoleArgs {
  readonly scope: Scope;
  /** The GitHub user or organisation that owns the repository. */
  readonly owner: string;
  /** The repository that holds the stack's own program and workflows, without its owner. It exists. */
  readonly repository: string;
  /** Who vouches for GitHub's tokens in this account. */
  readonly providerArn: pulumi.Input<string>;
}

/**
 * What the stack's own pull requests take on to preview this environment. Whoever may push a branch decides
 * what such a run does, so it reads names and no data; the state and its key are the operator's to open.
 */
export class PreviewRole extends pulumi.ComponentResource {
  public readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: PreviewRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:delivery:PreviewRole", name, {}, opts);
    const { scope, owner, repository, providerArn } = args;

    this.roleArn = new WorkflowRole(
      name,
      {
        scope,
        role: "preview",
        description: `Previews ${scope.project} ${scope.environment} for pull requests of ${repository}`,
        providerArn,
        workflows: standingRepository(owner, repository, this).apply((of) => ({
          ...of,
          pullRequests: true as const,
        })),
        statements: preview(scope),
      },
      { parent: this },
    ).roleArn;
    this.registerOutputs({ roleArn: this.roleArn });
  }
}
