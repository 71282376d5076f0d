import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** What the program has gone through so far: each scenario keeps the changes of those before it. */
const SCENARIOS = ["first", "updated", "replaced", "renamed", "smaller"] as const;

type Scenario = (typeof SCENARIOS)[number];

class Shelf extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;

  constructor(name: string, kind: string, opts: pulumi.ComponentResourceOptions = {}) {
    super("tandem:conformance:Shelf", name, {}, opts);
    this.bucket = new aws.s3.Bucket(name, { forceDestroy: true, tags: { kind } }, { parent: this });
    new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket: this.bucket.bucket, versioningConfiguration: { status: "Enabled" } },
      { parent: this },
    );
    this.registerOutputs({ bucket: this.bucket.bucket });
  }
}

/** A component that does not say when it is complete. */
class Notices extends pulumi.ComponentResource {
  constructor(name: string, topic: string, label: string) {
    super("tandem:conformance:Notices", name);
    const made = new aws.sns.Topic(`${name}-topic`, { name: topic, displayName: label }, { parent: this });
    new aws.sqs.Queue(`${name}-queue`, { tags: { topic: made.arn } }, { parent: this });
  }
}

/** A little of everything, in the scenario that the configuration names. */
async function program() {
  const config = new pulumi.Config();
  const scenario = config.require("scenario") as Scenario;
  const since = (from: Scenario) => SCENARIOS.indexOf(scenario) >= SCENARIOS.indexOf(from);
  const { accountId } = await aws.getCallerIdentity();

  const password = new random.RandomPassword("password", { length: since("replaced") ? 40 : 32 });
  new aws.ssm.Parameter("given", {
    type: "SecureString",
    value: config.requireSecret("given"),
    ...(since("updated") ? { description: "given by hand" } : {}),
  });
  const vpc = new aws.ec2.Vpc("network", { cidrBlock: since("replaced") ? "10.2.0.0/16" : "10.1.0.0/16" });
  new aws.ec2.InternetGateway("gateway", { vpcId: vpc.id });
  // The name is fixed, so the replacement cannot stand beside what it replaces.
  new aws.cloudwatch.LogGroup("access", {
    name: "/conformance/access",
    logGroupClass: since("replaced") ? "INFREQUENT_ACCESS" : "STANDARD",
  });
  new aws.cloudwatch.LogGroup("logs", {
    name: since("replaced") ? "/conformance/new" : "/conformance/old",
    retentionInDays: since("updated") ? 30 : 7,
  });
  const shelf = since("renamed")
    ? new Shelf("shelf-two", "books", { aliases: [{ name: "shelf" }] })
    : new Shelf("shelf", since("updated") ? "books" : "papers");
  new Notices(
    "notices",
    since("replaced") ? "notices-two" : "notices",
    since("updated") ? "Notices" : "News",
  );
  new github.ActionsVariable("variable", {
    repository: "shop",
    variableName: "SHELF",
    value: shelf.bucket.bucket,
  });
  if (!since("smaller")) {
    const dns = { zoneId: config.require("zone"), type: "TXT", ttl: 300, content: '"conformance"' };
    new cloudflare.DnsRecord("record", { ...dns, name: "conformance.example.org" });
    new random.RandomPassword("other", { length: 20 }, { dependsOn: shelf });
    new aws.sns.Topic("kept", { name: "kept" }, { retainOnDelete: true });
    aws.ec2.Vpc.get("looked-up", vpc.id);
  }
  return { accountId, bucket: shelf.bucket.bucket, password: password.result, vpc: vpc.id };
}

export = program;
