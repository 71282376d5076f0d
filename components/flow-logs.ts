import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { pathName, type Scope, tags } from "./names";

export interface FlowLogsArgs {
  readonly scope: Scope;
  readonly vpcId: pulumi.Input<string>;
  /** Days that the record is kept. */
  readonly logDays: number;
}

/** The record of who talked to whom in a network, accepted and rejected, in ten-minute sums. */
export class FlowLogs extends pulumi.ComponentResource {
  public readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:network:FlowLogs", name, {}, opts);
    const { scope } = args;

    const group = new aws.cloudwatch.LogGroup(
      name,
      { name: pathName(scope, "network"), retentionInDays: args.logDays, tags: tags(scope, "flows") },
      { parent: this },
    );
    const role = new aws.iam.Role(
      `${name}-writer`,
      { assumeRolePolicy: writerTrust(scope), tags: tags(scope, "flows") },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-writer`,
      { role: role.name, policy: group.arn.apply(writerPolicy) },
      { parent: this },
    );
    new aws.ec2.FlowLog(
      name,
      {
        vpcId: args.vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 600,
        tags: tags(scope, "flows"),
      },
      { parent: this, dependsOn: [policy] },
    );

    this.logGroupName = group.name;
    this.registerOutputs({ logGroupName: this.logGroupName });
  }
}

/** Only the flow log service, and only on behalf of this account. */
export function writerTrust(scope: Scope): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": scope.accountId } },
      },
    ],
  });
}

/** Writing into this one group. The service looks the group up by listing, which knows no narrower resource. */
export function writerPolicy(groupArn: string): string {
  const write = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"];
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: write, Resource: [groupArn, `${groupArn}:*`] },
      { Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
    ],
  });
}
