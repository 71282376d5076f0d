import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import type { SiteSettings } from "../config/schema";
import { Commits } from "./commits";
import { ofType, record } from "./recorder";
import type { DeployedSite } from "./site";
import { SiteDelivery } from "./site-delivery";
import { NOTICES } from "./workflows/notices.test-helper";

const SETTINGS: SiteSettings = {
  host: "www.shop.example",
  aliases: [],
  target: "bucket",
  pipeline: "actions",
  directory: ".",
  output: "public",
  variables: {},
};
const BUCKET = { bucket: { name: "files", arn: "arn:aws:s3:::files" } };
const PAGES = { pages: { project: "shop-prod-site-web", accountId: "0".repeat(32), token: "a token" } };

const declare = (settings: Partial<SiteSettings>, where: Partial<DeployedSite>) =>
  record(
    () =>
      new SiteDelivery("site", {
        scope: { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" },
        key: "web",
        owner: "acme",
        ownerId: "1001",
        commits: new Commits("site", "live"),
        providerArn: "arn:issuer",
        site: {
          settings: { ...SETTINGS, ...settings },
          url: "https://www.shop.example",
          noindex: true,
          ...where,
        },
        notices: NOTICES,
        after: [],
      }),
    () => ({ repositoryId: 77 }),
  );

type Recorded = Awaited<ReturnType<typeof record>>;

const ROLE = "aws:iam/role:Role";
const FILE = "github:index/repositoryFile:RepositoryFile";
const SECRET = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret";

const variables = (recorded: Recorded) =>
  Object.fromEntries(
    Object.values(ofType(recorded, "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable")).map(
      ({ environment, variableName, value }) => [`${environment} ${variableName}`, value],
    ),
  );

const trust = (recorded: Recorded) => {
  const [role] = Object.values(ofType(recorded, ROLE));
  return JSON.parse(role?.assumeRolePolicy as string).Statement[0];
};

const permissions = (recorded: Recorded) => {
  const [policy] = Object.values(ofType(recorded, "aws:iam/rolePolicy:RolePolicy"));
  return JSON.parse(policy?.policy as string).Statement;
};

test("its environment has no reviewers and takes the site's branch only", async () => {
  const recorded = await declare({}, BUCKET);
  const environment = ofType(recorded, "github:index/repositoryEnvironment:RepositoryEnvironment").site;
  assert.deepEqual(
    [environment?.environment, environment?.repository, environment?.reviewers],
    ["prod-site-web", "site", undefined],
  );
  const [policy] = Object.values(
    ofType(
      recorded,
      "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy",
    ),
  );
  assert.equal(policy?.branchPattern, "live");
});

test("its role opens this one bucket's objects, from this one environment", async () => {
  const recorded = await declare({}, BUCKET);
  assert.equal(Object.values(ofType(recorded, ROLE))[0]?.name, "shop-prod-site-web");
  assert.deepEqual(permissions(recorded), [
    { Sid: "SeeFiles", Effect: "Allow", Action: ["s3:ListBucket"], Resource: ["arn:aws:s3:::files"] },
    {
      Sid: "ChangeFiles",
      Effect: "Allow",
      Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      Resource: ["arn:aws:s3:::files/*"],
    },
  ]);
  assert.deepEqual(trust(recorded).Condition.StringEquals["token.actions.githubusercontent.com:sub"], [
    "repo:acme/site:environment:prod-site-web",
    "repo:acme@1001/site@77:environment:prod-site-web",
  ]);
});

test("what the workflow reads stands in its environment, and the workflow on the site's branch", async () => {
  const recorded = await declare({}, BUCKET);
  assert.deepEqual(variables(recorded), {
    "prod-site-web AWS_REGION": "eu-west-3",
    "prod-site-web AWS_ROLE_ARN": "arn:aws:test:eu-west-3:111111111111:site-role",
    "prod-site-web SITE_BUCKET": "files",
    "prod-site-web SITE_URL": "https://www.shop.example",
  });
  const [file] = Object.values(ofType(recorded, FILE));
  assert.deepEqual(
    [file?.repository, file?.branch, file?.file],
    ["site", "live", ".github/workflows/site-web-prod.yml"],
  );
  assert.deepEqual(parse(file?.content as string).on.push, { branches: ["live"] });
});

test("a site on Pages has no role: its token is a secret of its environment", async () => {
  const recorded = await declare({ target: "pages" }, PAGES);
  assert.deepEqual(ofType(recorded, ROLE), {});
  assert.deepEqual(variables(recorded), {
    "prod-site-web CLOUDFLARE_ACCOUNT_ID": "0".repeat(32),
    "prod-site-web PAGES_PROJECT": "shop-prod-site-web",
    "prod-site-web SITE_URL": "https://www.shop.example",
  });
  const [secret] = Object.values(ofType(recorded, SECRET));
  assert.deepEqual(
    [secret?.environment, secret?.secretName, secret?.value],
    ["prod-site-web", "CLOUDFLARE_API_TOKEN", { secret: "a token" }],
  );
  const [file] = Object.values(ofType(recorded, FILE));
  assert.match(file?.content as string, /NOINDEX: on/);
});

test("a site that its host compiles gets nothing", async () => {
  assert.deepEqual(await declare({ target: "pages", pipeline: "native" }, PAGES), []);
});

test("a site on GitLab gets a role for exactly its branch, and nothing on GitHub", async () => {
  const recorded = await declare({ gitlab: "agency/web/site" }, BUCKET);
  assert.deepEqual(
    recorded.filter(({ type }) => type.startsWith("github:")),
    [],
  );
  assert.deepEqual(trust(recorded), {
    Sid: "PipelinesOfOneBranch",
    Effect: "Allow",
    Principal: { Federated: "arn:issuer" },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: {
        "gitlab.com:aud": "sts.amazonaws.com",
        "gitlab.com:sub": "project_path:agency/web/site:ref_type:branch:ref:live",
      },
    },
  });
  assert.equal(permissions(recorded).length, 2);
});
