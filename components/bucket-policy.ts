import type { Scope } from "./names";

/** The edge as a reader: it has no identity at AWS, so where it asks from and a key that it says stand for it. */
export interface EdgeReader {
  /** The edge's IPv4 ranges. S3 answers by IPv4 under the name that the edge uses, and takes a broad IPv6 range for the public. */
  readonly ranges: readonly string[];
  /** What it says in the header Referer. A secret: others ask from these ranges too. */
  readonly key: string;
}

/**
 * Who may do what with a bucket beyond the account's own roles: nobody without TLS; log writers and the edge as a
 * reader of objects if asked.
 */
export function bucketPolicy(arn: string, scope: Scope, receivesLogs = false, reader?: EdgeReader): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      tlsOnly(arn),
      ...(receivesLogs ? logWriters(arn, scope) : []),
      ...(reader === undefined ? [] : [readByEdge(arn, reader)]),
    ],
  });
}

/** Both conditions have to hold. The first is also what makes the policy no public one in the eyes of S3. */
function readByEdge(arn: string, { ranges, key }: EdgeReader) {
  return {
    Sid: "EdgeReads",
    Effect: "Allow",
    Principal: "*",
    Action: "s3:GetObject",
    Resource: `${arn}/*`,
    Condition: { IpAddress: { "aws:SourceIp": ranges }, StringEquals: { "aws:Referer": key } },
  };
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
