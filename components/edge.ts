import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as cloudflare from "@pulumi/cloudflare";
import type { WorkersScriptBinding } from "@pulumi/cloudflare/types/input";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { physicalName, type Scope } from "./names";
import type { CloudflareZone } from "./zone";

export interface EdgeArgs {
  readonly scope: Scope;
  readonly zone: CloudflareZone;
  /** Every host of this environment, aliases included. */
  readonly hosts: readonly string[];
  /** The balancer's name in DNS. */
  readonly target: pulumi.Input<string>;
  /** Whether search engines are sent away. */
  readonly noindex: boolean;
  /**
   * Hosts that only some people may reach, with their addresses: Cloudflare mails them a code. The account
   * needs its Zero Trust organisation, which is made once, by hand. @default everybody reaches every host
   */
  readonly editors?: Readonly<Record<string, readonly string[]>>;
  /** What the worker needs to close applications for a while: components/maintenance.ts. @default nothing closes */
  readonly maintenance?: readonly NamedBinding[];
}

/** What a worker finds under a name. */
export type NamedBinding = WorkersScriptBinding & { readonly name: string };

/**
 * What the public meets: a proxied record and a route for each host, one worker for all of them, and a login
 * where editors are named. A worker, because a zone has one transform ruleset only, which two environments
 * of one zone could not both own.
 *
 * Cloudflare's free plan runs a worker 100,000 times a day for the whole account, then answers 1027: a busy
 * production needs the paid plan.
 */
export class Edge extends pulumi.ComponentResource {
  /** What the origin has to find in the header X-Origin-Key. A secret. */
  public readonly originKey: pulumi.Output<string>;
  /** The public address of each host, by host. */
  public readonly urls: Readonly<Record<string, string>>;

  constructor(name: string, args: EdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:edge:Edge", name, {}, opts);
    const editors = Object.entries(args.editors ?? {});
    refuseUnknownHosts(args.hosts, editors);

    // Letters and digits: the balancer reads * and ? in a condition as wildcards.
    const key = new random.RandomPassword(`${name}-key`, { length: 48, special: false }, { parent: this });
    this.originKey = pulumi.secret(key.result);

    const script = createWorker(name, args, this.originKey, this);
    for (const host of args.hosts) serve(name, args, host, script, this);
    for (const [host, mails] of editors) admitOnly(name, args, host, mails, this);

    this.urls = Object.fromEntries(args.hosts.map((host) => [host, `https://${host}`]));
    this.registerOutputs({ originKey: this.originKey, urls: this.urls });
  }
}

export function refuseUnknownHosts(
  hosts: readonly string[],
  editors: readonly [string, readonly string[]][],
): void {
  for (const [host, mails] of editors) {
    if (!hosts.includes(host))
      throw new Error(`Editors are named for ${host}, which is not served; served: ${hosts.join(", ")}.`);
    if (mails.length === 0)
      throw new Error(`${host} is for editors only, but none is named. Name at least one address.`);
  }
}

function createWorker(
  name: string,
  { scope, zone, noindex, maintenance = [] }: EdgeArgs,
  originKey: pulumi.Output<string>,
  parent: pulumi.Resource,
): cloudflare.WorkersScript {
  const accountId = zone.accountId;
  const script = new cloudflare.WorkersScript(
    name,
    {
      accountId,
      scriptName: physicalName(scope, "edge"),
      mainModule: "edge-worker.js",
      content: readFileSync(join(__dirname, "edge-worker.js"), "utf8"),
      compatibilityDate: "2026-10-01",
      // What the worker fetches is the origin. The other way, a later default perhaps, leads back to the worker.
      compatibilityFlags: ["global_fetch_private_origin"],
      bindings: [
        { name: "NOINDEX", type: "plain_text", text: noindex ? "on" : "off" },
        { name: "ORIGIN_KEY", type: "secret_text", text: originKey },
        ...maintenance,
      ].sort((one, other) => (one.name < other.name ? -1 : 1)),
    },
    { parent },
  );
  // Under workers.dev the worker would answer without the login in front of it.
  new cloudflare.WorkersScriptSubdomain(
    `${name}-subdomain`,
    { accountId, scriptName: script.scriptName, enabled: false, previewsEnabled: false },
    { parent },
  );
  return script;
}

/** The record comes after its route: until a request carries the key, the origin answers 403. */
function serve(
  name: string,
  { zone, target }: EdgeArgs,
  host: string,
  script: cloudflare.WorkersScript,
  parent: pulumi.Resource,
): void {
  const route = new cloudflare.WorkersRoute(
    `${name}-route-${host}`,
    { zoneId: zone.id, pattern: `${host}/*`, script: script.scriptName },
    { parent },
  );
  new cloudflare.DnsRecord(
    `${name}-${host}`,
    // At the apex of a zone, Cloudflare answers a CNAME with its addresses.
    { zoneId: zone.id, name: host, type: "CNAME", content: target, ttl: 1, proxied: true },
    { parent, dependsOn: route },
  );
}

function admitOnly(
  name: string,
  { scope, zone }: EdgeArgs,
  host: string,
  mails: readonly string[],
  parent: pulumi.Resource,
): void {
  const policy = new cloudflare.ZeroTrustAccessPolicy(
    `${name}-editors-${host}`,
    {
      accountId: zone.accountId,
      name: physicalName(scope, `editors-${host}`, 255),
      decision: "allow",
      includes: mails.map((mail) => ({ email: { email: mail } })),
      sessionDuration: "24h",
    },
    { parent },
  );
  new cloudflare.ZeroTrustAccessApplication(
    `${name}-login-${host}`,
    {
      accountId: zone.accountId,
      name: physicalName(scope, host, 255),
      type: "self_hosted",
      destinations: [{ type: "public", uri: host }],
      policies: [{ id: policy.id, precedence: 1 }],
      sessionDuration: "24h",
      appLauncherVisible: false,
      httpOnlyCookieAttribute: true,
    },
    { parent },
  );
}
