import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { IntakeSettings } from "../config/schema/intake";
import type { Door } from "./guard";
import { metricNamespace } from "./guard/policies";
import { declareFunction } from "./intake/function";
import { arrivals } from "./intake/policies";
import { type Alarm, createAlarm } from "./metric-alarm";
import { physicalName, type Scope, tags } from "./names";
import { declareRounds } from "./rounds";

/** A folder that something arrives in. */
export interface Folder {
  readonly settings: IntakeSettings;
  /** Its bucket, whose events reach EventBridge. */
  readonly bucket: pulumi.Input<string>;
  readonly bucketArn: pulumi.Input<string>;
}

export interface IntakeArgs {
  readonly scope: Scope;
  readonly intakes: Readonly<Record<string, Folder>>;
  /** Whether the environment is on: off, nothing is late. */
  readonly enabled: boolean;
  /** What starts the jobs that check what came. @default none does */
  readonly door?: Pick<Door, "name" | "arn"> | undefined;
  /** Who is told. */
  readonly topicArn: pulumi.Input<string>;
  /** Days that logs are kept. */
  readonly logDays: number;
}

/**
 * Tells the maintainers of what arrives from outside: once when it came and is well, once when it is empty, too
 * small, unlike its checksum or malformed, and once when it is late.
 */
export class Intake extends pulumi.ComponentResource {
  public readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: IntakeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:intake:Intake", name, {}, opts);
    const { scope, intakes, topicArn } = args;

    const undelivered = new aws.sqs.Queue(
      `${name}-undelivered`,
      {
        name: physicalName(scope, "intake-undelivered", 80),
        sqsManagedSseEnabled: true,
        messageRetentionSeconds: 14 * 86_400,
        tags: tags(scope, "intake-undelivered"),
      },
      { parent: this },
    );
    const lambda = declareFunction(this, name, args, undelivered);
    for (const [key, folder] of Object.entries(intakes))
      declareArrivals(this, name, scope, key, folder, lambda);
    declareRounds(this, name, { scope, who: "intake", what: "watch", rate: "rate(30 minutes)", lambda });
    const alarms = {
      ...Object.fromEntries(Object.keys(intakes).map((key) => [`intake-${key}-late`, late(scope, key)])),
      "intake-undelivered": undeliveredAlarm(undelivered.name),
      "intake-silent": silent(lambda.name),
    };
    for (const [key, alarm] of Object.entries(alarms))
      createAlarm(name, { scope, key, alarm, topicArn }, this);

    this.functionName = lambda.name;
    this.registerOutputs({ functionName: this.functionName });
  }
}

function declareArrivals(
  parent: pulumi.Resource,
  name: string,
  scope: Scope,
  key: string,
  { settings: { prefix }, bucket }: Folder,
  lambda: aws.lambda.Function,
): void {
  const rule = new aws.cloudwatch.EventRule(
    `${name}-${key}`,
    {
      name: physicalName(scope, `intake-${key}`, 64),
      description: `What arrives as ${key}`,
      eventPattern: pulumi.jsonStringify(pulumi.output(bucket).apply((made) => arrivals(made, prefix))),
      tags: tags(scope, `intake-${key}`),
    },
    { parent },
  );
  const permission = new aws.lambda.Permission(
    `${name}-${key}`,
    {
      action: "lambda:InvokeFunction",
      function: lambda.name,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    },
    { parent },
  );
  new aws.cloudwatch.EventTarget(
    `${name}-${key}`,
    { rule: rule.name, targetId: "intake", arn: lambda.arn },
    { parent, dependsOn: [permission] },
  );
}

/**
 * The function measures, so that any cadence can be told: alarms look back a week at most. Silence of the function
 * itself is another alarm's, as of a new environment that has measured nothing yet none should tell.
 */
function late(scope: Scope, key: string): Alarm {
  return {
    description: `Nothing good has come as ${key} in the time in which it should have.`,
    namespace: metricNamespace(scope),
    metric: "Late",
    dimensions: { Intake: key },
    statistic: "Maximum",
    // Two rounds, so that one that comes late does not end the alarm and begin it anew.
    period: 3600,
    periods: 1,
    beyond: { above: 0 },
  };
}

const undeliveredAlarm = (QueueName: pulumi.Input<string>): Alarm => ({
  description: "Something arrived, and the intake failed to look at it.",
  namespace: "AWS/SQS",
  metric: "ApproximateNumberOfMessagesVisible",
  dimensions: { QueueName },
  statistic: "Maximum",
  period: 300,
  periods: 1,
  beyond: { above: 0 },
});

const silent = (FunctionName: pulumi.Input<string>): Alarm => ({
  description: "The intake has not looked for two hours whether something is late.",
  namespace: "AWS/Lambda",
  metric: "Invocations",
  dimensions: { FunctionName },
  statistic: "Sum",
  period: 3600,
  periods: 2,
  beyond: { below: 1 },
  missing: "missing",
});
