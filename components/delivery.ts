import * as pulumi from "@pulumi/pulumi";
import type { NoticesSettings } from "../config/schema";
import { type Ground, groundOf } from "./delivery-ground";
import {
  declareButtons,
  declareRepository,
  declareSites,
  deploy,
  previewRole,
  watch,
} from "./delivery-parts";
import type { DeployedApplication } from "./deployment";
import { GithubEnvironment, type GithubEnvironmentArgs } from "./github-environment";
import type { StartableTasks } from "./job-buttons";
import type { Switches } from "./maintenance-button";
import type { Scope } from "./names";
import type { ReportLanguage } from "./reports";
import type { DeployedSite } from "./site";

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
  /** What people and GitHub's clock start. @default nothing */
  readonly jobs?: StartableTasks | undefined;
  /** What people close and open. @default nothing */
  readonly switches?: Switches | undefined;
  /** The static sites of this environment, by key. @default none */
  readonly sites?: Readonly<Record<string, DeployedSite>>;
  /** Who is told when a workflow failed. */
  readonly notices: NoticesSettings;
  /** URL of the webhook for failed runs. @default none: a failed run's summary says that nobody was told */
  readonly webhook?: pulumi.Input<string> | undefined;
  /** The mail server for failed runs, `smtps://user:password@host:465`. @default none: workflows send no mail */
  readonly smtp?: pulumi.Input<string> | undefined;
  /**
   * The repository with the stack itself, of the same owner: its pull requests may preview, and it runs `up`.
   * @default none is named
   */
  readonly stack?: string | undefined;
  /** A token that may start workflows of `stack`. @default the workflow's own */
  readonly dispatch?: pulumi.Input<string> | undefined;
  /** The GitHub App that runs `up`. @default administrators of the repository */
  readonly appId?: number | undefined;
  /** Approvals that a pull request needs. @default 0 */
  readonly approvals?: number;
  /** What Dependabot keeps up to date. @default github-actions */
  readonly ecosystems?: readonly string[];
  /** The language of the form for users' reports. @default none: no form */
  readonly reports?: ReportLanguage | undefined;
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
  /** The role that reads the images for the next environment; none where there is no next one. */
  public readonly imagesReaderRoleArn: pulumi.Output<string> | undefined;
  /** The role that pull requests of the stack's own repository take on; none where it is not named. */
  public readonly previewRoleArn: pulumi.Output<string> | undefined;
  /** Paths of the workflows in the repository. */
  public readonly workflows: readonly string[];

  constructor(name: string, args: DeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:delivery:Delivery", name, {}, opts);
    checkBranch(args);
    const ground = groundOf(name, args, this);
    const environment = new GithubEnvironment(name, environmentArgs(ground), { parent: this });
    const deployment = deploy(ground, environment);
    declareButtons(ground);
    declareSites(ground);
    const preview = previewRole(ground);
    watch(ground);
    if (args.common) declareRepository(ground);

    this.roleArn = deployment?.roleArn;
    this.imagesReaderRoleArn = deployment?.readerRoleArn;
    this.previewRoleArn = preview?.roleArn;
    this.workflows = ground.places.home.commits.workflows.map(({ file }) => file);
    this.registerOutputs({
      roleArn: this.roleArn,
      previewRoleArn: this.previewRoleArn,
      workflows: this.workflows,
    });
  }
}

function environmentArgs({ args, places: { home } }: Ground): GithubEnvironmentArgs {
  const { scope, branch, reviewed, reviewers } = args;
  return {
    repository: home.commits.repository,
    environment: scope.environment,
    branch,
    reviewers: reviewed ? reviewers : [],
  };
}

/** @throws where the repository is to be created and the branch is none that it would have. */
export function checkBranch({ create, branch }: Pick<DeliveryArgs, "create" | "branch">): void {
  if (create && branch !== "main")
    throw new Error(
      `github.branch is "${branch}" and github.create is true; allowed: main, with which GitHub creates ` +
        "repositories; remedy: deploy main, or create the repository and its branch by hand",
    );
}
