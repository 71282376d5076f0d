import assert from "node:assert/strict";
import { test } from "node:test";
import { Mailbox, type MailboxArgs } from "./mailbox";
import { ofType, record } from "./recorder";

const args: MailboxArgs = {
  scope: { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" },
  zone: { name: "shop.example", id: "a".repeat(32), accountId: "b".repeat(32) },
  settings: {
    addresses: { contact: ["team@else.example"], bugs: ["team@else.example"], press: ["press@else.example"] },
    dmarc: "quarantine",
  },
};
const declare = (settings: Partial<MailboxArgs["settings"]> = {}) =>
  record(() => new Mailbox("mailbox", { ...args, settings: { ...args.settings, ...settings } }));

test("each address is one rule that forwards to exactly one destination", async () => {
  const rules = ofType(await declare(), "cloudflare:index/emailRoutingRule:EmailRoutingRule");
  assert.deepEqual(Object.keys(rules).sort(), ["mailbox-bugs", "mailbox-contact", "mailbox-press"]);
  assert.deepEqual(rules["mailbox-contact"], {
    zoneId: args.zone.id,
    name: "contact@shop.example",
    enabled: true,
    matchers: [{ type: "literal", field: "to", value: "contact@shop.example" }],
    actions: [{ type: "forward", values: ["team@else.example"] }],
  });
});

test("a destination that several addresses share is declared once, in the account", async () => {
  const destinations = ofType(await declare(), "cloudflare:index/emailRoutingAddress:EmailRoutingAddress");
  assert.deepEqual(destinations, {
    "mailbox-to-team@else.example": { accountId: args.zone.accountId, email: "team@else.example" },
    "mailbox-to-press@else.example": { accountId: args.zone.accountId, email: "press@else.example" },
  });
});

test("routing is on before its records, its destinations and its rules", async () => {
  const types = (await declare()).map(({ type }) => type.split(":").at(-1));
  const order = ["EmailRoutingSettings", "EmailRoutingDns", "EmailRoutingAddress", "EmailRoutingRule"];
  const first = order.map((type) => types.indexOf(type));
  assert.deepEqual(
    first,
    [...first].sort((a, b) => a - b),
  );
  assert.ok(first.every((index) => index >= 0));
});

test("the records of the domain itself take no name: the API knows it for subdomains only", async () => {
  const dns = ofType(await declare(), "cloudflare:index/emailRoutingDns:EmailRoutingDns");
  assert.deepEqual(dns, { "mailbox-dns": { zoneId: args.zone.id } });
});

for (const dmarc of ["none", "quarantine", "reject"] as const)
  test(`receivers are told to ${dmarc} what only pretends to come from here`, async () => {
    const records = ofType(await declare({ dmarc }), "cloudflare:index/dnsRecord:DnsRecord");
    assert.deepEqual(Object.keys(records), ["mailbox-dmarc"]);
    assert.equal(records["mailbox-dmarc"]?.name, "_dmarc.shop.example");
    assert.equal(records["mailbox-dmarc"]?.content, `"v=DMARC1; p=${dmarc}; adkim=r; aspf=r"`);
  });

test("the domain keeps its one SPF record: Email Routing publishes it, nothing else does", async () => {
  const records = Object.values(ofType(await declare(), "cloudflare:index/dnsRecord:DnsRecord"));
  assert.equal(records.filter(({ content }) => String(content).includes("v=spf1")).length, 0);
});
