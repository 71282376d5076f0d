import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Bucket } from "./bucket";
import type { DeployedSite, SiteArgs } from "./site";
import { declareWorker } from "./site-hosts";

/** Days that a deleted file and a former pointer are kept: a mistake is found within a fortnight. */
const KEPT = 14;

/**
 * A site in a private bucket, served by a worker. The upload deletes what is no longer served, and the bucket what
 * was deleted: nothing grows for ever. It has no access log, which would hold what the edge reads it with.
 */
export function declareInBucket(
  name: string,
  args: SiteArgs,
  parent: pulumi.Resource,
): NonNullable<DeployedSite["bucket"]> {
  const { scope, key, settings, forceDestroy, liftedUntil } = args;
  const made = new random.RandomPassword(`${name}-key`, { length: 48, special: false }, { parent });
  const readKey = pulumi.secret(made.result);
  const files = new Bucket(
    `${name}-files`,
    {
      scope,
      role: `site-${key}`,
      keepVersions: KEPT,
      forceDestroy,
      liftedUntil,
      reader: pulumi
        .all([cloudflare.getIpRangesOutput({}, { parent }).ipv4Cidrs, readKey])
        .apply(([ranges, secret]) => ({ ranges, key: secret })),
    },
    { parent },
  );
  const bindings = [
    {
      name: "ORIGIN",
      type: "plain_text",
      text: pulumi.interpolate`https://${files.bucket}.s3.${scope.region}.amazonaws.com`,
    },
    { name: "READ_KEY", type: "secret_text", text: readKey },
  ];
  declareWorker(name, args, [settings.host, ...settings.aliases], bindings, parent);
  return { name: files.bucket, arn: files.arn };
}
