import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { JobSettings, NoticesSettings, ScheduleSettings } from "../config/schema";
import type { Commits } from "./commits";
import { GithubEnvironment } from "./github-environment";
import type { Door } from "./guard";
import type { Scope } from "./names";
import { type Statement, WorkflowRole } from "./oidc";
import { dataFile, dataWorkflow } from "./workflows/data";
import { doorEnvironment, GUARD_FUNCTION } from "./workflows/door";
import { jobsFile, jobsWorkflow } from "./workflows/jobs";
import { REGION, ROLE } from "./workflows/variables";
import { serialise, type ToldWorkflow } from "./workflows/workflow";

/** What an environment has that people and GitHub start: where to ask, and for what. */
export interface StartableTasks {
  /** The function that starts what is declared and does nothing else. */
  readonly guardFunction: Door;
  readonly jobs: Readonly<Record<string, Pick<JobSettings, "inputs">>>;
  /** The schedules that GitHub's clock starts and that are on. */
  readonly schedules: Readonly<Record<string, Pick<ScheduleSettings, "cron">>>;
}

export interface JobButtonsArgs extends StartableTasks {
  readonly scope: Scope;
  /** The GitHub user or organisation that owns the repository. */
  readonly owner: string;
  /** The owner's number, which outlives a rename. */
  readonly ownerId: pulumi.Input<string>;
  /** Where the workflows are committed: the application's repository and its default branch. */
  readonly commits: Commits;
  /** Who vouches for GitHub's tokens in this account. */
  readonly providerArn: pulumi.Input<string>;
  /** Who is told when a run failed. */
  readonly notices: NoticesSettings;
  /** What the workflows read besides, and so must stand before them. @default nothing */
  readonly after?: readonly pulumi.Resource[];
}

/** The buttons for jobs, and GitHub's clock for schedules: both ask the guard's door with a role that opens nothing else. */
export class JobButtons extends pulumi.ComponentResource {
  /** The role that the workflows take on. */
  public readonly roleArn: pulumi.Output<string>;
  /** Paths of the workflows in the repository. */
  public readonly workflows: readonly string[];

  constructor(name: string, args: JobButtonsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:delivery:JobButtons", name, {}, opts);
    const { scope, commits } = args;

    const environment = new GithubEnvironment(
      name,
      {
        repository: commits.repository,
        environment: doorEnvironment(scope.environment),
        branch: commits.branch,
      },
      { parent: this },
    );
    this.roleArn = declareRole(this, name, args, environment);
    const variables = declareVariables(this, name, args, environment, this.roleArn);
    const files = workflowsOf(args);
    for (const { role, file, workflow } of files)
      commits.add(
        `${name}-${role}`,
        { file, content: serialise(workflow), what: workflow.name },
        { parent: this, dependsOn: [...(args.after ?? []), ...variables] },
      );

    this.workflows = files.map(({ file }) => file);
    this.registerOutputs({ roleArn: this.roleArn, workflows: this.workflows });
  }
}

/** Whether there is anything for buttons or for GitHub's clock. */
export const hasButtons = ({ jobs, schedules }: Pick<StartableTasks, "jobs" | "schedules">): boolean =>
  Object.keys(jobs).length + Object.keys(schedules).length > 0;

interface WorkflowFile {
  /** What of this component it is. */
  readonly role: string;
  readonly file: string;
  readonly workflow: ToldWorkflow;
}

/** The files that there is something in. */
export function workflowsOf({
  scope: { environment },
  jobs,
  schedules,
  notices,
}: Pick<JobButtonsArgs, "jobs" | "schedules" | "notices"> & {
  readonly scope: Pick<Scope, "environment">;
}): readonly WorkflowFile[] {
  const buttons = { role: "jobs", file: jobsFile(environment) };
  const clock = { role: "data", file: dataFile(environment) };
  return [
    ...(Object.keys(jobs).length === 0
      ? []
      : [{ ...buttons, workflow: jobsWorkflow({ environment, jobs, notices }) }]),
    ...(Object.keys(schedules).length === 0
      ? []
      : [{ ...clock, workflow: dataWorkflow({ environment, schedules, notices }) }]),
  ];
}

function declareRole(
  parent: JobButtons,
  name: string,
  { scope, owner, ownerId, commits, providerArn, guardFunction }: JobButtonsArgs,
  { repositoryId }: GithubEnvironment,
): pulumi.Output<string> {
  return new WorkflowRole(
    `${name}-role`,
    {
      scope,
      role: "jobs",
      description: `Starts the declared jobs of ${scope.project} ${scope.environment}`,
      providerArn,
      workflows: pulumi.output({
        owner,
        ownerId,
        repository: commits.repository,
        repositoryId: repositoryId.apply(String),
        environment: doorEnvironment(scope.environment),
      }),
      statements: guardFunction.arn.apply(startJobs),
    },
    { parent },
  ).roleArn;
}

/** Asking this one function; which tasks there are, and what they may do, is not the asker's to say. */
const startJobs = (functionArn: string): readonly Statement[] => [
  { Sid: "AskTheGuard", Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [functionArn] },
];

function declareVariables(
  parent: JobButtons,
  name: string,
  { scope, commits, guardFunction }: JobButtonsArgs,
  { environment }: GithubEnvironment,
  roleArn: pulumi.Output<string>,
): readonly pulumi.Resource[] {
  const values = { [REGION]: scope.region, [ROLE]: roleArn, [GUARD_FUNCTION]: guardFunction.name };
  return Object.entries(values).map(
    ([variableName, value]) =>
      new github.ActionsEnvironmentVariable(
        `${name}-${variableName}`,
        { repository: commits.repository, environment, variableName, value },
        { parent },
      ),
  );
}
