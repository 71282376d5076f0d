import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { GuardArgs } from "../guard";
import { pathName, physicalName, tags } from "../names";
import { guardPolicy, metricNamespace, trust } from "./policies";
import { declareRole } from "./roles";

/** The function itself: handler.js as it stands in the repository, with the right to do just that. */
export function declareFunction(
  parent: pulumi.Resource,
  name: string,
  args: GuardArgs,
  deadLetters: aws.sqs.Queue,
): aws.lambda.Function {
  const { scope } = args;
  const log = new aws.cloudwatch.LogGroup(
    `${name}-log`,
    { name: pathName(scope, "guard"), retentionInDays: args.logDays, tags: tags(scope, "guard") },
    { parent },
  );
  const policy = pulumi
    .all([guarded(args, deadLetters), log.arn])
    .apply(([on, logArn]) => guardPolicy(scope, physicalName(scope, "", 64), logArn, on));
  const source = readFileSync(join(__dirname, "handler.js"), "utf8");
  return new aws.lambda.Function(
    name,
    {
      name: physicalName(scope, "guard", 64),
      description: "Starts schedules, ends what runs over its time, watches for silence",
      role: declareRole(parent, `${name}-role`, scope, "guard", trust(scope, "lambda.amazonaws.com"), policy),
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(source) }),
      timeout: 50,
      memorySize: 256,
      environment: { variables: functionVariables(args) },
      loggingConfig: { logFormat: "JSON", logGroup: log.name },
      deadLetterConfig: { targetArn: deadLetters.arn },
      tags: tags(scope, "guard"),
    },
    { parent },
  );
}

function functionVariables(args: GuardArgs): Record<string, pulumi.Input<string>> {
  return {
    CLUSTER: args.clusterArn,
    SUBNETS: pulumi.all([...args.subnetIds]).apply((ids) => ids.join(",")),
    SECURITY_GROUP: args.securityGroupId,
    ASSIGN_PUBLIC_IP: args.assignPublicIp ? "ENABLED" : "DISABLED",
    TOPIC: args.topicArn,
    NAMESPACE: metricNamespace(args.scope),
  };
}

function guarded({ applications, clusterArn, clusterName, topicArn }: GuardArgs, queue: aws.sqs.Queue) {
  const roles = Object.values(applications).flatMap(({ roles }) => [roles.executionArn, roles.taskArn]);
  return pulumi
    .all([clusterArn, clusterName, topicArn, queue.arn, pulumi.all(roles)])
    .apply(([cluster, name, topic, queueArn, roleArns]) => ({
      clusterArn: cluster,
      clusterName: name,
      topicArn: topic,
      queueArn,
      roleArns: [...new Set(roleArns)].sort(),
    }));
}
