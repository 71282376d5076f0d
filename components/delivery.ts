import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { NoticesSettings } from "../config/schema";
import { Commits } from "./commits";
import { type DeployedApplication, Deployment } from "./deployment";
import { GithubEnvironment } from "./github-environment";
import type { Scope } from "./names";
import { PreviewRole } from "./preview-role";
import { createRepository, Repository } from "./repository";
import { webhookSecretOf } from "./workflows/variables";

export interface DeliveryArgs {
  readonly scope: Scope;
  /** All environments, in the order of promotion. The first one builds, the others copy from the one before. */
  readonly order: readonly string[];
  /** The GitHub user or organisation that owns the repository. */
  readonly owner: string;
  /** The application's repository, without its owner. */
  readonly repository: string;
  /** Whether the first environment creates it. @default false: it exists */
  readonly create?: boolean;
  /**
   * Who sees a repository that is created. GitHub sells reviewers and branch rules of private ones separately:
   * without such a plan production's `up` is refused. @default private
   */
  readonly visibility?: "private" | "public";
  /** The branch that is deployed. */
  readonly branch: string;
  /** Logins of those who may approve. */
  readonly reviewers: readonly string[];
  /** Whether one of them has to. */
  readonly reviewed: boolean;
  /** Whether this stack declares what belongs to the repository and not to an environment. */
  readonly common: boolean;
  /** The applications of this environment. None: there is no deploy workflow, and nothing for it. */
  readonly applications: Readonly<Record<string, DeployedApplication>>;
  /** Who is told when a workflow failed. */
  readonly notices: NoticesSettings;
  /** URL of the webhook for failed runs. @default none: a failed run's summary says that nobody was told */
  readonly webhook?: pulumi.Input<string>;
  /** The repository with the stack itself, of the same owner. @default none: no role previews it */
  readonly stack?: string | undefined;
  /**
   * Whether this stack makes GitHub's tokens known to the AWS account, which takes that once: where two
   * environments share an account, the second says false. @default true
   */
  readonly registersIssuer?: boolean;
}

/** How the application's repository reaches this environment: environment, roles, deploy workflow. */
export class Delivery extends pulumi.ComponentResource {
  /** The role that the deploy workflow takes on; none without applications. */
  public readonly roleArn: pulumi.Output<string> | undefined;
  /** The role that pull requests of the stack's own repository take on; none where it is not named. */
  public readonly previewRoleArn: pulumi.Output<string> | undefined;
  /** Paths of the workflows in the repository. */
  public readonly workflows: readonly string[];

  constructor(name: string, args: DeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:delivery:Delivery", name, {}, opts);
    const { scope, order, branch, reviewed, reviewers, applications } = args;
    const child = { parent: this };
    const step = order.indexOf(scope.environment);

    checkBranch(args);
    const repository = theRepository(name, args, child);
    const commits = new Commits(repository, branch);
    const environment = new GithubEnvironment(
      name,
      { repository, environment: scope.environment, branch, reviewers: reviewed ? reviewers : [] },
      child,
    );
    const after = webhookSecret(name, repository, args, child);
    const deployment =
      Object.keys(applications).length === 0
        ? undefined
        : new Deployment(
            `${name}-deploy`,
            {
              ...args,
              repository,
              environment,
              commits,
              source: order[step - 1],
              target: order[step + 1],
              after,
            },
            child,
          );
    if (args.common) new Repository(`${name}-repository`, { commits }, child);

    this.roleArn = deployment?.roleArn;
    this.previewRoleArn = previewRole(name, args, deployment, this);
    this.workflows = deployment ? [deployment.workflow] : [];
    this.registerOutputs({
      roleArn: this.roleArn,
      previewRoleArn: this.previewRoleArn,
      workflows: this.workflows,
    });
  }
}

/** After the deployment, which registers GitHub's tokens with the account where there is one. */
function previewRole(
  name: string,
  { scope, owner, stack, registersIssuer = true }: DeliveryArgs,
  deployment: Deployment | undefined,
  parent: pulumi.Resource,
): pulumi.Output<string> | undefined {
  if (stack === undefined) return undefined;
  return new PreviewRole(
    `${name}-preview`,
    {
      scope,
      owner,
      repository: stack,
      registersIssuer: registersIssuer && deployment === undefined,
    },
    { parent, dependsOn: deployment ? [deployment] : [] },
  ).roleArn;
}

function theRepository(name: string, args: DeliveryArgs, opts: pulumi.CustomResourceOptions) {
  return args.create && args.scope.environment === args.order[0]
    ? createRepository(`${name}-repository`, args.repository, args.visibility ?? "private", opts)
    : pulumi.output(args.repository);
}

/** @throws where the repository is to be created and the branch is none that it would have. */
export function checkBranch({ create, branch }: Pick<DeliveryArgs, "create" | "branch">): void {
  if (create && branch !== "main")
    throw new Error(
      `github.branch is "${branch}" and github.create is true; allowed: main, with which GitHub creates ` +
        "repositories; remedy: deploy main, or create the repository and its branch by hand",
    );
}

/**
 * A secret of the repository, not of the environment: a job that reads an environment's secrets waits for
 * its reviewers, and a notice that waits for somebody to look is none. Its name says the environment, so
 * that two stacks never write the same one.
 */
function webhookSecret(
  name: string,
  repository: pulumi.Output<string>,
  { scope, webhook }: DeliveryArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  if (webhook === undefined) return [];
  const secretName = webhookSecretOf(scope.environment);
  return [
    new github.ActionsSecret(
      `${name}-webhook`,
      { repository, secretName, value: pulumi.secret(webhook) },
      opts,
    ),
  ];
}
