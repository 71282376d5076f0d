import assert from "node:assert/strict";
import { test } from "node:test";
import { Certificate, certificateNames, validationOption } from "./certificate";
import { ofType, record } from "./recorder";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };

/** What ACM answers: an option for each name, the token depending on the host without its wildcard. */
const acm = (hosts: readonly string[]) => (type: string) =>
  type === "aws:acm/certificate:Certificate"
    ? {
        domainValidationOptions: hosts.map((domainName) => {
          const host = domainName.replace("*.", "");
          return {
            domainName,
            resourceRecordName: `_token.${host}.`,
            resourceRecordType: "CNAME",
            resourceRecordValue: `_proof-of-${host}.acm-validations.aws.`,
          };
        }),
      }
    : {};

const declare = (hosts: readonly string[]) =>
  record(() => new Certificate("certificate", { scope, hosts, zoneId: "z" }), acm(hosts));

test("a certificate covers every host, the shortest as its own name, in whatever order they were given", async () => {
  for (const hosts of [
    ["www.shop.example", "shop.example", "admin.shop.example"],
    ["admin.shop.example", "www.shop.example", "shop.example", "shop.example"],
  ]) {
    const { certificate } = ofType(await declare(hosts), "aws:acm/certificate:Certificate");
    assert.equal(certificate?.domainName, "shop.example");
    assert.deepEqual(certificate?.subjectAlternativeNames, ["www.shop.example", "admin.shop.example"]);
    assert.equal(certificate?.validationMethod, "DNS");
  }
});

test("each host is proved by one plain record without a final dot, named by its host", async () => {
  const recorded = await declare(["shop.example", "www.shop.example"]);
  const records = ofType(recorded, "cloudflare:index/dnsRecord:DnsRecord");
  assert.deepEqual(Object.keys(records).sort(), ["certificate-shop.example", "certificate-www.shop.example"]);
  assert.deepEqual(records["certificate-www.shop.example"], {
    zoneId: "z",
    type: "CNAME",
    name: "_token.www.shop.example",
    content: "_proof-of-www.shop.example.acm-validations.aws",
    ttl: 60,
    proxied: false,
  });
});

test("a wildcard and its apex share one record", async () => {
  for (const hosts of [["*.shop.example", "shop.example"], ["*.shop.example"]]) {
    const records = ofType(await declare(hosts), "cloudflare:index/dnsRecord:DnsRecord");
    assert.deepEqual(Object.keys(records), ["certificate-shop.example"]);
    assert.equal(records["certificate-shop.example"]?.name, "_token.shop.example");
  }
});

test("the validation waits for all records of its certificate", async () => {
  const recorded = await declare(["shop.example", "www.shop.example"]);
  const validation = ofType(recorded, "aws:acm/certificateValidation:CertificateValidation");
  assert.deepEqual(Object.keys(validation), ["certificate-validation"]);
  assert.deepEqual(validation["certificate-validation"]?.validationRecordFqdns, [
    "_token.shop.example",
    "_token.www.shop.example",
  ]);
  assert.match(String(validation["certificate-validation"]?.certificateArn), /:certificate$/);
});

test("hosts that no certificate can carry are refused, with the remedy", () => {
  for (const [hosts, message] of [
    [[], /at least one/],
    [[`${"a".repeat(60)}.example`], /at most 64 characters/],
    [Array.from({ length: 101 }, (_, i) => `h${i}.example`), /at most 100 hosts; 101/],
  ] as const)
    assert.throws(() => certificateNames(hosts), message);
});

test("a host that ACM does not ask to prove is named", () => {
  assert.throws(() => validationOption([], "www.shop.example"), /www\.shop\.example/);
});
