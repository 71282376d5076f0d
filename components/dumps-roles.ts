import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type DumpRole, dumpLogRole, dumpRoleName } from "./dumps-keys";
import { allow, trust } from "./guard/policies";
import { pathName, type Scope, tags } from "./names";

export interface DumpRolesArgs {
  readonly scope: Scope;
  /** The databases' keys. */
  readonly databases: readonly string[];
  /** Exactly the credentials that their tasks receive. */
  readonly secretArns: readonly pulumi.Input<string>[];
  /** The locked bucket. */
  readonly bucketArn: pulumi.Input<string>;
}

/**
 * Who takes dumps, and who reads them again. Neither deletes: the lock of the bucket holds even for those who
 * may, and its lifecycle alone ends a dump's time.
 */
export class DumpRoles extends pulumi.ComponentResource {
  /** ECS's own while it starts a task. Each is known only once its policy is in place. */
  public readonly executionArn: pulumi.Output<string>;
  public readonly writerArn: pulumi.Output<string>;
  public readonly readerArn: pulumi.Output<string>;

  constructor(name: string, args: DumpRolesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:backups:DumpRoles", name, {}, opts);
    const { bucketArn } = args;

    const secrets = pulumi.all([...args.secretArns]);
    this.executionArn = declareRole(
      this,
      name,
      args,
      "execution",
      secrets.apply((arns) => executionPolicy(args, arns)),
    );
    this.writerArn = declareRole(this, name, args, "writer", pulumi.output(bucketArn).apply(writerPolicy));
    this.readerArn = declareRole(this, name, args, "reader", pulumi.output(bucketArn).apply(readerPolicy));
    this.registerOutputs({ writerArn: this.writerArn, readerArn: this.readerArn });
  }
}

function declareRole(
  parent: DumpRoles,
  name: string,
  { scope }: DumpRolesArgs,
  role: DumpRole,
  policy: pulumi.Output<object>,
): pulumi.Output<string> {
  const made = new aws.iam.Role(
    `${name}-${role}`,
    {
      name: dumpRoleName(scope, role),
      assumeRolePolicy: JSON.stringify(trust(scope, "ecs-tasks.amazonaws.com")),
      tags: tags(scope, `dump--${role}`),
    },
    { parent },
  );
  const attached = new aws.iam.RolePolicy(
    `${name}-${role}-policy`,
    { name: role, role: made.name, policy: pulumi.jsonStringify(policy) },
    { parent },
  );
  return pulumi.all([made.arn, attached.id]).apply(([arn]) => arn);
}

const document = (...Statement: object[]) => ({ Version: "2012-10-17", Statement });

/** No registry of ours: the images are public. */
function executionPolicy({ scope, databases }: DumpRolesArgs, secrets: readonly string[]) {
  const logs = databases.map(
    (key) =>
      `arn:aws:logs:${scope.region}:${scope.accountId}:log-group:${pathName(scope, dumpLogRole(key))}:*`,
  );
  return document(
    allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], logs),
    allow("Secrets", ["secretsmanager:GetSecretValue"], [...new Set(secrets)].sort()),
  );
}

const list = (bucket: string, ...prefixes: string[]) =>
  allow("List", ["s3:ListBucket"], bucket, {
    StringLike: { "s3:prefix": prefixes.map((prefix) => `${prefix}/*`) },
  });

/** Puts dumps, and reads what former ones say of themselves: not what is in them. */
export function writerPolicy(bucket: string) {
  return document(
    list(bucket, "dumps"),
    allow("Manifests", ["s3:GetObject"], `${bucket}/dumps/*/manifest.json`),
    allow("Put", ["s3:PutObject", "s3:AbortMultipartUpload"], `${bucket}/dumps/*`),
  );
}

/** Reads dumps; puts reports, and dumps that nobody is known in. */
export function readerPolicy(bucket: string) {
  return document(
    list(bucket, "dumps", "anonymised"),
    allow("Read", ["s3:GetObject"], [`${bucket}/dumps/*`, `${bucket}/anonymised/*`]),
    allow(
      "Put",
      ["s3:PutObject", "s3:AbortMultipartUpload"],
      [`${bucket}/reports/*`, `${bucket}/anonymised/*`],
    ),
  );
}
