import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { NoticesSettings } from "../config/schema";
import type { Commits } from "./commits";
import { GithubEnvironment } from "./github-environment";
import type { Scope } from "./names";
import { type Statement, WorkflowRole } from "./oidc";
import {
  maintenanceFile,
  maintenanceWorkflow,
  SWITCHES_BUCKET,
  SWITCHES_HOSTS,
  switchesEnvironment,
} from "./workflows/maintenance";
import { REGION, ROLE } from "./workflows/variables";
import { serialise } from "./workflows/workflow";

/** What can be closed, and where its switches are. */
export interface Switches {
  readonly bucket: pulumi.Input<string>;
  readonly arn: pulumi.Input<string>;
  /** The applications that the public reaches, with a host of each; none where a login stands before it. */
  readonly applications: Readonly<Record<string, string | undefined>>;
}

export interface MaintenanceButtonArgs {
  readonly scope: Scope;
  /** The GitHub user or organisation that owns the repository. */
  readonly owner: string;
  /** The owner's number, which outlives a rename. */
  readonly ownerId: pulumi.Input<string>;
  /** Where the workflow is committed: the application's repository and its default branch. */
  readonly commits: Commits;
  /** Who vouches for GitHub's tokens in this account. */
  readonly providerArn: pulumi.Input<string>;
  readonly switches: Switches;
  /** Who is told when a run failed. */
  readonly notices: NoticesSettings;
  /** What the workflow reads besides, and so must stand before it. @default nothing */
  readonly after?: readonly pulumi.Resource[];
}

/** The button for maintenance, with a role that turns these switches and does nothing else. */
export class MaintenanceButton extends pulumi.ComponentResource {
  /** The role that the workflow takes on. */
  public readonly roleArn: pulumi.Output<string>;
  /** Path of the workflow in the repository. */
  public readonly workflow: string;

  constructor(name: string, args: MaintenanceButtonArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:delivery:MaintenanceButton", name, {}, opts);
    const { scope, commits, notices, switches } = args;

    const environment = new GithubEnvironment(
      name,
      {
        repository: commits.repository,
        environment: switchesEnvironment(scope.environment),
        branch: commits.branch,
      },
      { parent: this },
    );
    this.roleArn = declareRole(this, name, args, environment);
    const variables = declareVariables(this, name, args, environment, this.roleArn);
    const content = maintenanceWorkflow({
      environment: scope.environment,
      applications: Object.keys(switches.applications),
      notices,
    });
    this.workflow = maintenanceFile(scope.environment);
    commits.add(
      name,
      { file: this.workflow, content: serialise(content), what: content.name },
      { parent: this, dependsOn: [...(args.after ?? []), ...variables] },
    );

    this.registerOutputs({ roleArn: this.roleArn, workflow: this.workflow });
  }
}

function declareRole(
  parent: MaintenanceButton,
  name: string,
  { scope, owner, ownerId, commits, providerArn, switches }: MaintenanceButtonArgs,
  { repositoryId }: GithubEnvironment,
): pulumi.Output<string> {
  return new WorkflowRole(
    `${name}-role`,
    {
      scope,
      role: "switches",
      description: `Closes and opens applications of ${scope.project} ${scope.environment}`,
      providerArn,
      workflows: pulumi.output({
        owner,
        ownerId,
        repository: commits.repository,
        repositoryId: repositoryId.apply(String),
        environment: switchesEnvironment(scope.environment),
      }),
      statements: pulumi.output(switches.arn).apply(turnSwitches),
    },
    { parent },
  ).roleArn;
}

/** Writing and deleting switches. It reads none: what is on, the public sees. */
export const turnSwitches = (arn: string): readonly Statement[] => [
  {
    Sid: "TurnSwitches",
    Effect: "Allow",
    Action: ["s3:PutObject", "s3:DeleteObject"],
    Resource: [`${arn}/maintenance/*`],
  },
];

function declareVariables(
  parent: MaintenanceButton,
  name: string,
  { scope, commits, switches }: MaintenanceButtonArgs,
  { environment }: GithubEnvironment,
  roleArn: pulumi.Output<string>,
): readonly pulumi.Resource[] {
  const values = {
    [REGION]: scope.region,
    [ROLE]: roleArn,
    [SWITCHES_BUCKET]: switches.bucket,
    [SWITCHES_HOSTS]: JSON.stringify(switches.applications),
  };
  return Object.entries(values).map(
    ([variableName, value]) =>
      new github.ActionsEnvironmentVariable(
        `${name}-${variableName}`,
        { repository: commits.repository, environment, variableName, value },
        { parent },
      ),
  );
}
