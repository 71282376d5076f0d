import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Bucket } from "./bucket";
import { type Scope, tags } from "./names";

export interface ReplicationArgs {
  readonly scope: Scope;
  /** Where objects are written. Versioned. */
  readonly source: Bucket;
  /** Where their copies go. Versioned, in any region. */
  readonly destination: Bucket;
}

/** Copies every new version of a bucket, with its lock, into another. What is deleted stays in the copy. */
export class Replication extends pulumi.ComponentResource {
  public readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: ReplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:backups:Replication", name, {}, opts);
    const { scope, source, destination } = args;

    const role = new aws.iam.Role(
      name,
      { assumeRolePolicy: REPLICATION_TRUST, tags: tags(scope, "replication") },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      name,
      {
        role: role.name,
        policy: pulumi.all([source.arn, destination.arn]).apply(([from, to]) => replicationPolicy(from, to)),
      },
      { parent: this },
    );
    new aws.s3.BucketReplicationConfig(
      name,
      {
        bucket: source.bucket,
        role: role.arn,
        rules: [
          {
            id: "all",
            status: "Enabled",
            priority: 1,
            filter: { prefix: "" },
            // A copy that follows a deletion is no protection against it.
            deleteMarkerReplication: { status: "Disabled" },
            destination: { bucket: destination.arn },
          },
        ],
      },
      { parent: this, dependsOn: [policy, source, destination] },
    );

    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }
}

const REPLICATION_TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** Reading versions, tags and locks from one bucket, and writing copies into the other: no deletion. */
export function replicationPolicy(from: string, to: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"], Resource: from },
      {
        Effect: "Allow",
        Action: [
          "s3:GetObjectVersionForReplication",
          "s3:GetObjectVersionAcl",
          "s3:GetObjectVersionTagging",
          "s3:GetObjectRetention",
          "s3:GetObjectLegalHold",
        ],
        Resource: `${from}/*`,
      },
      { Effect: "Allow", Action: ["s3:ReplicateObject", "s3:ReplicateTags"], Resource: `${to}/*` },
    ],
  });
}
