import assert from "node:assert/strict";
import { test } from "node:test";
import { ofType, record } from "./recorder";
import { Zone, type ZoneArgs } from "./zone";

const args: ZoneArgs = {
  scope: { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" },
  zone: { name: "shop.example", id: "a".repeat(32), accountId: "b".repeat(32) },
  rateLimit: 600,
};
const declare = (more: Partial<ZoneArgs> = {}) => record(() => new Zone("zone", { ...args, ...more }));

test("a zone declares four settings, four certificate issuers and one ruleset", async () => {
  const recorded = await declare();
  assert.equal(Object.keys(ofType(recorded, "cloudflare:index/zoneSetting:ZoneSetting")).length, 4);
  assert.equal(Object.keys(ofType(recorded, "cloudflare:index/dnsRecord:DnsRecord")).length, 4);
  assert.equal(Object.keys(ofType(recorded, "cloudflare:index/ruleset:Ruleset")).length, 1);
  assert.equal(recorded.length, 9);
});

test("visitors and the origin are reached by TLS 1.2 or newer only, with a verified certificate", async () => {
  const settings = ofType(await declare(), "cloudflare:index/zoneSetting:ZoneSetting");
  assert.equal(settings["zone-ssl"]?.value, "strict");
  assert.equal(settings["zone-always_use_https"]?.value, "on");
  assert.equal(settings["zone-min_tls_version"]?.value, "1.2");
});

for (const [hstsSeconds, expected] of [
  [undefined, 15_552_000],
  [300, 300],
] as const)
  test(`HSTS of ${hstsSeconds ?? "no given"} seconds tells browsers ${expected}, in the API's spelling`, async () => {
    const settings = ofType(
      await declare(hstsSeconds === undefined ? {} : { hstsSeconds }),
      "cloudflare:index/zoneSetting:ZoneSetting",
    );
    assert.deepEqual(settings["zone-security_header"]?.value, {
      strict_transport_security: {
        enabled: true,
        max_age: expected,
        include_subdomains: false,
        preload: false,
        nosniff: true,
      },
    });
  });

test("only the origin's and the edge's own authorities may issue certificates", async () => {
  const records = Object.values(ofType(await declare(), "cloudflare:index/dnsRecord:DnsRecord"));
  assert.deepEqual(
    records.map(({ data }) => data),
    ["amazon.com", "letsencrypt.org", "pki.goog", "ssl.com"].map((value) => ({
      flags: 0,
      tag: "issue",
      value,
    })),
  );
  for (const { name, type, ttl } of records)
    assert.deepEqual([name, type, ttl], ["shop.example", "CAA", 1], "full names: relative ones drift");
});

for (const [perMinute, perPeriod] of [
  [600, 100],
  [1000, 167],
  [60, 10],
] as const)
  test(`${perMinute} requests a minute are ${perPeriod} in ten seconds, for each address`, async () => {
    const ruleset = ofType(await declare({ rateLimit: perMinute }), "cloudflare:index/ruleset:Ruleset")[
      "zone-rate-limit"
    ];
    assert.deepEqual([ruleset?.kind, ruleset?.phase], ["zone", "http_ratelimit"]);
    const [rule, ...others] = (ruleset?.rules ?? []) as Record<string, unknown>[];
    assert.equal(others.length, 0, "the free plan has one rule");
    assert.deepEqual([rule?.ref, rule?.action, rule?.enabled], ["requests-per-address", "block", true]);
    assert.deepEqual(rule?.ratelimit, {
      characteristics: ["cf.colo.id", "ip.src"],
      period: 10,
      requestsPerPeriod: perPeriod,
      mitigationTimeout: 10,
    });
  });
