import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { pathName, physicalName, type Scope, tags } from "./names";

/** The name of the one container of every task: what overrides and consoles name it by. */
export const CONTAINER = "app";

/** The label by which the guard knows after how many seconds to end a task. */
export const TIMEOUT_LABEL = "tandem.timeout";

/** What a container finds in its environment. */
export interface ContainerEnvironment {
  /** Variables in clear, by name. */
  readonly variables: Readonly<Record<string, pulumi.Input<string>>>;
  /** Variables whose values ECS fetches when the task starts: name to `valueFrom` reference. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
}

export interface TaskArgs {
  readonly scope: Scope;
  /** The task family's role in names, unique in the environment. */
  readonly role: string;
  /** What the log group's name ends with, below project and environment. */
  readonly logPath: readonly string[];
  /** Full image reference. */
  readonly image: pulumi.Input<string>;
  /** @default the image's own command */
  readonly command?: readonly string[];
  readonly environment: ContainerEnvironment;
  /** Port that the container listens on. @default none */
  readonly port?: number;
  /** CPU units, 1024 to a core. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** Seconds between the polite signal and the kill. @default 30 */
  readonly stopTimeout?: number;
  /** Seconds after which the guard ends the task. @default never */
  readonly timeout?: number;
  /** What else the guard is told of the task. @default nothing */
  readonly labels?: Readonly<Record<string, string>>;
  readonly executionRoleArn: pulumi.Input<string>;
  readonly taskRoleArn: pulumi.Input<string>;
  /** Days that logs are kept. */
  readonly logDays: number;
  /** What has to be done before there is this revision: who starts the family starts the newest. @default nothing */
  readonly after?: readonly pulumi.Resource[];
}

/** One command of an application, ready to run on Fargate (ARM64), and the log group it writes to. */
export class Task extends pulumi.ComponentResource {
  /** The present revision. */
  public readonly taskDefinitionArn: pulumi.Output<string>;
  /** Always the newest revision of the family. */
  public readonly arnWithoutRevision: pulumi.Output<string>;
  /** The family's name. */
  public readonly family: string;
  public readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: TaskArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:application:Task", name, {}, opts);
    const { scope, role } = args;
    this.family = physicalName(scope, role, 255);

    const log = new aws.cloudwatch.LogGroup(
      `${name}-log`,
      { name: pathName(scope, ...args.logPath), retentionInDays: args.logDays, tags: tags(scope, role) },
      { parent: this },
    );
    const definition = new aws.ecs.TaskDefinition(
      name,
      {
        family: this.family,
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
        cpu: String(args.cpu),
        memory: String(args.memory),
        executionRoleArn: args.executionRoleArn,
        taskRoleArn: args.taskRoleArn,
        containerDefinitions: pulumi.jsonStringify([container(args, log.name)]),
        tags: tags(scope, role),
      },
      { parent: this, dependsOn: [...(args.after ?? [])] },
    );

    this.taskDefinitionArn = definition.arn;
    this.arnWithoutRevision = definition.arnWithoutRevision;
    this.logGroupName = log.name;
    this.registerOutputs({ taskDefinitionArn: this.taskDefinitionArn, logGroupName: this.logGroupName });
  }
}

function container(args: TaskArgs, logGroup: pulumi.Input<string>) {
  return {
    name: CONTAINER,
    image: args.image,
    essential: true,
    ...(args.command ? { command: args.command } : {}),
    environment: sorted(args.environment.variables).map(([name, value]) => ({ name, value })),
    secrets: sorted(args.environment.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    ...(args.port ? { portMappings: [{ containerPort: args.port, protocol: "tcp" }] } : {}),
    ...(args.timeout ? { dockerLabels: { [TIMEOUT_LABEL]: String(args.timeout), ...args.labels } } : {}),
    stopTimeout: args.stopTimeout ?? 30,
    // A first process that forwards signals and reaps children: images rarely bring one, ECS Exec needs it.
    linuxParameters: { initProcessEnabled: true },
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": logGroup,
        "awslogs-region": args.scope.region,
        "awslogs-stream-prefix": CONTAINER,
        // A log service that is slow must not hold the process up.
        mode: "non-blocking",
        "max-buffer-size": "4m",
      },
    },
  };
}

/** By name, in the order of code points, so that one changed variable is one changed line in a diff. */
function sorted<T>(map: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1));
}
