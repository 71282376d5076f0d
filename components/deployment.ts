import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { NoticesSettings } from "../config/schema";
import { mapValues } from "./collections";
import type { Commits } from "./commits";
import { DeployRoles } from "./deploy-roles";
import type { GithubEnvironment } from "./github-environment";
import type { Scope } from "./names";
import type { StackRepository } from "./workflows/ask";
import { deployFile, deployWorkflow } from "./workflows/deploy";
import type { Proof } from "./workflows/proof";
import { DISPATCH_TOKEN, published, REGION, ROLE, registryOf } from "./workflows/variables";
import { serialise } from "./workflows/workflow";

/** Where the images of one application come from and go. */
export interface DeployedApplication {
  /** Where it stands in the repository: `.`, or a path without a slash at its ends. */
  readonly directory: string;
  /** How its image is proved before it is released. @default the build is the only proof */
  readonly proof?: Proof | undefined;
  readonly repositoryUrl: pulumi.Input<string>;
  readonly repositoryArn: pulumi.Input<string>;
}

export interface DeploymentArgs {
  readonly scope: Scope;
  /** The GitHub user or organisation that owns the repository. */
  readonly owner: string;
  /** The repository's name without its owner. */
  readonly repository: pulumi.Output<string>;
  /** The GitHub environment that the workflow runs in. */
  readonly environment: GithubEnvironment;
  /** The branch that is deployed. */
  readonly branch: string;
  /** Where its workflow is committed. */
  readonly commits: Commits;
  /** Who is told when it failed. */
  readonly notices: NoticesSettings;
  /** The environment that images are copied from. @default none: they are built */
  readonly source?: string | undefined;
  /** The environment that copies images from here. @default none */
  readonly target?: string | undefined;
  /** The applications, at least one. */
  readonly applications: Readonly<Record<string, DeployedApplication>>;
  /** The repository with the stack, of the same owner: it does every `up`. @default none: its commands are printed */
  readonly stack?: string | undefined;
  /** Whether the applications live in that repository too. @default false */
  readonly sharesStack?: boolean;
  /** A token that may start workflows of `stack`. @default the workflow's own, where the repository is shared */
  readonly dispatch?: pulumi.Input<string> | undefined;
  /** Who vouches for GitHub's tokens in this account. */
  readonly providerArn: pulumi.Input<string>;
  /** What the workflow reads besides, and so must stand before it. */
  readonly after: readonly pulumi.Resource[];
}

/** The workflow that brings images into an environment, and all that it needs to be allowed to. */
export class Deployment extends pulumi.ComponentResource {
  /** The role that the workflow takes on. */
  public readonly roleArn: pulumi.Output<string>;
  /** The role that reads images for the next environment; none where there is no next one. */
  public readonly readerRoleArn: pulumi.Output<string> | undefined;
  /** Path of the workflow in the repository. */
  public readonly workflow: string;

  constructor(name: string, args: DeploymentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:delivery:Deployment", name, {}, opts);
    const { scope, branch, applications } = args;

    const roles = new DeployRoles(
      `${name}-roles`,
      {
        ...args,
        repositoryId: args.environment.repositoryId,
        registryArns: Object.keys(applications)
          .sort()
          .map((key) => (applications[key] as DeployedApplication).repositoryArn),
      },
      { parent: this },
    );
    const variables = [
      ...ownVariables(name, args, roles.ownArn, this),
      ...publishedVariables(name, args, roles.readerArn, this),
      ...dispatchToken(name, args, this),
    ];
    const content = deployWorkflow({
      environment: scope.environment,
      branch,
      applications: Object.entries(applications).map(([key, { directory, proof }]) => ({
        key,
        directory,
        proof,
      })),
      promotesFrom: args.source,
      stack: stackOf(args),
      notices: args.notices,
    });
    this.workflow = deployFile(scope.environment);
    // Last: a push may start it at once, and it finds all that it reads.
    args.commits.add(
      name,
      { file: this.workflow, content: serialise(content), what: content.name },
      { parent: this, dependsOn: [...args.after, ...variables] },
    );

    this.roleArn = roles.ownArn;
    this.readerRoleArn = roles.readerArn;
    this.registerOutputs({ roleArn: this.roleArn, workflow: this.workflow });
  }
}

function stackOf({ owner, stack, sharesStack = false }: DeploymentArgs): StackRepository | undefined {
  return stack === undefined ? undefined : { repository: `${owner}/${stack}`, shared: sharesStack };
}

/** The first environment's: whoever asks for a promotion uses it too, and waits for no reviewer there. */
function dispatchToken(
  name: string,
  { repository, environment: { environment }, source, dispatch }: DeploymentArgs,
  parent: pulumi.Resource,
): readonly pulumi.Resource[] {
  if (dispatch === undefined || source !== undefined) return [];
  const value = pulumi.secret(dispatch);
  return [
    new github.ActionsEnvironmentSecret(
      `${name}-dispatch`,
      { repository, environment, secretName: DISPATCH_TOKEN, value },
      { parent },
    ),
  ];
}

/** What this environment's workflow reads. */
function ownVariables(
  name: string,
  args: DeploymentArgs,
  roleArn: pulumi.Output<string>,
  parent: pulumi.Resource,
) {
  const { repository, scope } = args;
  const { environment } = args.environment;
  const values = { [REGION]: scope.region, [ROLE]: roleArn, ...addresses(args, registryOf) };
  return Object.values(
    mapValues(
      values,
      (value, variableName) =>
        new github.ActionsEnvironmentVariable(
          `${name}-${variableName}`,
          { repository, environment, variableName, value },
          { parent },
        ),
    ),
  );
}

/** What the next environment's workflow reads: nothing of it is secret, and no stack has to ask another. */
function publishedVariables(
  name: string,
  args: DeploymentArgs,
  roleArn: pulumi.Output<string> | undefined,
  parent: pulumi.Resource,
) {
  if (roleArn === undefined) return [];
  const { repository, scope } = args;
  const names = published(scope.environment);
  const values = {
    [names.region]: scope.region,
    [names.role]: roleArn,
    ...addresses(args, names.registryOf),
  };
  return Object.values(
    mapValues(
      values,
      (value, variableName) =>
        new github.ActionsVariable(
          `${name}-${variableName}`,
          { repository, variableName, value },
          { parent },
        ),
    ),
  );
}

function addresses({ applications }: DeploymentArgs, variable: (application: string) => string) {
  return Object.fromEntries(
    Object.entries(applications).map(([key, { repositoryUrl }]) => [variable(key), repositoryUrl]),
  );
}
