import { allow } from "../guard/policies";

/** What the intake's permissions are about, once known. */
export interface Received {
  /** Folders by the ARN of their bucket. */
  readonly folders: readonly { readonly bucketArn: string; readonly prefix: string }[];
  readonly topicArn: string;
  readonly queueArn: string;
  readonly logArn: string;
  /** What starts the jobs that check; undefined where none does. */
  readonly doorArn: string | undefined;
  /** The CloudWatch namespace of `Arrived` and `Late`. */
  readonly namespace: string;
}

/** Read what arrived in these folders, tell, measure, start what checks: nothing else. */
export function intakePolicy({ folders, topicArn, queueArn, logArn, doorArn, namespace }: Received) {
  const buckets = [...new Set(folders.map(({ bucketArn }) => bucketArn))];
  return {
    Version: "2012-10-17",
    Statement: [
      allow(
        "Read",
        ["s3:GetObject", "s3:GetObjectVersion"],
        folders.map(({ bucketArn, prefix }) => `${bucketArn}/${prefix}*`),
      ),
      // Without it, S3 says of an object that is not there that it may not be seen.
      allow("Miss", ["s3:ListBucket"], buckets),
      allow("Tell", ["sns:Publish"], topicArn),
      allow("Undelivered", ["sqs:SendMessage"], queueArn),
      ...(doorArn === undefined ? [] : [allow("Check", ["lambda:InvokeFunction"], doorArn)]),
      allow("Measure", ["cloudwatch:PutMetricData"], "*", {
        StringEquals: { "cloudwatch:namespace": namespace },
      }),
      allow("Look", ["cloudwatch:GetMetricStatistics"], "*"),
      // Streams are also how it remembers what it told, and since when it looks.
      allow(
        "Log",
        ["logs:CreateLogStream", "logs:DeleteLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        [logArn, `${logArn}:*`],
      ),
    ],
  };
}

/** Every object that is made in a folder of a bucket. */
export const arrivals = (bucket: string, prefix: string) => ({
  source: ["aws.s3"],
  "detail-type": ["Object Created"],
  detail: { bucket: { name: [bucket] }, object: { key: [{ prefix }] } },
});
