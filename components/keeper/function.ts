import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { trust } from "../guard/policies";
import { declareRole } from "../guard/roles";
import { pathName, physicalName, type Scope, tags } from "../names";
import type { OfficeHoursArgs } from "../office-hours";
import { type Kept, keeperPolicy } from "./policies";

/** The physical name of the function that people ask. */
export const keeperName = (scope: Scope): string => physicalName(scope, "keeper", 64);

/** Where it remembers what people asked for, and what its rounds have done. */
export const noteNames = (scope: Scope) => ({
  asked: pathName(scope, "office-hours", "asked"),
  done: pathName(scope, "office-hours", "done"),
});

/** The function: its sources as they stand in the repository, with the right to do just that. */
export function declareFunction(
  parent: pulumi.Resource,
  name: string,
  args: OfficeHoursArgs,
  kept: pulumi.Output<Kept>,
  notes: Readonly<Record<"asked" | "done", pulumi.Input<string>>>,
): aws.lambda.Function {
  const { scope } = args;
  const log = new aws.cloudwatch.LogGroup(
    `${name}-log`,
    { name: pathName(scope, "keeper"), retentionInDays: args.logDays, tags: tags(scope, "keeper") },
    { parent },
  );
  const policy = pulumi
    .all([kept, args.clusterArn, args.clusterName, log.arn, args.switches.arn])
    .apply(([all, clusterArn, clusterName, logArn, switchesArn]) =>
      keeperPolicy(scope, all, { clusterArn, clusterName, logArn, switchesArn, group: args.groupName }),
    );
  const trusted = trust(scope, "lambda.amazonaws.com");
  const role = declareRole(parent, `${name}-role`, scope, "keeper", trusted, policy);
  return new aws.lambda.Function(
    name,
    {
      name: keeperName(scope),
      description: "Keeps what rests on purpose: outside office hours, and during a maintenance",
      role,
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "handler.handler",
      code: sources(),
      timeout: 120,
      memorySize: 256,
      environment: {
        variables: {
          NAME: physicalName(scope, "", 64),
          CLUSTER: args.clusterArn,
          GROUP: args.groupName,
          KEPT: pulumi.jsonStringify(kept),
          SWITCHES: args.switches.bucket,
          ASKED: notes.asked,
          NOTES: notes.done,
        },
      },
      loggingConfig: { logFormat: "JSON", logGroup: log.name },
      tags: tags(scope, "keeper"),
    },
    { parent },
  );
}

/** The sources, which find each other as they do here. */
export const FILES = [
  "handler",
  "hours",
  "memory",
  "services",
  "schedules",
  "databases",
  "alarms",
  "maintenance",
  "sdk",
];

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
