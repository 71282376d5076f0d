import { GetObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import type { Cloud } from "../../rehearsal/cloud";

/** Objects of one bucket, to read. */
export interface Files {
  keys(prefix: string): Promise<readonly string[]>;
  /** @returns undefined where there is no such object */
  text(key: string): Promise<string | undefined>;
}

export function bucketFiles(client: S3Client, Bucket: string, account: string): Files {
  // A bucket of somebody else's that took the name is refused.
  const there = { Bucket, ExpectedBucketOwner: account };
  return {
    async keys(Prefix) {
      const found: string[] = [];
      for await (const page of paginateListObjectsV2({ client }, { ...there, Prefix }))
        found.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
      return found;
    },
    async text(Key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ ...there, Key }));
        return await Body?.transformToString();
      } catch (error) {
        if ((error as Error).name === "NoSuchKey") return undefined;
        throw error;
      }
    },
  };
}

interface Lying {
  readonly key: string;
  readonly body?: string;
}

/** What lies in a simulated bucket. */
export function rehearsedFiles(cloud: Cloud, name: string): Files {
  const bucket = cloud.objects("aws:s3/bucket:Bucket").find(({ outputs }) => outputs.bucket === name);
  const objects = (bucket?.contents?.objects ?? []) as readonly (Lying | string)[];
  const lying = objects.map((each): Lying => (typeof each === "string" ? { key: each } : each));
  return {
    keys: async (prefix) => lying.map(({ key }) => key).filter((key) => key.startsWith(prefix)),
    text: async (wanted) => lying.find(({ key }) => key === wanted)?.body,
  };
}
