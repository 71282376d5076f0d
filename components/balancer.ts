import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Scope, tags } from "./names";

export interface BalancerArgs {
  readonly scope: Scope;
  /** Public subnets in at least two zones. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Lets in the edge only. */
  readonly securityGroupId: pulumi.Input<string>;
  /** An issued certificate for every host. */
  readonly certificateArn: pulumi.Input<string>;
  /** How long a connection may be silent, 1 to 4000 seconds. @default 60 */
  readonly idleTimeout?: number;
  /** Whether it refuses to be deleted. */
  readonly deletionProtection: boolean;
  /**
   * The bucket that receives access logs, under `balancer/`. Its policy must already let
   * `logdelivery.elasticloadbalancing.amazonaws.com` write there. @default no access logs
   */
  readonly logBucket?: pulumi.Input<string>;
}

/**
 * The one way in from the edge: it answers 403 to whatever no process has claimed, by its host and by the
 * key that only the edge knows. It has no port 80: the edge redirects, and speaks TLS to the origin.
 */
export class Balancer extends pulumi.ComponentResource {
  /** Where processes add their rules. */
  public readonly listenerArn: pulumi.Output<string>;
  /** What the edge's records point at. */
  public readonly dnsName: pulumi.Output<string>;
  /** The name that its metrics carry: `app/<name>/<id>`. */
  public readonly arnSuffix: pulumi.Output<string>;
  public readonly balancerArn: pulumi.Output<string>;

  constructor(name: string, args: BalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:balancer:Balancer", name, {}, opts);

    const balancer = new aws.lb.LoadBalancer(
      name,
      {
        loadBalancerType: "application",
        internal: false,
        ipAddressType: "ipv4",
        subnets: [...args.subnetIds],
        securityGroups: [args.securityGroupId],
        idleTimeout: args.idleTimeout ?? 60,
        // A header that two parsers read differently is how requests are smuggled past a check.
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        enableDeletionProtection: args.deletionProtection,
        ...(args.logBucket === undefined ? {} : { accessLogs: accessLogs(args.logBucket) }),
        tags: tags(args.scope, "balancer"),
      },
      { parent: this },
    );

    const listener = new aws.lb.Listener(
      `${name}-https`,
      {
        loadBalancerArn: balancer.arn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        certificateArn: args.certificateArn,
        defaultActions: [
          {
            type: "fixed-response",
            fixedResponse: { statusCode: "403", contentType: "text/plain", messageBody: "Forbidden" },
          },
        ],
        tags: tags(args.scope, "https"),
      },
      { parent: this },
    );

    this.listenerArn = listener.arn;
    this.dnsName = balancer.dnsName;
    this.arnSuffix = balancer.arnSuffix;
    this.balancerArn = balancer.arn;
    this.registerOutputs({
      listenerArn: this.listenerArn,
      dnsName: this.dnsName,
      arnSuffix: this.arnSuffix,
      balancerArn: this.balancerArn,
    });
  }
}

function accessLogs(bucket: pulumi.Input<string>): aws.types.input.lb.LoadBalancerAccessLogs {
  return { enabled: true, bucket, prefix: "balancer" };
}
