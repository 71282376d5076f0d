import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ScheduleSettings } from "../config/schema";
import { mapValues } from "./collections";
import { declareFunctions } from "./guard/function";
import { declareBadEnds, declareSilence, declareUntold } from "./guard/notices";
import { clockName, metricNamespace } from "./guard/policies";
import { declareCaller } from "./guard/roles";
import { physicalName, type Scope, tags } from "./names";
import type { RunnableApplication } from "./runnable";

export interface GuardArgs {
  readonly scope: Scope;
  /** The schedules to watch for silence: whose clock starts them, and the longest time between two runs. */
  readonly schedules: Readonly<Record<string, Pick<ScheduleSettings, "by" | "everySeconds">>>;
  /** Whether people or GitHub start something: then there is a door for them. */
  readonly door: boolean;
  /** The applications whose tasks it starts. */
  readonly applications: Readonly<Record<string, Pick<RunnableApplication, "roles">>>;
  readonly clusterArn: pulumi.Input<string>;
  readonly clusterName: pulumi.Input<string>;
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly assignPublicIp: boolean;
  readonly securityGroupId: pulumi.Input<string>;
  /** Who is told. */
  readonly topicArn: pulumi.Input<string>;
  /** Days that logs are kept. */
  readonly logDays: number;
}

/**
 * Seconds after its due time by which a run must have been dealt with: Scheduler tries for an hour, and GitHub is
 * late by hours on busy days.
 */
const GRACE = { aws: 3600, github: 6 * 3600 } as const;

/**
 * What Fargate and EventBridge Scheduler lack: no overlap, an end after a set time, and a voice for what failed
 * or never came. One small function, for all schedules and jobs of an environment.
 */
export class Guard extends pulumi.ComponentResource {
  public readonly functionArn: pulumi.Output<string>;
  public readonly functionName: pulumi.Output<string>;
  /** What people and GitHub ask for jobs; none where they start nothing. */
  public readonly door: Door | undefined;
  /** The group that the environment's schedules stand in. */
  public readonly groupName: pulumi.Output<string>;
  /** The role with which a schedule calls the function. */
  public readonly callerRoleArn: pulumi.Output<string>;
  /** Where calls end that could not be delivered or failed for good: the guard tells of each, once. */
  public readonly deadLetterArn: pulumi.Output<string>;
  /** The CloudWatch namespace of `Handled` and `Overdue`. */
  public readonly namespace: string;
  public readonly alarmNames: readonly pulumi.Output<string>[];

  constructor(name: string, args: GuardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:guard:Guard", name, {}, opts);
    const { scope } = args;
    this.namespace = metricNamespace(scope);

    const group = new aws.scheduler.ScheduleGroup(
      `${name}-group`,
      { name: physicalName(scope, "", 64), tags: tags(scope, "schedules") },
      { parent: this },
    );
    const deadLetters = new aws.sqs.Queue(
      `${name}-dead-letters`,
      {
        name: physicalName(scope, "schedules-dead-letters", 80),
        sqsManagedSseEnabled: true,
        messageRetentionSeconds: 4 * 86_400,
        tags: tags(scope, "schedules-dead-letters"),
      },
      { parent: this },
    );
    const { guard: lambda, door } = declareFunctions(this, name, args, deadLetters);
    this.callerRoleArn = declareCaller(this, name, scope, group, lambda, deadLetters);

    this.functionArn = lambda.arn;
    this.functionName = lambda.name;
    this.door = door && { name: door.name, arn: door.arn };
    this.groupName = group.name;
    this.deadLetterArn = deadLetters.arn;
    declareRounds(this, name, args);
    declareBadEnds(this, name, args, lambda);
    const untold = declareUntold(this, name, args, deadLetters);
    this.alarmNames = [declareSilence(this, name, args, lambda.name).name, untold.name];
    this.registerOutputs({ functionArn: this.functionArn, door: this.door });
  }
}

/** The function that starts what is declared, for those who may ask it. */
export interface Door {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
}

/** The physical name of a schedule, within its group. */
export function scheduleName(scope: Scope, key: string): string {
  return physicalName(scope, key, 64);
}

/**
 * The guard's own rounds. They go on while the environment is off: what still runs has to end in time, and a
 * schedule that is off is not taken for a silent one.
 */
function declareRounds(guard: Guard, name: string, { scope, schedules }: GuardArgs): void {
  const watched = mapValues(schedules, ({ by, everySeconds }, key) => ({
    ...(by === "github" ? { parameter: clockName(scope, key) } : { name: scheduleName(scope, key) }),
    within: everySeconds + GRACE[by],
  }));
  const round = (key: string, rate: string, input: pulumi.Input<object>) =>
    new aws.scheduler.Schedule(
      `${name}-${key}`,
      {
        name: physicalName(scope, `guard_${key}`, 64),
        groupName: guard.groupName,
        scheduleExpression: rate,
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: guard.functionArn,
          roleArn: guard.callerRoleArn,
          input: pulumi.jsonStringify(input),
          // The next round comes soon: one that was missed is not made up for.
          retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
        },
      },
      { parent: guard },
    );
  round("sweep", "rate(1 minute)", { do: "sweep" });
  if (Object.keys(watched).length > 0)
    round("watch", "rate(15 minutes)", { do: "watch", group: guard.groupName, schedules: watched });
}
