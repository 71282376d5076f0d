import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as cloudflare from "@pulumi/cloudflare";
import type { WorkersScriptBinding } from "@pulumi/cloudflare/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { physicalName } from "./names";
import type { SiteArgs } from "./site";

/** What a site's worker needs besides its host: where the files are. */
type Bindings = readonly pulumi.Input<WorkersScriptBinding>[];

/** The site's worker, and the hosts that lead to it. Every host but the site's own is sent there by it. */
export function declareWorker(
  name: string,
  args: SiteArgs,
  hosts: readonly string[],
  bindings: Bindings,
  parent: pulumi.Resource,
): void {
  const { scope, key, settings, zone, noindex } = args;
  const { accountId } = zone;
  const script = new cloudflare.WorkersScript(
    name,
    {
      accountId,
      scriptName: physicalName(scope, `site-${key}`),
      mainModule: "site-worker.js",
      content: readFileSync(join(__dirname, "site-worker.js"), "utf8"),
      compatibilityDate: "2026-10-01",
      bindings: [
        { name: "HOST", type: "plain_text", text: settings.host },
        { name: "NOINDEX", type: "plain_text", text: noindex ? "on" : "off" },
        ...bindings,
      ],
    },
    { parent },
  );
  // Under workers.dev the site would have a second address.
  new cloudflare.WorkersScriptSubdomain(
    `${name}-subdomain`,
    { accountId, scriptName: script.scriptName, enabled: false, previewsEnabled: false },
    { parent },
  );
  for (const host of hosts) {
    const route = new cloudflare.WorkersRoute(
      `${name}-route-${host}`,
      { zoneId: zone.id, pattern: `${host}/*`, script: script.scriptName },
      { parent },
    );
    declareRecord(name, args, host, NOWHERE, { parent, dependsOn: route });
  }
}

/** A proxied host that stands for no machine: the worker answers for it. It works at the apex like anywhere. */
const NOWHERE = { type: "AAAA", content: "100::" };

/** Where a host leads in DNS. */
export interface Target {
  readonly type: string;
  readonly content: pulumi.Input<string>;
}

/** A proxied record. A site that changes its target changes the record's type: no name has both kinds at once. */
export function declareRecord(
  name: string,
  { zone }: SiteArgs,
  host: string,
  target: Target,
  opts: pulumi.CustomResourceOptions,
): cloudflare.DnsRecord {
  return new cloudflare.DnsRecord(
    `${name}-${host}`,
    { zoneId: zone.id, name: host, ...target, ttl: 1, proxied: true },
    { ...opts, deleteBeforeReplace: true },
  );
}
