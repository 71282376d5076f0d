import * as pulumi from "@pulumi/pulumi";
import { userId } from "./github-environment";
import type { Scope } from "./names";
import { githubIssuer, pullImages, pushImages, WorkflowRole } from "./oidc";

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
  /** Whether the AWS account learns of GitHub's tokens here; it takes that once. @default true */
  readonly registersIssuer?: boolean;
}

/** What the deploy workflows may do in this account: this environment's, and the next one's. */
export class DeployRoles extends pulumi.ComponentResource {
  /** For this environment's workflow: it adds images. */
  public readonly ownArn: pulumi.Output<string>;
  /** For the next environment's workflow, wherever its own account is: it reads images. */
  public readonly readerArn: pulumi.Output<string> | undefined;

  constructor(name: string, args: DeployRolesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:delivery:DeployRoles", name, {}, opts);
    const { scope, target } = args;
    const registries = pulumi.all([...args.registryArns]);
    const providerArn = githubIssuer(name, scope, args.registersIssuer ?? true, this);
    const ownerId = userId(args.owner, this);
    const workflowsIn = (environment: string) => workflows(args, ownerId, environment);

    this.ownArn = new WorkflowRole(
      `${name}-own`,
      {
        scope,
        role: "deploy",
        description: `Adds images to the registries of ${scope.project} ${scope.environment}`,
        providerArn,
        workflows: workflowsIn(scope.environment),
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
              workflows: workflowsIn(target),
              statements: registries.apply(pullImages),
            },
            { parent: this },
          ).roleArn;
    this.registerOutputs({ ownArn: this.ownArn, readerArn: this.readerArn });
  }
}

function workflows(
  { owner, repository, repositoryId }: DeployRolesArgs,
  ownerId: pulumi.Output<string>,
  environment: string,
) {
  return pulumi.output({
    owner,
    ownerId,
    repository,
    repositoryId: pulumi.output(repositoryId).apply(String),
    environment,
  });
}
