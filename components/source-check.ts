import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { JobSettings, SourceSettings } from "../config/schema";
import type { Scope } from "./names";
import { sourceLog, sourceRole } from "./release/policy";
import type { Releaser } from "./releaser";
import { type RunnableApplication, taskArgs, withDefaults } from "./runnable";
import { type ContainerEnvironment, Task } from "./task";

export interface SourceCheckArgs {
  readonly scope: Scope;
  /** The application that reads the source: its containers are to find the new values. */
  readonly application: RunnableApplication;
  /** Key of the source. */
  readonly source: string;
  readonly settings: SourceSettings;
  /** The job that checks it; configuration has refused one that is not there. */
  readonly job: JobSettings | undefined;
  /** Whether the application runs: what does not run switches nothing. */
  readonly runs: boolean;
  readonly releaser: Pick<Releaser, "functionName">;
  /** What has to be done before: a check may look into the database, which is migrated by then. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * The completeness check before an outside source of data is switched: run whenever one of its variables or secrets
 * changes, with the new values. What the application runs depends on `step`, and keeps the former values where it
 * fails. Values that go back to what was checked last are not checked again, nor is anything by a new image alone.
 */
export class SourceCheck extends pulumi.ComponentResource {
  /** What has to be done before anything runs with the new values; absent where nothing runs. */
  public readonly step?: pulumi.Resource;

  constructor(name: string, args: SourceCheckArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:release:SourceCheck", name, {}, opts);
    const { application, source, settings } = args;

    const task = declareTask(this, name, args);
    if (args.runs)
      this.step = new aws.lambda.Invocation(
        `${name}-run`,
        {
          functionName: args.releaser.functionName,
          input: pulumi.jsonStringify({
            do: "source",
            application: application.key,
            source,
            variables: settings.variables,
            job: settings.check,
            key: fingerprint(settings.variables, application.environment),
            taskDefinition: task.family,
            logGroup: task.logGroupName,
          }),
        },
        { parent: this, dependsOn: [...args.after, task] },
      );
    this.registerOutputs({});
  }
}

/** A task of its own: the job's waits for the check, and keeps the former values until it has ended well. */
function declareTask(
  parent: SourceCheck,
  name: string,
  { scope, application, source, settings, job }: SourceCheckArgs,
) {
  if (job === undefined)
    throw new Error(
      `Source ${source} of ${application.key} is checked by job ${settings.check}, which is not there.`,
    );
  return new Task(
    name,
    {
      ...taskArgs(scope, "job", settings.check, job, application),
      environment: withDefaults(application.environment, job),
      role: sourceRole(application.key, source),
      logPath: sourceLog(application.key, source),
      after: [],
    },
    { parent },
  );
}

/** Sixteen hexadecimal digits for the values: of secrets, only the reference goes in, which names the version. */
function fingerprint(
  names: readonly string[],
  { variables, secrets }: ContainerEnvironment,
): pulumi.Output<string> {
  const values = [...names].sort().map((name) => [name, variables[name] ?? secrets[name]] as const);
  return pulumi
    .output(values)
    .apply((known) => createHash("sha256").update(JSON.stringify(known)).digest("hex").slice(0, 16));
}
