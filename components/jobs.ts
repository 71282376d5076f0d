import * as pulumi from "@pulumi/pulumi";
import type { JobSettings } from "../config/schema";
import { mapValues } from "./collections";
import { jobLabels } from "./guard/labels";
import type { Scope } from "./names";
import { type RunnableApplication, runnable, taskArgs, withDefaults } from "./runnable";
import { Task } from "./task";

export interface JobsArgs {
  readonly scope: Scope;
  readonly jobs: Readonly<Record<string, JobSettings>>;
  readonly applications: Readonly<Record<string, RunnableApplication>>;
}

/**
 * What people start by hand: a task definition for each. The guard's door starts one with its inputs as overrides
 * of the container's variables; the guard ends it after its time and tells of its failure.
 */
export class Jobs extends pulumi.ComponentResource {
  /** The present revisions, by key. */
  public readonly taskDefinitionArns: Readonly<Record<string, pulumi.Output<string>>>;
  /** What to start, by key: the family stands for its newest revision. */
  public readonly families: Readonly<Record<string, string>>;
  public readonly logGroupNames: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: JobsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:jobs:Jobs", name, {}, opts);

    const tasks = mapValues(args.jobs, (settings, key) => declareTask(this, name, args, key, settings));

    this.taskDefinitionArns = mapValues(tasks, ({ taskDefinitionArn }) => taskDefinitionArn);
    this.families = mapValues(tasks, ({ family }) => family);
    this.logGroupNames = mapValues(tasks, ({ logGroupName }) => logGroupName);
    this.registerOutputs({ taskDefinitionArns: this.taskDefinitionArns, families: this.families });
  }
}

function declareTask(
  parent: Jobs,
  name: string,
  { scope, applications }: JobsArgs,
  key: string,
  settings: JobSettings,
): Task {
  const application = runnable(applications, `Job "${key}"`, settings.application);
  return new Task(
    `${name}-${key}`,
    {
      ...taskArgs(scope, "job", key, settings, {
        ...application,
        environment: withDefaults(application.environment, settings),
      }),
      labels: jobLabels(settings),
    },
    { parent },
  );
}
