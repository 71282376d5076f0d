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
      // Not as variables: a function takes 4 KiB of them.
      code: kept.apply(archive),
      timeout: 120,
      memorySize: 256,
      environment: {
        variables: {
          NAME: physicalName(scope, "", 64),
          CLUSTER: args.clusterArn,
          GROUP: args.groupName,
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

/** What it keeps, as `handler.js` finds it beside itself. */
export const KEPT_FILE = "kept.json";

function archive(kept: Kept): pulumi.asset.Archive {
  const sources = FILES.map((file) => [`${file}.js`, readFileSync(join(__dirname, `${file}.js`), "utf8")]);
  return new pulumi.asset.AssetArchive(
    Object.fromEntries(
      [...sources, [KEPT_FILE, JSON.stringify(kept)]].map(([name = "", text = ""]) => [
        name,
        new pulumi.asset.StringAsset(text),
      ]),
    ),
  );
}
