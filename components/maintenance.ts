import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { ApplicationSettings } from "../config/schema";
import { Bucket } from "./bucket";
import type { NamedBinding } from "./edge";
import { applicationBindings } from "./maintenance-bindings";
import { keyParameter, signature } from "./maintenance-pass";
import { type Scope, tags } from "./names";

export interface MaintenanceArgs {
  readonly scope: Scope;
  readonly applications: Readonly<Record<string, ApplicationSettings>>;
  /** Whether a destroy deletes switches that are on. */
  readonly forceDestroy: boolean;
  /** The last day on which the bucket may go all the same, empty. @default it may not */
  readonly liftedUntil?: string | undefined;
}

/** Days that a former position of a switch is kept: who closed what, and when. */
const KEPT = 30;

/**
 * How applications are closed for a while: the switches, and what the edge needs to heed them.
 *
 * A switch is an object in a bucket of its own, `maintenance/<application>.json`, and no resource: whoever may
 * write below that prefix closes and opens, no deployment touches it, and one that is never opened ends by itself.
 */
export class Maintenance extends pulumi.ComponentResource {
  /** The bucket with the switches. */
  public readonly bucket: pulumi.Output<string>;
  public readonly arn: pulumi.Output<string>;
  /** What the edge's worker is bound to; secrets are marked. */
  public readonly bindings: readonly NamedBinding[];
  /** Where the edge answers a monitor for the process, and by itself during a maintenance. A secret. */
  public readonly healthPath: pulumi.Output<string>;

  constructor(name: string, args: MaintenanceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:maintenance:Maintenance", name, {}, opts);
    const { scope, applications, forceDestroy, liftedUntil } = args;

    const made = new random.RandomPassword(`${name}-key`, { length: 48, special: false }, { parent: this });
    const key = pulumi.secret(made.result);
    keepForPasses(name, scope, key, this);
    const switches = new Bucket(
      `${name}-switches`,
      {
        scope,
        role: "switches",
        keepVersions: KEPT,
        forceDestroy,
        liftedUntil,
        reader: pulumi
          .all([cloudflare.getIpRangesOutput({}, { parent: this }).ipv4Cidrs, key])
          .apply(([ranges, secret]) => ({ ranges, key: signature(secret, "switches") })),
      },
      { parent: this },
    );

    this.bucket = switches.bucket;
    this.arn = switches.arn;
    this.healthPath = key.apply((secret) => `/.well-known/tandem/health/${signature(secret, "health")}`);
    this.bindings = [
      ...applicationBindings(applications),
      { name: "MAINTENANCE_KEY", type: "secret_text", text: key },
      {
        name: "SWITCHES",
        type: "plain_text",
        text: pulumi.interpolate`https://${switches.bucket}.s3.${scope.region}.amazonaws.com`,
      },
    ];
    this.registerOutputs({ bucket: this.bucket, arn: this.arn });
  }
}

function keepForPasses(name: string, scope: Scope, value: pulumi.Output<string>, parent: pulumi.Resource) {
  new aws.ssm.Parameter(
    `${name}-key-parameter`,
    {
      name: keyParameter(scope),
      description: "What passes through a maintenance are signed with: npx tandem maintenance pass",
      type: "SecureString",
      value,
      tags: tags(scope, "maintenance-key"),
    },
    { parent },
  );
}
