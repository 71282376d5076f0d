import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { site as schema } from "../config/schema/site";
import { ofType, record } from "./recorder";
import { Site } from "./site";

const SCRIPT = "cloudflare:index/workersScript:WorkersScript";
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const ROUTE = "cloudflare:index/workersRoute:WorkersRoute";
const PROJECT = "cloudflare:index/pagesProject:PagesProject";
const DOMAIN = "cloudflare:index/pagesDomain:PagesDomain";
const ALERT = "cloudflare:index/notificationPolicy:NotificationPolicy";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };
const zone = { name: "shop.fr", id: "0".repeat(32), accountId: "f".repeat(32) };

/** What a site of these settings declares, and the site. */
async function declared(said: object, around: Partial<ConstructorParameters<typeof Site>[1]> = {}) {
  let site: Site | undefined;
  const settings = schema.parse({ host: "shop.fr", aliases: ["www.shop.fr"], ...said });
  const recorded = await record(
    () => {
      site = new Site("site-blog", {
        scope,
        key: "blog",
        settings,
        zone,
        source: { owner: "shop", repository: "site", branch: "main" },
        noindex: false,
        forceDestroy: false,
        mails: ["team@shop.fr"],
        ...around,
      });
    },
    (type, name) => ({
      ...(type === PROJECT ? { subdomain: "shop-prod-site-blog-x7.pages.dev" } : {}),
      ...(type === "aws:s3/bucket:Bucket" ? { bucket: `${name}-1a2b` } : {}),
      ...(type === "random:index/randomPassword:RandomPassword" ? { result: "read-key" } : {}),
    }),
  );
  return { site: site as Site, of: (type: string) => ofType(recorded, type), recorded };
}

/** The one resource of a type. */
function only(all: Record<string, Record<string, unknown>>): Record<string, unknown> {
  const [one, ...others] = Object.values(all);
  assert.ok(one !== undefined && others.length === 0);
  return one;
}

const pages = { target: "pages" };
const native = { ...pages, pipeline: "native", compile: "npm ci\nnpx hugo --title 'a b'", directory: "web" };

test("in a bucket, a worker answers for the host and its aliases, at the apex too", async () => {
  const { of, site } = await declared({});
  const nowhere = { zoneId: zone.id, type: "AAAA", content: "100::", ttl: 1, proxied: true };
  assert.deepEqual(of(RECORD), {
    "site-blog-shop.fr": { ...nowhere, name: "shop.fr" },
    "site-blog-www.shop.fr": { ...nowhere, name: "www.shop.fr" },
  });
  const route = { zoneId: zone.id, script: "shop-prod-site-blog" };
  assert.deepEqual(of(ROUTE), {
    "site-blog-route-shop.fr": { ...route, pattern: "shop.fr/*" },
    "site-blog-route-www.shop.fr": { ...route, pattern: "www.shop.fr/*" },
  });
  assert.equal(site.url, "https://shop.fr");
});

test("the worker is the tested text, knows the bucket and its key, and has no second address", async () => {
  const { of } = await declared({});
  const { bindings, content } = of(SCRIPT)["site-blog"] as Record<string, unknown>;
  assert.equal(content, readFileSync(join(__dirname, "site-worker.js"), "utf8"));
  const plain = (name: string, text: string) => ({ name, type: "plain_text", text });
  assert.deepEqual(bindings, {
    secret: [
      plain("HOST", "shop.fr"),
      plain("NOINDEX", "off"),
      plain("ORIGIN", "https://site-blog-files-1a2b.s3.eu-west-3.amazonaws.com"),
      { name: "READ_KEY", type: "secret_text", text: "read-key" },
    ],
  });
  const subdomains = of("cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain");
  assert.deepEqual(
    Object.values(subdomains).map(({ enabled, previewsEnabled }) => [enabled, previewsEnabled]),
    [[false, false]],
  );
});

