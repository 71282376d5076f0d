import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { GuardArgs } from "../guard";
import { pathName, physicalName, tags } from "../names";
import { familyPrefixes, guardPolicy, metricNamespace, trust } from "./policies";
import { declareRole } from "./roles";

/** The guard, and the door where there is something that people or GitHub start. */
export interface GuardFunctions {
  readonly guard: aws.lambda.Function;
  /** The same source with the same rights, that does only what it is asked from outside. */
  readonly door: aws.lambda.Function | undefined;
}

/** The functions: the sources as they stand in the repository, with the right to do just that. */
export function declareFunctions(
  parent: pulumi.Resource,
  name: string,
  args: GuardArgs,
  deadLetters: aws.sqs.Queue,
): GuardFunctions {
  const { scope } = args;
  const log = new aws.cloudwatch.LogGroup(
    `${name}-log`,
    { name: pathName(scope, "guard"), retentionInDays: args.logDays, tags: tags(scope, "guard") },
    { parent },
  );
  const policy = pulumi
    .all([guarded(args, deadLetters), log.arn])
    .apply(([on, logArn]) => guardPolicy(scope, physicalName(scope, "", 64), logArn, on));
  const role = declareRole(
    parent,
    `${name}-role`,
    scope,
    "guard",
    trust(scope, "lambda.amazonaws.com"),
    policy,
  );
  const declare = (logical: string, as: string, description: string, more: Record<string, string>) =>
    new aws.lambda.Function(
      logical,
      {
        name: physicalName(scope, as, 64),
        description,
        role,
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        handler: "handler.handler",
        code: sources(),
        timeout: 50,
        memorySize: 256,
        environment: { variables: { ...functionVariables(args, deadLetters, log), ...more } },
        loggingConfig: { logFormat: "JSON", logGroup: log.name },
        deadLetterConfig: { targetArn: deadLetters.arn },
        tags: tags(scope, as),
      },
      { parent },
    );
  return {
    guard: declare(name, "guard", "Starts schedules, ends what runs over its time, tells of failures", {}),
    door: args.door
      ? declare(`${name}-door`, "jobs", "Starts declared jobs for people and GitHub, and nothing else", {
          DOOR: "open",
        })
      : undefined,
  };
}

/** The sources, which find each other as they do here. */
export const FILES = ["handler", "starts", "ends", "watches", "tasks", "tells", "sdk"];

function sources(): pulumi.asset.Archive {
  return new pulumi.asset.AssetArchive(
    Object.fromEntries(
      FILES.map((file) => [
        `${file}.js`,
        new pulumi.asset.StringAsset(readFileSync(join(__dirname, `${file}.js`), "utf8")),
      ]),
    ),
  );
}

function functionVariables(
  args: GuardArgs,
  deadLetters: aws.sqs.Queue,
  log: aws.cloudwatch.LogGroup,
): Record<string, pulumi.Input<string>> {
  const { schedules, jobs } = familyPrefixes(args.scope);
  return {
    NAME: physicalName(args.scope, "", 64),
    CLUSTER: args.clusterArn,
    SUBNETS: pulumi.all([...args.subnetIds]).apply((ids) => ids.join(",")),
    SECURITY_GROUP: args.securityGroupId,
    ASSIGN_PUBLIC_IP: args.assignPublicIp ? "ENABLED" : "DISABLED",
    // Families are never taken from whoever asks: each is one of these with a key behind it.
    SCHEDULES: schedules,
    JOBS: jobs,
    TOPIC: args.topicArn,
    QUEUE: deadLetters.id,
    LOG_GROUP: log.name,
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
