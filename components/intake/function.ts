import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { mapValues } from "../collections";
import { metricNamespace, trust } from "../guard/policies";
import { declareRole } from "../guard/roles";
import type { IntakeArgs } from "../intake";
import { pathName, physicalName, tags } from "../names";
import { intakePolicy } from "./policies";

/** The function: its sources as they stand in the repository, with the right to do just that. */
export function declareFunction(
  parent: pulumi.Resource,
  name: string,
  args: IntakeArgs,
  undelivered: aws.sqs.Queue,
): aws.lambda.Function {
  const { scope, topicArn, door } = args;
  const namespace = metricNamespace(scope);
  const log = new aws.cloudwatch.LogGroup(
    `${name}-log`,
    { name: pathName(scope, "intake"), retentionInDays: args.logDays, tags: tags(scope, "intake") },
    { parent },
  );
  const folders = Object.values(args.intakes).map(({ settings: { prefix }, bucketArn }) =>
    pulumi.output(bucketArn).apply((arn) => ({ bucketArn: arn, prefix })),
  );
  const policy = pulumi
    .all([pulumi.all(folders), topicArn, undelivered.arn, log.arn, door?.arn])
    .apply(([all, topic, queueArn, logArn, doorArn]) =>
      intakePolicy({ folders: all, topicArn: topic, queueArn, logArn, doorArn, namespace }),
    );
  const trusted = trust(scope, "lambda.amazonaws.com");
  const role = declareRole(parent, `${name}-role`, scope, "intake", trusted, policy);
  return new aws.lambda.Function(
    name,
    {
      name: physicalName(scope, "intake", 64),
      description: "Tells what arrived in the declared folders, and what is late",
      role,
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "intake/handler.handler",
      code: sources(),
      // A checksum reads the whole object: some tens of gigabytes in this time.
      timeout: 900,
      memorySize: 512,
      environment: {
        variables: {
          NAME: physicalName(scope, "", 64),
          INTAKES: pulumi.jsonStringify(declaredOf(args)),
          ENABLED: String(args.enabled),
          TOPIC: topicArn,
          LOG_GROUP: log.name,
          NAMESPACE: namespace,
          ...(door === undefined ? {} : { DOOR: door.name }),
        },
      },
      loggingConfig: { logFormat: "JSON", logGroup: log.name },
      deadLetterConfig: { targetArn: undelivered.arn },
      tags: tags(scope, "intake"),
    },
    { parent },
  );
}

/** The sources, in the folders in which they find each other here. */
export const FILES = [
  "intake/handler",
  "intake/late",
  "intake/measures",
  "intake/sums",
  "guard/sdk",
  "guard/tells",
];

function sources(): pulumi.asset.Archive {
  return new pulumi.asset.AssetArchive(
    Object.fromEntries(
      FILES.map((file) => [
        `${file}.js`,
        new pulumi.asset.StringAsset(readFileSync(join(__dirname, "..", `${file}.js`), "utf8")),
      ]),
    ),
  );
}

function declaredOf({ intakes }: IntakeArgs) {
  return pulumi.output(
    mapValues(intakes, ({ settings: { prefix, every, minimumBytes, checksum, check }, bucket }) => ({
      bucket,
      prefix,
      every,
      minimumBytes,
      checksum,
      ...(check === undefined ? {} : { check }),
    })),
  );
}
