import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import type { MailboxSettings } from "../config/schema";
import type { Scope } from "./names";
import type { CloudflareZone } from "./zone";

export interface MailboxArgs {
  readonly scope: Scope;
  readonly zone: CloudflareZone;
  readonly settings: MailboxSettings;
}

/**
 * Addresses of the domain, forwarded to those of people. A destination that is new to the account gets a
 * mail with a link first; until its owner has followed it, Cloudflare refuses the rules that forward there
 * (2054), and the same `up` succeeds afterwards.
 *
 * It receives and forwards; it sends nothing of its own. Email Routing publishes and locks SPF, and as its documentation
 * says (developers.cloudflare.com/email-routing/postmaster) a DKIM key of its own, `cf2024-1._domainkey`, with which it
 * signs what it forwards. DMARC is declared here. Whoever sends as the domain, such as a newsletter's service, brings
 * another DKIM key and a part in SPF; until then, DMARC has receivers put such mail aside.
 *
 * A zone has one Email Routing, which cannot share the domain with another mail service: one stack alone
 * declares this component.
 */
export class Mailbox extends pulumi.ComponentResource {
  /** The addresses that receive mail, in full. */
  public readonly addresses: readonly string[];

  constructor(name: string, args: MailboxArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:mailbox:Mailbox", name, {}, opts);
    const { zone, settings } = args;

    const routing = new cloudflare.EmailRoutingSettings(name, { zoneId: zone.id }, { parent: this });
    // Publishes and locks MX, SPF and its DKIM key. It takes no name: the API knows that one for subdomains only.
    const dns = new cloudflare.EmailRoutingDns(
      `${name}-dns`,
      { zoneId: zone.id },
      { parent: this, dependsOn: routing },
    );
    new cloudflare.DnsRecord(
      `${name}-dmarc`,
      {
        zoneId: zone.id,
        name: `_dmarc.${zone.name}`,
        type: "TXT",
        content: dmarc(settings.dmarc),
        ttl: 1,
        proxied: false,
      },
      { parent: this },
    );
    forward(name, args, dns, this);

    this.addresses = Object.keys(settings.addresses).map((local) => `${local}@${zone.name}`);
    this.registerOutputs({ addresses: this.addresses });
  }
}

/** One destination for the account, however many addresses lead there; one rule for each address. */
function forward(
  name: string,
  { zone, settings }: MailboxArgs,
  dns: pulumi.Resource,
  parent: pulumi.Resource,
): void {
  const destinations = new Map(
    [...new Set(Object.values(settings.addresses).flat())].map((email) => [
      email,
      new cloudflare.EmailRoutingAddress(
        `${name}-to-${email}`,
        { accountId: zone.accountId, email },
        { parent, dependsOn: dns },
      ),
    ]),
  );
  for (const [local, receivers] of Object.entries(settings.addresses))
    for (const receiver of receivers) {
      const destination = destinations.get(receiver)?.email ?? receiver;
      new cloudflare.EmailRoutingRule(
        `${name}-${local}`,
        {
          zoneId: zone.id,
          name: `${local}@${zone.name}`,
          enabled: true,
          matchers: [{ type: "literal", field: "to", value: `${local}@${zone.name}` }],
          actions: [{ type: "forward", values: [destination] }],
        },
        { parent, dependsOn: dns },
      );
    }
}

/** A text record's content is quoted: bare, Cloudflare warns and may show a change for ever. */
function dmarc(policy: MailboxSettings["dmarc"]): string {
  return `"v=DMARC1; p=${policy}; adkim=r; aspf=r"`;
}
