import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { pathName, physicalName, type Scope, tags } from "./names";

export interface RolesArgs {
  readonly scope: Scope;
  /** Key of the application that the roles are for. */
  readonly application: string;
  /** The one registry its images come from. */
  readonly repositoryArn: pulumi.Input<string>;
  /** Exactly the secrets that its containers receive. */
  readonly secretArns: readonly pulumi.Input<string>[];
  /** The buckets that its code reads and writes. */
  readonly bucketArns: readonly pulumi.Input<string>[];
}

/**
 * Two roles of an application: `execution` is ECS's own while it starts a task (image, secrets, logs), `task` is
 * the running code's.
 */
export class Roles extends pulumi.ComponentResource {
  /** Known only once its policy is in place, so that no task starts before it may. */
  public readonly executionArn: pulumi.Output<string>;
  /** Known only once its policy is in place. */
  public readonly taskArn: pulumi.Output<string>;

  constructor(name: string, args: RolesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:application:Roles", name, {}, opts);

    const { repositoryArn, secretArns, bucketArns } = args;
    const secrets = pulumi.all([...secretArns]);
    const execution = pulumi
      .all([repositoryArn, secrets])
      .apply(([one, all]) => executionPolicy(args, one, all));
    const task = pulumi.all([...bucketArns]).apply(taskPolicy);
    this.executionArn = declareRole(this, name, args, "execution", execution);
    this.taskArn = declareRole(this, name, args, "task", task);
    this.registerOutputs({ executionArn: this.executionArn, taskArn: this.taskArn });
  }
}

/** One role and its policy; the ARN waits for the policy. */
function declareRole(
  roles: Roles,
  name: string,
  { scope, application }: RolesArgs,
  kind: string,
  policy: pulumi.Output<Policy>,
): pulumi.Output<string> {
  const role = new aws.iam.Role(
    `${name}-${kind}`,
    {
      name: physicalName(scope, `${application}-${kind}`, 64),
      assumeRolePolicy: JSON.stringify(ecsTasksMayAssume(scope)),
      tags: tags(scope, `${application}-${kind}`),
    },
    { parent: roles },
  );
  const attached = new aws.iam.RolePolicy(
    `${name}-${kind}-policy`,
    { name: kind, role: role.name, policy: pulumi.jsonStringify(policy) },
    { parent: roles },
  );
  return pulumi.all([role.arn, attached.id]).apply(([arn]) => arn);
}

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}
interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

const allow = (Sid: string, Action: string[], Resource: string | string[]): Statement => ({
  Sid,
  Effect: "Allow",
  Action,
  Resource,
});

function executionPolicy(
  { scope, application }: RolesArgs,
  repository: string,
  secrets: readonly string[],
): Policy {
  const logs = `arn:aws:logs:${scope.region}:${scope.accountId}:log-group:${pathName(scope, application)}/*`;
  return {
    Version: "2012-10-17",
    Statement: [
      // The token names no repository: the API takes no other resource.
      allow("Login", ["ecr:GetAuthorizationToken"], "*"),
      allow(
        "Pull",
        ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        repository,
      ),
      allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], logs),
      ...(secrets.length > 0 ? [allow("Secrets", ["secretsmanager:GetSecretValue"], unique(secrets))] : []),
    ],
  };
}

function taskPolicy(buckets: readonly string[]): Policy {
  const channels = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"];
  const objects = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"];
  const arns = unique(buckets);
  return {
    Version: "2012-10-17",
    Statement: [
      // ECS Exec's channels have no ARN of their own.
      allow(
        "Console",
        channels.map((action) => `ssmmessages:${action}`),
        "*",
      ),
      ...(arns.length > 0
        ? [
            allow("Buckets", ["s3:ListBucket"], arns),
            allow(
              "Objects",
              objects,
              arns.map((arn) => `${arn}/*`),
            ),
          ]
        : []),
    ],
  };
}

/** Only for tasks of this account: another account's ECS cannot be talked into using the role. */
function ecsTasksMayAssume({ region, accountId }: Scope) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "ecs-tasks.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": `arn:aws:ecs:${region}:${accountId}:*` },
        },
      },
    ],
  };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
