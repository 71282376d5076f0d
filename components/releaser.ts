import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { trust } from "./guard/policies";
import { declareRole } from "./guard/roles";
import { pathName, physicalName, type Scope, tags } from "./names";
import { releasePolicy } from "./release/policy";

export interface ReleaserArgs {
  readonly scope: Scope;
  /** Keys of the applications whose commands it runs. */
  readonly applications: readonly string[];
  /** Keys of those that have demonstration data. @default none */
  readonly demos?: readonly string[];
  /** Keys of the sources that it checks, by application. @default none */
  readonly sources?: Readonly<Record<string, readonly string[]>>;
  /** The databases whose release snapshots it looks at and prunes. */
  readonly databases: readonly pulumi.Input<string>[];
  readonly clusterArn: pulumi.Input<string>;
  readonly clusterName: pulumi.Input<string>;
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly assignPublicIp: boolean;
  readonly securityGroupId: pulumi.Input<string>;
  /** Days that logs are kept. */
  readonly logDays: number;
}

/** Runs release commands and checks of sources, looks at deployments: one small function, which updates of this environment call. */
export class Releaser extends pulumi.ComponentResource {
  public readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: ReleaserArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:release:Releaser", name, {}, opts);
    const { scope } = args;

    const log = new aws.cloudwatch.LogGroup(
      `${name}-log`,
      { name: pathName(scope, "release"), retentionInDays: args.logDays, tags: tags(scope, "release") },
      { parent: this },
    );
    const policy = pulumi
      .all([args.clusterArn, args.clusterName, log.arn, pulumi.all([...args.databases])])
      .apply(([clusterArn, clusterName, logGroupArn, databases]) =>
        releasePolicy(scope, {
          demos: [],
          sources: {},
          ...args,
          clusterArn,
          clusterName,
          logGroupArn,
          databases,
        }),
      );
    const lambda = new aws.lambda.Function(
      name,
      {
        name: releaserName(scope),
        description: "Runs release commands and looks at deployments",
        role: declareRole(
          this,
          `${name}-role`,
          scope,
          "release",
          trust(scope, "lambda.amazonaws.com"),
          policy,
        ),
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        handler: "release/handler.handler",
        code: sources(),
        // The longest that Lambda takes: a migration has 14 minutes of it.
        timeout: 900,
        memorySize: 256,
        environment: { variables: variables(args, log.name) },
        loggingConfig: { logFormat: "JSON", logGroup: log.name },
        tags: tags(scope, "release"),
      },
      { parent: this },
    );

    this.functionName = lambda.name;
    this.registerOutputs({ functionName: this.functionName });
  }
}

/** The function's physical name. */
export const releaserName = (scope: Scope): string => physicalName(scope, "release", 64);

const FILES = ["handler", "update", "demo", "source", "tasks", "backups", "verify", "baked", "words"];

/** The sources as they stand in the repository: they find each other as they do here. */
function sources(): pulumi.asset.Archive {
  const files = [...FILES.map((file) => `release/${file}.js`), "guard/sdk.js"];
  return new pulumi.asset.AssetArchive(
    Object.fromEntries(
      files.map((file) => [file, new pulumi.asset.StringAsset(readFileSync(join(__dirname, file), "utf8"))]),
    ),
  );
}

function variables(
  args: ReleaserArgs,
  logGroup: pulumi.Output<string>,
): Record<string, pulumi.Input<string>> {
  return {
    CLUSTER: args.clusterArn,
    SUBNETS: pulumi.all([...args.subnetIds]).apply((ids) => ids.join(",")),
    SECURITY_GROUP: args.securityGroupId,
    ASSIGN_PUBLIC_IP: args.assignPublicIp ? "ENABLED" : "DISABLED",
    LOG_GROUP: logGroup,
  };
}
