import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarms } from "./alarms";
import { dashboardBody } from "./dashboard";
import { type FailureEvent, failureEvents } from "./failure-events";
import { type Alarm, createAlarm } from "./metric-alarm";
import { physicalName, type Scope, tags } from "./names";
import type { Watched } from "./watched";

export interface MonitoringArgs extends Watched {
  readonly scope: Scope;
  /** Where alarms of this region speak. */
  readonly topicArn: pulumi.Input<string>;
  /** Where alarms of us-east-1 speak: what Route 53 measures is known there only. */
  readonly globalTopicArn: pulumi.Input<string>;
  /** A public address that is probed from several continents. @default nothing is probed */
  readonly url?: string;
  /** What is really asked at that host, where it is not the address's own path. A secret. @default the address's path */
  readonly probePath?: pulumi.Input<string>;
  /** What has to stand before that address answers: a probe that is there earlier would tell. @default nothing */
  readonly probeAfter?: readonly pulumi.Resource[];
  /** US dollars a month: told at 80 % and when the forecast passes it. */
  readonly budget: number;
}

/**
 * Failures speak, once: no mail says that an alarm is over. What sleeps has no alarm; what should run and
 * says nothing has one.
 */
export class Monitoring extends pulumi.ComponentResource {
  /** Every alarm's name in CloudWatch, that of the probe included. */
  public readonly alarmNames: readonly string[];
  public readonly dashboardName: pulumi.Output<string>;

  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:monitoring:Monitoring", name, {}, opts);
    const { scope, topicArn } = args;

    const table = alarms(args);
    for (const [key, alarm] of Object.entries(table))
      createAlarm(name, { scope, key, alarm, topicArn }, this);
    if (args.url !== undefined) createProbe(name, args, args.url, this);

    const events = failureEvents(scope, args.clusterName);
    for (const [key, event] of Object.entries(events)) createRule(name, args, key, event, this);

    new aws.budgets.Budget(`${name}-budget`, budgetArgs(args), { parent: this });
    const names = Object.keys(table).map((key) => physicalName(scope, key, 255));
    const dashboard = new aws.cloudwatch.Dashboard(
      name,
      { dashboardName: physicalName(scope, "", 255), dashboardBody: bodyOf(args, names) },
      { parent: this },
    );

    this.alarmNames = args.url === undefined ? names : [...names, physicalName(scope, "probe", 255)];
    this.dashboardName = dashboard.dashboardName;
    this.registerOutputs({ alarmNames: this.alarmNames, dashboardName: this.dashboardName });
  }
}

/**
 * Where the probe asks from, three regions being the least. Each region asks for itself every 30 seconds: all
 * eight would be some 43,000 calls a day, near half of what the edge's free plan allows a whole account.
 */
const PROBE_REGIONS = ["ap-southeast-1", "eu-west-1", "us-east-1"];

/** Asks as the public does, through the edge; 2xx and 3xx are well. */
function createProbe(name: string, args: MonitoringArgs, url: string, parent: pulumi.Resource): void {
  const { hostname, pathname, search } = new URL(url);
  const check = new aws.route53.HealthCheck(
    `${name}-probe-check`,
    {
      type: "HTTPS",
      fqdn: hostname,
      port: 443,
      resourcePath: args.probePath ?? `${pathname}${search}`,
      enableSni: true,
      requestInterval: 30,
      regions: PROBE_REGIONS,
      failureThreshold: 3,
      tags: tags(args.scope, "probe"),
    },
    { parent, dependsOn: [...(args.probeAfter ?? [])] },
  );
  const alarm: Alarm = {
    description: `${url} does not answer from outside: look at the edge first, then at the processes.`,
    namespace: "AWS/Route53",
    metric: "HealthCheckStatus",
    dimensions: { HealthCheckId: check.id },
    statistic: "Minimum",
    period: 60,
    periods: 3,
    beyond: { below: 1 },
    // Its first measurement takes a minute or two, which is no failure.
    missing: "missing",
  };
  createAlarm(
    name,
    { scope: args.scope, key: "probe", alarm, topicArn: args.globalTopicArn, region: "us-east-1" },
    parent,
  );
}

function createRule(
  name: string,
  { scope, topicArn }: MonitoringArgs,
  key: string,
  event: FailureEvent,
  parent: pulumi.Resource,
): void {
  const rule = new aws.cloudwatch.EventRule(
    `${name}-${key}`,
    {
      name: physicalName(scope, key, 64),
      description: event.description,
      eventPattern: pulumi.jsonStringify(event.pattern),
      tags: tags(scope, key),
    },
    { parent },
  );
  new aws.cloudwatch.EventTarget(
    `${name}-${key}-notice`,
    {
      rule: rule.name,
      arn: topicArn,
      inputTransformer: { inputPaths: { ...event.paths }, inputTemplate: JSON.stringify(event.text) },
    },
    { parent },
  );
}

/**
 * The whole account's cost: a filter by tag sees nothing until somebody activates the tag for billing, and
 * a budget that sees nothing is never exceeded.
 */
function budgetArgs({ scope, budget, topicArn }: MonitoringArgs): aws.budgets.BudgetArgs {
  const told = { comparisonOperator: "GREATER_THAN", thresholdType: "PERCENTAGE" };
  return {
    name: physicalName(scope, "budget", 100),
    budgetType: "COST",
    timeUnit: "MONTHLY",
    limitAmount: String(budget),
    limitUnit: "USD",
    notifications: [
      { ...told, notificationType: "ACTUAL", threshold: 80, subscriberSnsTopicArns: [topicArn] },
      { ...told, notificationType: "FORECASTED", threshold: 100, subscriberSnsTopicArns: [topicArn] },
    ],
    tags: tags(scope, "budget"),
  };
}

function bodyOf(args: MonitoringArgs, alarmNames: readonly string[]): pulumi.Output<string> {
  const { region, accountId } = args.scope;
  const arns = alarmNames.map((name) => `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`);
  const { balancerArnSuffix, clusterName, services, databases, queues, certificateArn, slow } = args;
  return pulumi
    .output({ balancerArnSuffix, clusterName, services, databases, queues, certificateArn, slow })
    .apply((watched) => JSON.stringify(dashboardBody(watched, region, arns)));
}
