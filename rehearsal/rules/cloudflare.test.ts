import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Cloud } from "../cloud";
import type { Props } from "../types";
import { CLOUDFLARE_ACCOUNT, worldFor, zoneId } from "../world";
import { refusal } from "./context.test-helper";

const ZONE = zoneId("example.org");
const OTHER = zoneId("example.net");

/** A cloud in which a test makes Cloudflare resources by their short names. */
function cloudflare() {
  const zones = ["example.org", "example.net"];
  const cloud = Cloud.empty(worldFor({ zones, mailDestinations: ["ada@home.example"] }));
  const ask = (kind: string, name: string) => {
    const type = `cloudflare:index/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`;
    return { type, urn: `urn:pulumi:test::test::${type}::${name}`, account: "1" };
  };
  return {
    cloud,
    create: (kind: string, inputs: Props, name = "main") => cloud.create({ ...ask(kind, name), inputs }),
    update: (kind: string, id: string, inputs: Props, name = "main") =>
      cloud.update({ ...ask(kind, name), id, inputs }),
    remove: (kind: string, id: string, name = "main") => cloud.remove({ ...ask(kind, name), id }),
    record: (name: string, type: string, content: string, more: Props = {}) =>
      cloud.create({
        ...ask("DnsRecord", `${name}-${type}-${content}`),
        inputs: { zoneId: ZONE, name, type, content, ttl: 60, ...more },
      }),
  };
}

test("a zone that does not exist is refused", () => {
  const { record } = cloudflare();
  assert.throws(() => record("a", "A", "192.0.2.1", { zoneId: "0".repeat(32) }), refusal("404", /zone/));
});

test("the same record twice is refused, however its name is written", () => {
  const { record } = cloudflare();
  record("www", "A", "192.0.2.1");
  assert.throws(() => record("www.example.org", "A", "192.0.2.1"), refusal("81058"));
  record("www.example.org", "A", "192.0.2.2");
});

test("no CNAME beside a host record, and no host record beside a CNAME", () => {
  const { record } = cloudflare();
  record("www", "A", "192.0.2.1");
  assert.throws(() => record("www", "CNAME", "b.example.org"), refusal("81053"));
  record("app", "CNAME", "b.example.org");
  assert.throws(() => record("app", "AAAA", "2001:db8::1"), refusal("81054"));
  record("app", "CNAME", "b.example.org", { zoneId: OTHER });
});

test("a record that changes does not conflict with itself", () => {
  const { record, update } = cloudflare();
  const { id } = record("app", "CNAME", "b.example.org");
  update("DnsRecord", id, { zoneId: ZONE, name: "app", type: "CNAME", content: "c.example.org", ttl: 60 });
});

test("a proxied record has ttl 1", () => {
  const { record } = cloudflare();
  assert.throws(
    () => record("a", "A", "192.0.2.1", { proxied: true }),
    refusal("InvalidAttribute", /must be 1/),
  );
  record("a", "A", "192.0.2.1", { proxied: true, ttl: 1 });
});

test("a mail record needs a priority", () => {
  assert.throws(
    () => cloudflare().record("@", "MX", "mx.example.org"),
    refusal("InvalidAttribute", /priority/),
  );
});

test("Email Routing and other MX records exclude each other", () => {
  const first = cloudflare();
  first.record("@", "MX", "mx.example.org", { priority: 10 });
  assert.throws(() => first.create("EmailRoutingDns", { zoneId: ZONE }), refusal("Conflict"));
  const second = cloudflare();
  second.create("EmailRoutingDns", { zoneId: ZONE });
  assert.throws(() => second.record("@", "MX", "mx.example.org", { priority: 10 }), refusal("Conflict"));
  second.record("lists", "MX", "mx.example.org", { priority: 10 });
});

test("one entry point for each phase of a zone", () => {
  const { create, remove } = cloudflare();
  const phase = { kind: "zone", name: "a", phase: "http_ratelimit", zoneId: ZONE };
  const { id } = create("Ruleset", phase);
  assert.throws(() => create("Ruleset", phase, "b"), refusal("20217", /import/));
  create("Ruleset", { ...phase, phase: "http_request_firewall_custom" }, "c");
  create("Ruleset", { ...phase, zoneId: OTHER }, "d");
  remove("Ruleset", id);
  create("Ruleset", phase, "e");
});

test("a rule keeps its id under an unchanged ref only", () => {
  const { create, update } = cloudflare();
  const rules = [
    { action: "block", expression: "true", ref: "all" },
    { action: "log", expression: "true" },
  ];
  const inputs = { kind: "zone", name: "a", phase: "http_ratelimit", zoneId: ZONE, rules };
  const { id, outputs } = create("Ruleset", inputs);
  const next = update("Ruleset", id, { ...inputs, description: "changed" }).outputs;
  const ids = (o: Props) => (o.rules as Props[]).map((r) => r.id);
  assert.equal(ids(next)[0], ids(outputs)[0]);
  assert.notEqual(ids(next)[1], ids(outputs)[1]);
  assert.equal(next.version, "2");
});

