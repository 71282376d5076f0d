import type { CloudObject, Props, Rule, RuleContext, Rules } from "../types";
import { alive, nameOf, record, text } from "./aws";
import { admitsEverybody, refuseMalformed } from "./policy-document";
import { rules as features } from "./s3-features";
import { BUCKET, configurationOf, refuseNoBucket } from "./s3-lookups";

/** The hosted zones of S3's own names, by region (Amazon S3 endpoints, AWS general reference). */
const ZONES: Readonly<Record<string, string>> = {
  "eu-west-1": "Z1BKCTXD74EZPE",
  "eu-west-3": "Z3R1K369G5AVDG",
  "eu-central-1": "Z21DNDUVLTQW6Q",
  "us-east-1": "Z3AQBSTGFYJSTF",
};

const bucket: Rule = {
  id: (ctx, inputs) => nameOf(ctx, inputs, "bucket"),
  outputs: (ctx, inputs, id) => ({
    region: ctx.region,
    bucketRegion: ctx.region,
    tagsAll: inputs.tags ?? {},
    bucket: id,
    arn: `arn:aws:s3:::${id}`,
    bucketDomainName: `${id}.s3.amazonaws.com`,
    bucketRegionalDomainName: `${id}.s3.${ctx.region}.amazonaws.com`,
    hostedZoneId: ZONES[ctx.region] ?? `Z${ctx.hex("zone", 13).toUpperCase()}`,
    objectLockEnabled: inputs.objectLockEnabled ?? false,
    websiteDomain: "",
    websiteEndpoint: "",
  }),
  refuseCreate(ctx, inputs) {
    const name = text(inputs.bucket);
    const taken = ctx.find(BUCKET, (o) => o.id === name);
    if (taken === undefined) return;
    const code = taken.account === ctx.account ? "BucketAlreadyOwnedByYou" : "BucketAlreadyExists";
    ctx.refuse(code, `the bucket name "${name}" is taken: bucket names are shared by all accounts`);
  },
  refuseUpdate(ctx, inputs, existing) {
    if (
      existing.inputs.objectLockConfiguration !== undefined &&
      inputs.objectLockConfiguration === undefined
    ) {
      ctx.refuse("InvalidBucketState", "an object lock configuration can be changed but never removed");
    }
  },
  refuseDelete(ctx, existing) {
    const inside = contentsOf(ctx, existing);
    if (inside.length === 0) return;
    if (existing.inputs.forceDestroy !== true) {
      ctx.refuse(
        "BucketNotEmpty",
        `the bucket ${existing.id} holds ${inside.length} object(s) or versions: empty it, or set forceDestroy`,
      );
    }
    // Governance gives way to forceDestroy; compliance gives way to nobody.
    const locked = inside.find((o) => o.mode === "COMPLIANCE" && (text(o.retainUntil) ?? "") > ctx.now);
    if (locked) {
      ctx.refuse(
        "AccessDenied",
        `${existing.id}/${locked.key} is under compliance until ${locked.retainUntil}`,
      );
    }
  },
};

const object: Rule = {
  id: (_, inputs) => `${text(inputs.bucket) ?? "bucket"}/${text(inputs.key) ?? "key"}`,
  outputs: (ctx, inputs) => ({
    region: ctx.region,
    tagsAll: inputs.tags ?? {},
    arn: `arn:aws:s3:::${inputs.bucket}/${inputs.key}`,
    etag: ctx.hex(`etag ${text(inputs.content) ?? ""}`, 32),
    versionId: ctx.hex("version", 32),
    storageClass: inputs.storageClass ?? "STANDARD",
    checksumCrc32: "",
    checksumCrc32c: "",
    checksumCrc64nvme: "",
    checksumSha1: "",
    checksumSha256: "",
  }),
  refuseWrite(ctx, inputs) {
    refuseNoBucket(ctx, inputs.bucket);
    const given = ["source", "content", "contentBase64"].filter((name) => inputs[name] !== undefined);
    if (given.length > 1) ctx.refuse("InvalidRequest", `an object has one body: ${given.join(" or ")}`);
  },
  refuseDelete(ctx, existing) {
    const until = text(existing.inputs.objectLockRetainUntilDate);
    if (existing.inputs.forceDestroy === true || until === undefined || until <= ctx.now) return;
    ctx.refuse("AccessDenied", `${existing.id} is locked until ${until}`);
  },
};

const bucketPolicy: Rule = {
  id: (_, inputs) => text(inputs.bucket) ?? "bucket",
  outputs: (ctx) => ({ region: ctx.region }),
  refuseWrite(ctx, inputs) {
    refuseNoBucket(ctx, inputs.bucket);
    const list = refuseMalformed(ctx, inputs.policy, "MalformedPolicy");
    const block = configurationOf(
      ctx,
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      inputs.bucket,
    );
    if (block?.inputs.blockPublicPolicy === true && admitsEverybody(list)) {
      ctx.refuse("AccessDenied", `the policy admits everybody, and ${inputs.bucket} blocks public policies`);
    }
  },
};

const publicAccessBlock: Rule = {
  id: (_, inputs) => text(inputs.bucket) ?? "bucket",
  outputs: (ctx, inputs) => ({
    region: ctx.region,
    ...Object.fromEntries(
      ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map((name) => [
        name,
        inputs[name] ?? false,
      ]),
    ),
  }),
  refuseWrite: (ctx, inputs) => refuseNoBucket(ctx, inputs.bucket),
};

export const rules: Rules = {
  [BUCKET]: bucket,
  "aws:s3/bucketObjectv2:BucketObjectv2": object,
  "aws:s3/bucketPolicy:BucketPolicy": bucketPolicy,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": publicAccessBlock,
  ...features,
};

/**
 * What lies in a bucket: objects that are resources, and those that the application or a drill put into
 * `contents.objects` (each `{ key, mode?, retainUntil? }`, or just a key).
 */
function contentsOf(ctx: RuleContext, existing: CloudObject): readonly Props[] {
  const put = existing.contents?.objects;
  const found = Array.isArray(put) ? put.map((o) => (typeof o === "string" ? { key: o } : record(o))) : [];
  const declared = alive(ctx, "aws:s3/bucketObjectv2:BucketObjectv2").filter(
    (o) => o.inputs.bucket === existing.id,
  );
  return [...found, ...declared.map((o) => ({ key: o.inputs.key }))];
}
