import * as pulumi from "@pulumi/pulumi";
import { standingRepository, userId } from "./github-numbers";
import type { Scope } from "./names";
import { pullImages, pushImages, type TrustedRepository, WorkflowRole } from "./oidc";

export interface DeployRolesArgs {
  readonly scope: Scope;
  /** The GitHub user or organisation that owns the repository. */
  readonly owner: string;
  /** The repository's name without its owner. */
  readonly repository: pulumi.Input<string>;
  /** The repository's number on GitHub. */
  readonly repositoryId: pulumi.Input<number>;
  /** The environment that copies images from here. @default none */
  readonly target?: string | undefined;
  /** The registries of this environment. */
  readonly registryArns: readonly pulumi.Input<string>[];
  /** The repository with the stack, of the same owner, where it is another one. @default none is named */
  readonly stack?: string | undefined;
  /** Who vouches for GitHub's tokens in this account. */
  readonly providerArn: pulumi.Input<string>;
}

/** What the deploy workflows may do in this account: this environment's, and the next one's. */
export class DeployRoles extends pulumi.ComponentResource {
  /** For this environment's workflow: it adds images. */
  public readonly ownArn: pulumi.Output<string>;
  /** For the next environment's workflow, wherever its own account is: it reads images. */
  public readonly readerArn: pulumi.Output<string> | undefined;

  constructor(name: string, args: DeployRolesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:delivery:DeployRoles", name, {}, opts);
    const { scope, target, providerArn } = args;
    const registries = pulumi.all([...args.registryArns]);
    const repository = applicationRepository(args, this);

    this.ownArn = new WorkflowRole(
      `${name}-own`,
      {
        scope,
        role: "deploy",
        description: `Adds images to the registries of ${scope.project} ${scope.environment}`,
        providerArn,
        workflows: repository.apply((of) => ({ ...of, environment: scope.environment })),
        statements: registries.apply(pushImages),
      },
      { parent: this },
    ).roleArn;
    this.readerArn =
      target === undefined
        ? undefined
        : new WorkflowRole(
            `${name}-reader`,
            {
              scope,
              role: "images-reader",
              description: `Reads the images of ${scope.project} ${scope.environment} for ${target}`,
              providerArn,
              // The image is copied by the application's repository, or by the stack's as a part of its `up`.
              workflows: pulumi
                .all([repository, stackRepository(args, this)])
                .apply(([own, others]) => [own, ...others].map((of) => ({ ...of, environment: target }))),
              statements: registries.apply(pullImages),
            },
            { parent: this },
          ).roleArn;
    this.registerOutputs({ ownArn: this.ownArn, readerArn: this.readerArn });
  }
}

function applicationRepository(
  { owner, repository, repositoryId }: DeployRolesArgs,
  parent: pulumi.Resource,
): pulumi.Output<TrustedRepository> {
  return pulumi.output({
    owner,
    ownerId: userId(owner, parent),
    repository,
    repositoryId: pulumi.output(repositoryId).apply(String),
  });
}

/** None where the stack lives with the application: that repository may not even stand yet. */
function stackRepository(
  { owner, repository, stack }: DeployRolesArgs,
  parent: pulumi.Resource,
): pulumi.Output<readonly TrustedRepository[]> {
  if (stack === undefined) return pulumi.output([]);
  return pulumi
    .output(repository)
    .apply((application) =>
      application === stack ? pulumi.output([]) : pulumi.all([standingRepository(owner, stack, parent)]),
    );
}
