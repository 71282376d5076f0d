import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import type { SiteSettings } from "../config/schema";
import { Delivery, type DeliveryArgs } from "./delivery";
import { ofType, type Recorded, record } from "./recorder";
import type { DeployedSite } from "./site";
import { NOTICES } from "./workflows/notices.test-helper";

const SCOPE = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "111111111111" };

const SETTINGS: SiteSettings = {
  host: "www.shop.example",
  aliases: [],
  target: "bucket",
  pipeline: "actions",
  directory: ".",
  output: "public",
  variables: {},
};

function site(settings: Partial<SiteSettings> = {}): DeployedSite {
  const said = { ...SETTINGS, ...settings };
  const base = { settings: said, url: `https://${said.host}`, noindex: false };
  return said.target === "pages"
    ? { ...base, pages: { project: "shop", accountId: "0".repeat(32), token: "a token" } }
    : { ...base, bucket: { name: "files", arn: "arn:aws:s3:::files" } };
}

const declare = (sites: Record<string, DeployedSite>, args: Partial<DeliveryArgs> = {}) =>
  record(
    () =>
      new Delivery("delivery", {
        scope: SCOPE,
        notices: NOTICES,
        order: ["sandbox", "prod"],
        owner: "acme",
        repository: "shop",
        branch: "main",
        reviewers: ["ana"],
        reviewed: true,
        common: false,
        applications: {},
        webhook: "https://hooks.test/a",
        sites,
        ...args,
      }),
    () => ({ repositoryId: 77 }),
  );

/** Where each committed file stands, in the order of the commits. */
const files = (recorded: readonly Recorded[]) =>
  recorded
    .filter(({ type }) => type === "github:index/repositoryFile:RepositoryFile")
    .map(({ inputs }) => `${inputs.repository}:${inputs.branch} ${inputs.file}`);

const names = (recorded: readonly Recorded[], type: string) => Object.keys(ofType(recorded, type)).sort();

const ISSUER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const SECRET = "github:index/actionsSecret:ActionsSecret";
const ENVIRONMENT = "github:index/repositoryEnvironment:RepositoryEnvironment";

test("a site's workflow stands in its own repository and branch, with the secrets that its notice reads and a watcher", async () => {
  const recorded = await declare({ docs: site({ repository: "docs", branch: "live" }), blog: site() });
  assert.deepEqual(files(recorded).sort(), [
    "docs:live .github/workflows/site-docs-prod.yml",
    "docs:live .github/workflows/watch-prod.yml",
    "shop:main .github/workflows/site-blog-prod.yml",
    "shop:main .github/workflows/watch-prod.yml",
  ]);
  assert.deepEqual(names(recorded, SECRET), ["delivery-webhook", "delivery-webhook-docs"]);
});

test("two branches of one repository have one watcher, which knows the sites of both", async () => {
  const recorded = await declare({
    docs: site({ repository: "docs", branch: "live" }),
    blog: site({ repository: "docs", branch: "blog" }),
  });
  const watchers = Object.values(ofType(recorded, "github:index/repositoryFile:RepositoryFile")).filter(
    ({ file }) => file === ".github/workflows/watch-prod.yml",
  );
  assert.equal(watchers.length, 1);
  const watched: string[] = parse(String(watchers[0]?.content)).on.workflow_run.workflows;
  for (const key of ["blog", "docs"]) assert.ok(watched.includes(`.github/workflows/site-${key}-prod.yml`));
});

test("editors' pushes go live without a reviewer, also in production", async () => {
  const environments = ofType(await declare({ blog: site() }), ENVIRONMENT);
  assert.ok(environments.delivery?.reviewers);
  assert.equal(environments["delivery-site-blog"]?.environment, "prod-site-blog");
  assert.equal(environments["delivery-site-blog"]?.reviewers, undefined);
});

test("every site on GitHub shares one issuer; one on Pages needs none", async () => {
  const one = site({ host: "a.shop.example" });
  assert.deepEqual(names(await declare({ a: one, b: site() }), ISSUER), ["delivery-issuer"]);
  assert.deepEqual(names(await declare({ a: site({ target: "pages" }) }), ISSUER), []);
});

test("a site on GitLab gets a role and nothing on GitHub", async () => {
  const recorded = await declare({ blog: site({ gitlab: "agency/blog", branch: "live" }) });
  assert.deepEqual(files(recorded), []);
  assert.deepEqual(names(recorded, ENVIRONMENT), ["delivery"]);
  assert.deepEqual(names(recorded, ISSUER), ["delivery-gitlab-issuer"]);
  const [role] = Object.values(ofType(recorded, "aws:iam/role:Role"));
  assert.match(String(role?.assumeRolePolicy), /"project_path:agency\/blog:ref_type:branch:ref:live"/);
});

test("a site that its host compiles gets nothing, and its repository no secret", async () => {
  const recorded = await declare({
    blog: site({ target: "pages", pipeline: "native", repository: "blog" }),
  });
  assert.deepEqual(files(recorded), []);
  assert.deepEqual(names(recorded, SECRET), ["delivery-webhook"]);
  assert.deepEqual(names(recorded, ENVIRONMENT), ["delivery"]);
});

test("Dependabot looks where the sites of the application's repository stand, and not for those elsewhere", async () => {
  const recorded = await declare(
    {
      blog: site({ directory: "blog" }),
      docs: site({ repository: "docs", directory: "docs" }),
      news: site({ gitlab: "agency/news", directory: "news" }),
    },
    { common: true, ecosystems: ["npm"] },
  );
  const file = ofType(recorded, "github:index/repositoryFile:RepositoryFile")[
    "delivery-repository-dependabot"
  ];
  const { updates } = parse(String(file?.content));
  assert.deepEqual(
    updates.map(({ directory }: { directory: string }) => directory),
    ["/blog"],
  );
});
