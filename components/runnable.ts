import type * as pulumi from "@pulumi/pulumi";
import type { JobSettings } from "../config/schema";
import type { Scope } from "./names";
import type { ContainerEnvironment } from "./task";

/** What a schedule or a job needs of the application whose image it runs. */
export interface RunnableApplication {
  readonly key: string;
  readonly enabled: boolean;
  readonly released: pulumi.Output<boolean>;
  readonly image: pulumi.Output<string>;
  readonly environment: ContainerEnvironment;
  readonly roles: { readonly executionArn: pulumi.Output<string>; readonly taskArn: pulumi.Output<string> };
  readonly logDays: number;
  /** What has to be done before its code may run: backup, release command, checks of sources. @default nothing */
  readonly after?: readonly pulumi.Resource[];
}

/** What an input of a job is unless somebody says it, whichever way the job is started. */
export function withDefaults(
  environment: ContainerEnvironment,
  { inputs }: Pick<JobSettings, "inputs">,
): ContainerEnvironment {
  const defaults = Object.entries(inputs).flatMap(([name, input]) =>
    input.default === undefined ? [] : [[name, input.default] as const],
  );
  return { ...environment, variables: { ...environment.variables, ...Object.fromEntries(defaults) } };
}

/** The task of a schedule or job: its own command and size, in the application's image, environment and roles. */
export function taskArgs(
  scope: Scope,
  kind: "job" | "schedule",
  key: string,
  { command, cpu, memory, timeout }: Pick<JobSettings, "command" | "cpu" | "memory" | "timeout">,
  application: RunnableApplication,
) {
  return {
    scope,
    role: `${kind}-${key}`,
    logPath: [application.key, kind, key],
    command,
    cpu,
    memory,
    timeout,
    after: application.after ?? [],
    ...runtimeOf(application),
  };
}

/**
 * The application that a schedule or job runs.
 *
 * @throws Error with those that are there, where it is not.
 */
export function runnable(
  applications: Readonly<Record<string, RunnableApplication>>,
  who: string,
  name: string,
): RunnableApplication {
  const found = applications[name];
  if (found) return found;
  const there = Object.keys(applications).sort().join(", ") || "none";
  throw new Error(`${who} runs application "${name}", which is not there (there: ${there}).`);
}

/** What every task of an application shares. */
export function runtimeOf(application: RunnableApplication) {
  return {
    image: application.image,
    environment: application.environment,
    executionRoleArn: application.roles.executionArn,
    taskRoleArn: application.roles.taskArn,
    logDays: application.logDays,
  };
}
