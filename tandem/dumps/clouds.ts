import { createWriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeTasksCommand, ECSClient } from "@aws-sdk/client-ecs";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";

/** What commands about dumps ask of one environment's cloud; tests and rehearsals answer themselves. */
export interface DumpCloud {
  /** Every key below a prefix. */
  keys(bucket: string, prefix: string): Promise<readonly string[]>;
  text(bucket: string, key: string): Promise<string>;
  /** Writes an object into a file. */
  download(bucket: string, key: string, file: string): Promise<void>;
  /** Copies an object into the same place of another environment's bucket, through this machine. */
  hand(from: string, key: string, to: DumpCloud, bucket: string): Promise<void>;
  put(bucket: string, key: string, body: Uint8Array): Promise<void>;
  /** Asks a function, and returns what it answers. */
  ask(functionName: string, payload: object): Promise<unknown>;
  /** Whether a task has ended. */
  ended(cluster: string, task: string): Promise<boolean>;
  /** The last lines of a log stream; none where nothing was written yet. */
  lines(group: string, stream: string): Promise<readonly string[]>;
}

/**
 * The real one, with the operator's own credentials.
 *
 * @param profile of their AWS configuration. @default what the environment says
 */
export function dumpCloud(region: string, profile?: string): DumpCloud {
  const whose = { region, ...(profile === undefined ? {} : { profile }) };
  const s3 = new S3Client(whose);
  const lambda = new LambdaClient(whose);
  const ecs = new ECSClient(whose);
  const logs = new CloudWatchLogsClient(whose);
  const body = async (Bucket: string, Key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    if (Body === undefined) throw new Error(`s3://${Bucket}/${Key} has no content.`);
    return Body;
  };
  return {
    async keys(Bucket, Prefix) {
      const found: string[] = [];
      for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix }))
        found.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
      return found;
    },
    text: async (bucket, key) => (await body(bucket, key)).transformToString(),
    download: async (bucket, key, file) =>
      pipeline((await body(bucket, key)) as Readable, createWriteStream(file, { mode: 0o600 })),
    hand: async (from, key, to, bucket) =>
      to.put(bucket, key, await (await body(from, key)).transformToByteArray()),
    async put(Bucket, Key, Body) {
      // The locked bucket takes only what comes with a checksum.
      await s3.send(
        new PutObjectCommand({ Bucket, Key, Body, ChecksumAlgorithm: "SHA256", IfNoneMatch: "*" }),
      );
    },
    async ask(FunctionName, payload) {
      const { Payload, FunctionError } = await lambda.send(
        new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(payload)) }),
      );
      const said = Buffer.from(Payload ?? []).toString("utf8");
      if (FunctionError) throw new Error(`${FunctionName} failed: ${said.slice(0, 500)}`);
      return JSON.parse(said || "null");
    },
    async ended(cluster, task) {
      const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] }));
      // One that ended long ago is not listed any more.
      return tasks[0] === undefined || tasks[0].lastStatus === "STOPPED";
    },
    async lines(logGroupName, logStreamName) {
      try {
        const { events = [] } = await logs.send(
          new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: false, limit: 100 }),
        );
        return events.map(({ message }) => message ?? "");
      } catch (error) {
        if ((error as Error).name === "ResourceNotFoundException") return [];
        throw error;
      }
    },
  };
}
