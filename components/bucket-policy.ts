import type { Scope } from "./names";

/** Who may do what with a bucket beyond the account's own roles: nobody without TLS, and log writers if asked. */
export function bucketPolicy(arn: string, scope: Scope, receivesLogs = false): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [tlsOnly(arn), ...(receivesLogs ? logWriters(arn, scope) : [])],
  });
}

function tlsOnly(arn: string) {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/** S3 and the load balancers of this account, each below its own prefix and nowhere else. */
function logWriters(arn: string, { accountId, region }: Scope) {
  return [
    {
      Sid: "BucketLogs",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${arn}/s3/*`,
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    },
    {
      Sid: "BalancerLogs",
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${arn}/*/AWSLogs/${accountId}/*`,
      Condition: {
        ArnLike: { "aws:SourceArn": `arn:aws:elasticloadbalancing:${region}:${accountId}:loadbalancer/*` },
      },
    },
  ];
}
