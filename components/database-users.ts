import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { trust } from "./guard/policies";
import { declareRole } from "./guard/roles";
import { pathName, physicalName, type Scope, tags } from "./names";

export interface DatabaseUsersArgs {
  readonly scope: Scope;
  /** The database's key. */
  readonly key: string;
  readonly schema: string;
  readonly host: pulumi.Input<string>;
  readonly port: pulumi.Input<number>;
  /** The instance's own user: the one that may make another. */
  readonly admin: { readonly user: string; readonly password: pulumi.Input<string> };
  readonly user: string;
  /** What the second user enters with. @default it is locked */
  readonly password?: pulumi.Input<string> | undefined;
  /** Subnets from which the database can be reached. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** A group that the database lets in. */
  readonly securityGroupId: pulumi.Input<string>;
  /** Days that logs are kept. */
  readonly logDays: number;
}

/** The second user of a database, made, changed and locked by a small function beside the database. */
export class DatabaseUsers extends pulumi.ComponentResource {
  /** The second user's name, known once it is what it is to be. */
  public readonly user: pulumi.Output<string>;

  constructor(name: string, args: DatabaseUsersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:database:DatabaseUsers", name, {}, opts);
    const lambda = declareFunction(this, name, args);
    const { host, port, schema, admin, user, password } = args;
    const asked = { host, port, schema, admin, user, ...(password ? { password } : { locked: true }) };
    const done = new aws.lambda.Invocation(
      name,
      // Said anew is done anew: whatever of it changes is one more call.
      { functionName: lambda.name, input: pulumi.secret(pulumi.jsonStringify(asked)) },
      { parent: this },
    );
    this.user = done.id.apply(() => user);
    this.registerOutputs({ user: this.user });
  }
}

function declareFunction(parent: DatabaseUsers, name: string, args: DatabaseUsersArgs): aws.lambda.Function {
  const { scope, key } = args;
  const role = `users-${key}`;
  const log = new aws.cloudwatch.LogGroup(
    `${name}-log`,
    { name: pathName(scope, role), retentionInDays: args.logDays, tags: tags(scope, role) },
    { parent },
  );
  const trusted = trust(scope, "lambda.amazonaws.com");
  return new aws.lambda.Function(
    name,
    {
      name: physicalName(scope, role, 64),
      description: `Makes and locks the second user of database ${key}`,
      role: declareRole(parent, `${name}-role`, scope, role, trusted, log.arn.apply(usersPolicy)),
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      code: sources(),
      timeout: 120,
      memorySize: 256,
      vpcConfig: { subnetIds: [...args.subnetIds], securityGroupIds: [args.securityGroupId] },
      loggingConfig: { logFormat: "JSON", logGroup: log.name },
      tags: tags(scope, role),
    },
    { parent },
  );
}

/** Its own log, and the network interfaces through which Lambda puts it beside the database. */
export function usersPolicy(logGroupArn: string) {
  const interfaces = ["Create", "Describe", "Delete"].map(
    (verb) => `ec2:${verb}NetworkInterface${verb === "Describe" ? "s" : ""}`,
  );
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Log",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${logGroupArn}:*`,
      },
      // Lambda asks for these on every resource: the interface has no name before it is made.
      { Sid: "Beside", Effect: "Allow", Action: interfaces, Resource: "*" },
    ],
  };
}

function sources(): pulumi.asset.Archive {
  const handler = readFileSync(join(__dirname, "database-users", "handler.js"), "utf8");
  const packages = [...closure("mysql2", __dirname)].map(
    ([path, folder]) => [path, new pulumi.asset.FileArchive(folder)] as const,
  );
  return new pulumi.asset.AssetArchive({
    "index.js": new pulumi.asset.StringAsset(handler),
    ...Object.fromEntries(packages),
  });
}

/** A package and all that it depends on: where each stands in the archive, and here. */
export function closure(
  name: string,
  from: string,
  found = new Map<string, string>(),
): ReadonlyMap<string, string> {
  const folder = installed(name, from);
  const inArchive = folder.slice(folder.indexOf("node_modules")).replaceAll("\\", "/");
  if (found.has(inArchive)) return found;
  found.set(inArchive, folder);
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    dependencies?: Record<string, string>;
  };
  for (const dependency of Object.keys(dependencies)) closure(dependency, folder, found);
  return found;
}

/** As Node looks for it: in the nearest node_modules above. */
function installed(name: string, from: string): string {
  const here = join(from, "node_modules", name);
  if (existsSync(join(here, "package.json"))) return here;
  if (dirname(from) === from) throw new Error(`The package ${name} is not installed: run npm ci.`);
  return installed(name, dirname(from));
}
