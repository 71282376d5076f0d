import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import type { Scope } from "./names";

/** A Cloudflare zone: it exists before tandem comes, which only sets it up. */
export interface CloudflareZone {
  /** The domain, such as `example.org`. */
  readonly name: string;
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** The account that owns it: 32 hexadecimal digits. */
  readonly accountId: string;
}

export interface ZoneArgs {
  readonly scope: Scope;
  readonly zone: CloudflareZone;
  /** Requests a minute that one address may make, to all hosts of the zone together. */
  readonly rateLimit: number;
  /** How long a browser refuses plain HTTP after a visit, in seconds. @default 15552000 (180 days) */
  readonly hstsSeconds?: number;
}

/**
 * What a zone has only once, whoever uses it: TLS settings, who may issue certificates, the rate limit.
 * Two stacks that share a zone cannot both own these, so that one stack alone declares this component.
 */
export class Zone extends pulumi.ComponentResource {
  constructor(name: string, args: ZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:edge:Zone", name, {}, opts);
    const zoneId = args.zone.id;

    for (const [settingId, value] of Object.entries(settings(args.hstsSeconds ?? 15_552_000)))
      new cloudflare.ZoneSetting(`${name}-${settingId}`, { zoneId, settingId, value }, { parent: this });

    for (const issuer of CERTIFICATE_ISSUERS)
      new cloudflare.DnsRecord(
        `${name}-caa-${issuer}`,
        {
          zoneId,
          name: args.zone.name,
          type: "CAA",
          ttl: 1,
          proxied: false,
          data: { flags: 0, tag: "issue", value: issuer },
        },
        { parent: this },
      );

    new cloudflare.Ruleset(
      `${name}-rate-limit`,
      {
        zoneId,
        name: "Rate limit",
        kind: "zone",
        phase: "http_ratelimit",
        rules: [rateLimitRule(args.rateLimit)],
      },
      { parent: this },
    );

    this.registerOutputs({});
  }
}

/** ACM issues for the origin, the others for the edge: Cloudflare moves between them by itself. */
const CERTIFICATE_ISSUERS = ["amazon.com", "letsencrypt.org", "pki.goog", "ssl.com"] as const;

/**
 * Keys inside a value go to the API as they are: camel case, as in the provider's own example, would show
 * a change for ever (pulumi/pulumi-cloudflare#1579).
 */
function settings(hstsSeconds: number): Record<string, unknown> {
  return {
    ssl: "strict",
    always_use_https: "on",
    min_tls_version: "1.2",
    security_header: {
      strict_transport_security: {
        enabled: true,
        max_age: hstsSeconds,
        // Other hosts of the zone may not be ours: each proxied host gets the header by itself.
        include_subdomains: false,
        // A preload list is left within months at best: a decision for people.
        preload: false,
        nosniff: true,
      },
    },
  };
}

/**
 * Cloudflare's free plan counts in slices of ten seconds, blocks for ten seconds, has one rule and can tell
 * requests apart by path only: hence a rule for every path, and a sixth of a minute's allowance.
 */
function rateLimitRule(perMinute: number): cloudflare.types.input.RulesetRule {
  return {
    ref: "requests-per-address",
    description: `At most ${perMinute} requests a minute from one address`,
    expression: '(http.request.uri.path contains "/")',
    action: "block",
    enabled: true,
    ratelimit: {
      characteristics: ["cf.colo.id", "ip.src"],
      period: 10,
      requestsPerPeriod: Math.ceil(perMinute / 6),
      mitigationTimeout: 10,
    },
  };
}