test("a zone setting outlives its resource and can be declared again", () => {
  const { cloud, create, remove } = cloudflare();
  const inputs = { zoneId: ZONE, settingId: "ssl", value: "strict" };
  const { id } = create("ZoneSetting", inputs);
  assert.throws(() => create("ZoneSetting", inputs, "b"), refusal("AlreadyExists"));
  remove("ZoneSetting", id);
  assert.equal(cloud.objects("cloudflare:index/zoneSetting:ZoneSetting").length, 1);
  create("ZoneSetting", { ...inputs, value: "full" }, "b");
});

test("mail is forwarded to one verified address only", () => {
  const { create } = cloudflare();
  const rule = (...values: string[]) => ({
    zoneId: ZONE,
    matchers: [{ type: "all" }],
    actions: [{ type: "forward", values }],
  });
  assert.throws(() => create("EmailRoutingRule", rule("eve@home.example")), refusal("2054", /link/));
  assert.throws(() => create("EmailRoutingRule", rule("ada@home.example", "b@c.example")), refusal("2007"));
  create("EmailRoutingRule", rule("ada@home.example"));
  assert.throws(() => create("EmailRoutingCatchAll", rule("eve@home.example")), refusal("2054"));
});

test("an address is unverified until its owner has followed the link", () => {
  const { create } = cloudflare();
  const status = (email: string) =>
    create("EmailRoutingAddress", { accountId: CLOUDFLARE_ACCOUNT, email }, email).outputs.status;
  assert.equal(status("ada@home.example"), "verified");
  assert.equal(status("eve@home.example"), "unverified");
  assert.throws(() => status("ada@home.example"), refusal("409"));
});

test("the catch-all outlives its resource", () => {
  const { cloud, create, remove } = cloudflare();
  create("EmailRoutingSettings", { zoneId: ZONE });
  const drop = { zoneId: ZONE, matchers: [{ type: "all" }], actions: [{ type: "drop" }] };
  remove("EmailRoutingCatchAll", create("EmailRoutingCatchAll", drop).id);
  assert.equal(cloud.objects("cloudflare:index/emailRoutingCatchAll:EmailRoutingCatchAll").length, 1);
});

const SCRIPT = {
  accountId: CLOUDFLARE_ACCOUNT,
  scriptName: "maintenance",
  content: "export default {}",
  mainModule: "m.js",
};

test("one Worker of a name for each account, and never without content", () => {
  const { create } = cloudflare();
  const empty = { accountId: CLOUDFLARE_ACCOUNT, scriptName: "empty" };
  assert.throws(() => create("WorkersScript", empty), refusal("InvalidAttribute", /content/));
  create("WorkersScript", SCRIPT);
  assert.throws(() => create("WorkersScript", SCRIPT, "b"), refusal("AlreadyExists"));
  create("WorkersScriptSubdomain", { ...SCRIPT, content: undefined, enabled: false });
});

test("a Worker's file must be the one that was hashed", () => {
  const { create } = cloudflare();
  const contentFile = join(mkdtempSync(join(tmpdir(), "worker-")), "worker.js");
  writeFileSync(contentFile, "export default {}");
  const script = {
    accountId: CLOUDFLARE_ACCOUNT,
    scriptName: "a",
    contentFile,
    contentSha256: "0".repeat(64),
  };
  assert.throws(() => create("WorkersScript", script), refusal("InvalidAttribute", /SHA-256/));
});

test("a Worker is bound to Workers that exist", () => {
  const bindings = [{ name: "NEXT", type: "service", service: "none" }];
  assert.throws(() => cloudflare().create("WorkersScript", { ...SCRIPT, bindings }), refusal("10144"));
});

test("a route has a pattern of its own and a Worker that exists", () => {
  const { create } = cloudflare();
  const route = { zoneId: ZONE, pattern: "www.example.org/*", script: "maintenance" };
  assert.throws(() => create("WorkersRoute", route), refusal("10007"));
  create("WorkersScript", SCRIPT);
  create("WorkersRoute", route);
  assert.throws(() => create("WorkersRoute", { ...route, script: undefined }, "b"), refusal("10020"));
  assert.throws(
    () => create("WorkersRoute", { ...route, pattern: "a.example.com/*" }, "c"),
    refusal("10022"),
  );
});

test("an Access application guards hosts of the account, each once, by policies that exist", () => {
  const { create } = cloudflare();
  const admin = { accountId: CLOUDFLARE_ACCOUNT, name: "admin", domain: "admin.example.org" };
  assert.throws(
    () => create("ZeroTrustAccessApplication", { ...admin, domain: "a.example.com" }),
    refusal("12130"),
  );
  assert.throws(
    () => create("ZeroTrustAccessApplication", { ...admin, policies: [{ id: "x" }] }),
    refusal("404"),
  );
  const policy = create("ZeroTrustAccessPolicy", {
    accountId: CLOUDFLARE_ACCOUNT,
    name: "team",
    decision: "allow",
  });
  create("ZeroTrustAccessApplication", { ...admin, policies: [{ id: policy.id, precedence: 1 }] });
  assert.throws(() => create("ZeroTrustAccessApplication", admin, "b"), refusal("12130", /belongs to/));
});

test("DNSSEC is pending: only the registrar can make it active", () => {
  const { outputs } = cloudflare().create("ZoneDnssec", { zoneId: ZONE, status: "active" });
  assert.equal(outputs.status, "pending");
  assert.match(String(outputs.ds), /^example\.org\. 3600 IN DS \d+ 13 2 [0-9A-F]{64}$/);
});
