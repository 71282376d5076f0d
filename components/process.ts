import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ProcessSettings } from "../config/schema";
import { physicalName, type Scope, tags } from "./names";
import { declareRouting, type RoutingArgs } from "./routing";
import { declareScaling, scaling, whenReleased } from "./scaling";
import { CONTAINER, type ContainerEnvironment, Task } from "./task";

export interface ProcessArgs extends RoutingArgs {
  readonly scope: Scope;
  /** Key of the application that it belongs to. */
  readonly application: string;
  readonly key: string;
  readonly settings: ProcessSettings;
  /** False keeps everything declared and runs nothing. */
  readonly enabled: boolean;
  /** False while there is no image to run: every count is 0 then. */
  readonly released: pulumi.Input<boolean>;
  readonly image: pulumi.Input<string>;
  readonly environment: ContainerEnvironment;
  readonly executionRoleArn: pulumi.Input<string>;
  readonly taskRoleArn: pulumi.Input<string>;
  readonly clusterArn: pulumi.Input<string>;
  readonly clusterName: pulumi.Input<string>;
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly assignPublicIp: boolean;
  readonly securityGroupId: pulumi.Input<string>;
  /** Days that logs are kept. */
  readonly logDays: number;
  /** Backup, release command, checks of sources: no new version runs before them. @default nothing */
  readonly after?: readonly pulumi.Resource[];
  /** Whether the data may no longer fit the former version: it is then not put back. @default false */
  readonly migrated?: pulumi.Input<boolean>;
}

/** One process of an application as an ECS service; where it has a host, with the way to it. */
export class Process extends pulumi.ComponentResource {
  public readonly serviceName: pulumi.Output<string>;
  public readonly taskDefinitionArn: pulumi.Output<string>;
  public readonly logGroupName: pulumi.Output<string>;
  /** How many should run now: the least where load decides. */
  public readonly expectedCount: pulumi.Output<number>;
  /** What CloudWatch knows the target group by; absent without a host. */
  public readonly targetGroupArnSuffix?: pulumi.Output<string>;

  constructor(name: string, args: ProcessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:application:Process", name, {}, opts);
    refuseContradictions(args);

    const task = declareTask(this, name, args);
    const routing = declareRouting(this, name, args);
    const scaled = scaling(args);
    const expected = whenReleased(args, scaled?.min ?? args.settings.count);
    const service = new aws.ecs.Service(
      name,
      {
        ...serviceInputs(args, task.taskDefinitionArn, expected),
        ...(routing
          ? {
              loadBalancers: [
                {
                  targetGroupArn: routing.targetGroup.arn,
                  containerName: CONTAINER,
                  containerPort: args.settings.port,
                },
              ],
              healthCheckGracePeriodSeconds: 120,
            }
          : {}),
      },
      {
        parent: this,
        // ECS refuses a target group that no listener rule leads to yet.
        dependsOn: [...(routing?.rules ?? []), ...(args.after ?? [])],
        // The load decides between min and max: an `up` must not set the count back.
        ignoreChanges: scaled ? ["desiredCount"] : [],
      },
    );
    if (scaled) declareScaling(this, name, args, service.name, scaled);

    this.serviceName = service.name;
    this.taskDefinitionArn = task.taskDefinitionArn;
    this.logGroupName = task.logGroupName;
    this.expectedCount = expected;
    // Handed over once the service is steady: an alarm that is there earlier would tell of an empty group.
    if (routing)
      this.targetGroupArnSuffix = pulumi
        .all([routing.targetGroup.arnSuffix, service.id])
        .apply(([suffix]) => suffix);
    this.registerOutputs({ serviceName: this.serviceName, taskDefinitionArn: this.taskDefinitionArn });
  }
}

function refuseContradictions({ application, key, settings }: ProcessArgs): void {
  const highest = settings.autoscale?.max ?? settings.count;
  if (settings.exactlyOne && highest > 1)
    throw new Error(
      `Process "${key}" of "${application}" is exactlyOne and may run ${highest} times. Set its count (autoscale.max) to 1, or drop exactlyOne.`,
    );
  if (settings.aliases.length > 0 && settings.host === undefined)
    throw new Error(
      `Process "${key}" of "${application}" has aliases (${settings.aliases.join(", ")}) and no host for them to lead to. Give it a host.`,
    );
}

function declareTask(process: Process, name: string, args: ProcessArgs): Task {
  const { settings } = args;
  return new Task(
    `${name}-task`,
    {
      scope: args.scope,
      role: roleOf(args),
      logPath: [args.application, args.key],
      image: args.image,
      ...(settings.command ? { command: settings.command } : {}),
      environment: args.environment,
      ...(settings.host ? { port: settings.port } : {}),
      cpu: settings.cpu,
      memory: settings.memory,
      stopTimeout: settings.stopTimeout,
      executionRoleArn: args.executionRoleArn,
      taskRoleArn: args.taskRoleArn,
      logDays: args.logDays,
    },
    { parent: process },
  );
}

function serviceInputs(
  args: ProcessArgs,
  taskDefinition: pulumi.Input<string>,
  desiredCount: pulumi.Input<number>,
): aws.ecs.ServiceArgs {
  const { exactlyOne } = args.settings;
  return {
    name: physicalName(args.scope, roleOf(args), 255),
    cluster: args.clusterArn,
    taskDefinition,
    desiredCount,
    launchType: "FARGATE",
    platformVersion: "LATEST",
    networkConfiguration: {
      subnets: [...args.subnetIds],
      securityGroups: [args.securityGroupId],
      assignPublicIp: args.assignPublicIp,
    },
    // Exactly one: the old one ends before the new one starts, and no second is started to even out zones.
    deploymentMinimumHealthyPercent: exactlyOne ? 0 : 100,
    deploymentMaximumPercent: exactlyOne ? 100 : 200,
    availabilityZoneRebalancing: exactlyOne ? "DISABLED" : "ENABLED",
    // Where a migration ran, a version that does not start is held: its predecessor may not fit the data.
    deploymentCircuitBreaker: {
      enable: true,
      rollback: pulumi.output(args.migrated ?? false).apply((migrated) => !migrated),
    },
    enableExecuteCommand: true,
    enableEcsManagedTags: true,
    propagateTags: "SERVICE",
    waitForSteadyState: true,
    tags: tags(args.scope, roleOf(args)),
  };
}

/** Keys have hyphens, never an underscore: `a-b` of `c` and `a` of `b-c` keep distinct names. */
function roleOf({ application, key }: ProcessArgs): string {
  return `${application}_${key}`;
}