test("the bucket is closed, and read by the edge alone: from its addresses, with the key", async () => {
  const { of } = await declared({});
  const access = only(of("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"));
  for (const shut of ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"])
    assert.equal(access[shut], true, shut);
  const { policy } = only(of("aws:s3/bucketPolicy:BucketPolicy"));
  const { Statement } = JSON.parse((policy as { secret: string }).secret);
  assert.deepEqual(
    Statement.filter(({ Effect }: { Effect: string }) => Effect === "Allow").map(
      ({ Action, Principal, Condition }: Record<string, unknown>) => ({ Action, Principal, Condition }),
    ),
    [
      {
        Action: "s3:GetObject",
        Principal: "*",
        Condition: {
          IpAddress: { "aws:SourceIp": ["192.0.2.0/24"] },
          StringEquals: { "aws:Referer": "read-key" },
        },
      },
    ],
  );
  assert.deepEqual(of("aws:s3/bucketLogging:BucketLogging"), {});
});

test("what an upload deletes is gone after a fortnight, and the bucket itself only on purpose", async () => {
  const { of } = await declared({});
  const { rules } = only(of("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"));
  const [rule] = rules as Record<string, unknown>[];
  assert.deepEqual(rule?.noncurrentVersionExpiration, { noncurrentDays: 14 });
  assert.deepEqual(rule?.expiration, { expiredObjectDeleteMarker: true });
  assert.equal(of("aws:s3/bucket:Bucket")["site-blog-files"]?.forceDestroy, false);
});

test("search engines are sent away where the environment says so", async () => {
  const { of, site } = await declared({}, { noindex: true });
  const { bindings } = of(SCRIPT)["site-blog"] as { bindings: { secret: { name: string; text: string }[] } };
  assert.equal(bindings.secret.find(({ name }) => name === "NOINDEX")?.text, "on");
  assert.equal(site.deployed.noindex, true);
});

test("on Pages, the host leads to the address that Pages gave, before Pages gets to know it", async () => {
  const { of, recorded } = await declared(pages);
  assert.deepEqual(of(RECORD)["site-blog-shop.fr"], {
    zoneId: zone.id,
    name: "shop.fr",
    type: "CNAME",
    content: "shop-prod-site-blog-x7.pages.dev",
    ttl: 1,
    proxied: true,
  });
  assert.deepEqual(of(DOMAIN), {
    "site-blog-domain-shop.fr": {
      accountId: zone.accountId,
      projectName: "shop-prod-site-blog",
      name: "shop.fr",
    },
  });
  const order = recorded.map(({ name }) => name);
  assert.ok(order.indexOf("site-blog-shop.fr") < order.indexOf("site-blog-domain-shop.fr"));
  assert.deepEqual(of("aws:s3/bucket:Bucket"), {});
});

test("on Pages, a worker sends the aliases to the host: Pages redirects no hosts", async () => {
  const { of } = await declared(pages);
  assert.deepEqual(Object.keys(of(ROUTE)), ["site-blog-route-www.shop.fr"]);
  assert.deepEqual(of(SCRIPT)["site-blog"]?.bindings, [
    { name: "HOST", type: "plain_text", text: "shop.fr" },
    { name: "NOINDEX", type: "plain_text", text: "off" },
  ]);
  const without = await declared({ ...pages, aliases: [] });
  assert.deepEqual([without.of(SCRIPT), without.of(ROUTE)], [{}, {}]);
});

test("what a workflow uploads to Pages has no source there, and no alert of Cloudflare's", async () => {
  const { of } = await declared(pages);
  assert.deepEqual(of(PROJECT)["site-blog"], {
    accountId: zone.accountId,
    name: "shop-prod-site-blog",
    productionBranch: "main",
  });
  assert.deepEqual(of(ALERT), {});
});

test("what Pages compiles itself, it compiles from the branch, fails as a workflow does, and shows no previews", async () => {
  const { of } = await declared({ ...native, node: "22", variables: { THEME: "dark" } });
  const project = of(PROJECT)["site-blog"] as Record<string, Record<string, unknown>>;
  assert.deepEqual(project.buildConfig, {
    buildCommand: "bash -eo pipefail -c 'npm ci\nnpx hugo --title '\\''a b'\\'''",
    destinationDir: "public",
    rootDir: "web",
  });
  const text = (value: string) => ({ type: "plain_text", value });
  assert.deepEqual(project.deploymentConfigs, {
    production: {
      envVars: { THEME: text("dark"), BASE_URL: text("https://shop.fr"), NODE_VERSION: text("22") },
    },
  });
  assert.deepEqual(project.source, {
    type: "github",
    config: {
      owner: "shop",
      repoName: "site",
      productionBranch: "main",
      productionDeploymentsEnabled: true,
      previewDeploymentSetting: "none",
      prCommentsEnabled: false,
    },
  });
});

test("its compilation writes what sends search engines away, beside what the site says itself", async () => {
  const compile = "mkdir dist # by hand\nprintf '/x\\n  A: b' > dist/_headers";
  const { of } = await declared({ ...native, compile, output: "dist" }, { noindex: true });
  const { buildConfig } = only(of(PROJECT)) as { buildConfig: { buildCommand: string } };
  const cwd = mkdtempSync(join(tmpdir(), "site-"));
  const { status, stderr } = spawnSync("sh", ["-c", buildConfig.buildCommand], { cwd, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.equal(
    readFileSync(join(cwd, "dist", "_headers"), "utf8"),
    "/x\n  A: b\n/*\n  X-Robots-Tag: noindex, nofollow\n",
  );
});

test("its own alert tells of failed deployments of this project's production, by mail", async () => {
  const { of } = await declared(native);
  const { name, mechanisms, filters, alertType } = of(ALERT)["site-blog-alert"] as Record<string, unknown>;
  assert.deepEqual([name, alertType], ["shop-prod-site-blog", "pages_event_alert"]);
  assert.deepEqual(mechanisms, { emails: [{ id: "team@shop.fr" }] });
  assert.deepEqual(filters, {
    projectIds: ["a-project"],
    environments: ["ENVIRONMENT_PRODUCTION"],
    events: ["EVENT_DEPLOYMENT_FAILED"],
  });
});

test("whoever uploads gets to know where to, and nothing else", async () => {
  const bucket = (await declared({})).site.deployed;
  assert.deepEqual(Object.keys(bucket).sort(), ["bucket", "noindex", "settings", "url"]);
  const project = (await declared(pages, { token: "t" })).site.deployed;
  assert.deepEqual(Object.keys(project.pages ?? {}).sort(), ["accountId", "project", "token"]);
});
