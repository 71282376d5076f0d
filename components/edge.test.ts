import assert from "node:assert/strict";
import { test } from "node:test";
import { Edge, type EdgeArgs, refuseUnknownHosts } from "./edge";
import { ofType, record } from "./recorder";

const KEY = "k".repeat(48);
const args: EdgeArgs = {
  scope: { project: "shop", environment: "sandbox", region: "eu-west-3", accountId: "111111111111" },
  zone: { name: "shop.example", id: "a".repeat(32), accountId: "b".repeat(32) },
  hosts: ["shop.example", "admin.shop.example"],
  target: "balancer.elb.example",
  noindex: true,
};

async function declare(more: Partial<EdgeArgs> = {}) {
  const made: Edge[] = [];
  const recorded = await record(
    () => made.push(new Edge("edge", { ...args, ...more })),
    (type) => (type.includes("randomPassword") ? { result: KEY } : {}),
  );
  return { recorded, edge: made[0] as Edge };
}

test("each host is one proxied record with its full name and one route, for one worker", async () => {
  const { recorded } = await declare();
  const records = ofType(recorded, "cloudflare:index/dnsRecord:DnsRecord");
  assert.deepEqual(Object.keys(records).sort(), ["edge-admin.shop.example", "edge-shop.example"]);
  assert.deepEqual(records["edge-shop.example"], {
    zoneId: args.zone.id,
    name: "shop.example",
    type: "CNAME",
    content: "balancer.elb.example",
    ttl: 1,
    proxied: true,
  });
  const routes = ofType(recorded, "cloudflare:index/workersRoute:WorkersRoute");
  assert.deepEqual(Object.keys(routes).sort(), ["edge-route-admin.shop.example", "edge-route-shop.example"]);
  assert.equal(routes["edge-route-shop.example"]?.pattern, "shop.example/*");
  assert.equal(routes["edge-route-shop.example"]?.script, "shop-sandbox-edge");
  assert.equal(recorded.length, 3 + 2 * 2);
});

test("the worker is the file beside the component, named for its environment", async () => {
  const script = ofType((await declare()).recorded, "cloudflare:index/workersScript:WorkersScript").edge;
  assert.equal(script?.scriptName, "shop-sandbox-edge");
  assert.equal(script?.mainModule, "edge-worker.js");
  assert.deepEqual(script?.compatibilityFlags, ["global_fetch_private_origin"], "else it would call itself");
  assert.match(String(script?.content), /^\/\*\*[\s\S]+export default \{/);
});

for (const [noindex, text] of [
  [true, "on"],
  [false, "off"],
] as const)
  test(`the worker holds the key as a secret, and noindex ${text}`, async () => {
    const { recorded } = await declare({ noindex });
    const script = ofType(recorded, "cloudflare:index/workersScript:WorkersScript").edge;
    const bindings = script?.bindings as { secret?: unknown };
    // A secret inside an array marks the array where it is handed over.
    assert.deepEqual(bindings.secret ?? bindings, [
      { name: "NOINDEX", type: "plain_text", text },
      { name: "ORIGIN_KEY", type: "secret_text", text: bindings.secret ? KEY : { secret: KEY } },
    ]);
  });

test("what closes applications is bound to the worker beside its own", async () => {
  const maintenance = [{ name: "PAGE", type: "plain_text", text: "<p>" }];
  const { recorded } = await declare({ maintenance });
  const script = ofType(recorded, "cloudflare:index/workersScript:WorkersScript").edge;
  const bindings = script?.bindings as { secret?: unknown };
  const names = ((bindings.secret ?? bindings) as { name: string }[]).map(({ name }) => name);
  assert.deepEqual(names, ["NOINDEX", "ORIGIN_KEY", "PAGE"]);
});

test("the key has 48 letters and digits: a listener's condition reads no wildcard in it", async () => {
  const keys = ofType((await declare()).recorded, "random:index/randomPassword:RandomPassword");
  assert.deepEqual(keys, { "edge-key": { length: 48, special: false } });
});

test("the key leaves the component as a secret", async () => {
  const { originKey } = (await declare()).edge as unknown as {
    originKey: { isSecret: Promise<boolean>; promise(): Promise<string> };
  };
  assert.equal(await originKey.isSecret, true);
  assert.equal(await originKey.promise(), KEY);
});

test("the worker cannot be reached around its hosts", async () => {
  const subdomains = ofType(
    (await declare()).recorded,
    "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain",
  );
  assert.equal(subdomains["edge-subdomain"]?.enabled, false);
  assert.equal(subdomains["edge-subdomain"]?.previewsEnabled, false);
});

test("a host with editors lets in these addresses and nobody else; other hosts are open", async () => {
  const editors = { "admin.shop.example": ["ann@shop.example", "bob@shop.example"] };
  const { recorded } = await declare({ editors });
  const policies = ofType(recorded, "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy");
  assert.deepEqual(Object.keys(policies), ["edge-editors-admin.shop.example"]);
  const policy = policies["edge-editors-admin.shop.example"];
  assert.equal(policy?.decision, "allow");
  assert.deepEqual(policy?.includes, [
    { email: { email: "ann@shop.example" } },
    { email: { email: "bob@shop.example" } },
  ]);
  const logins = ofType(recorded, "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication");
  assert.deepEqual(Object.keys(logins), ["edge-login-admin.shop.example"]);
  const login = logins["edge-login-admin.shop.example"];
  assert.deepEqual(login?.destinations, [{ type: "public", uri: "admin.shop.example" }]);
  assert.deepEqual(login?.policies, [{ id: "edge-editors-admin.shop.example-id", precedence: 1 }]);
});

test("editors of a host that is not served, and a login that admits nobody, are refused by name", () => {
  assert.throws(
    () => refuseUnknownHosts(["shop.example"], [["adm.shop.example", ["a@b.example"]]]),
    /adm\.shop\.example.+served: shop\.example/,
  );
  assert.throws(() => refuseUnknownHosts(["shop.example"], [["shop.example", []]]), /at least one address/);
});

test("each host has its public address", async () => {
  assert.deepEqual((await declare()).edge.urls, {
    "shop.example": "https://shop.example",
    "admin.shop.example": "https://admin.shop.example",
  });
});
