import assert from "node:assert/strict";
import { test } from "node:test";
import { Delivery, type DeliveryArgs } from "./delivery";
import { preview } from "./oidc";
import { ofType, record } from "./recorder";
import { NOTICES } from "./workflows/notices.test-helper";

const SCOPE = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "111111111111" };
const WEB = {
  directory: ".",
  repositoryUrl: "images.test/web",
  repositoryArn: "arn:aws:ecr:eu-west-3:111111111111:repository/web",
};

const declare = (args: Partial<DeliveryArgs>) =>
  record(
    () =>
      new Delivery("delivery", {
        scope: SCOPE,
        notices: NOTICES,
        order: ["sandbox", "prod"],
        owner: "acme",
        repository: "shop",
        branch: "main",
        reviewers: [],
        reviewed: false,
        common: false,
        applications: { web: WEB },
        ...args,
      }),
    () => ({ repositoryId: 77 }),
  );

const ROLE = "aws:iam/role:Role";
const ISSUER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";

test("pull requests of the stack's own repository may take on a role, and nobody else", async () => {
  const role = ofType(await declare({ stack: "shop-stack" }), ROLE)["delivery-preview"];
  assert.equal(role?.name, "shop-prod-preview");
  const { Statement } = JSON.parse(String(role?.assumeRolePolicy));
  assert.deepEqual(
    Statement.map(({ Sid }: { Sid: string }) => Sid),
    ["PullRequestsOfOneRepository"],
  );
  assert.deepEqual(Statement[0].Condition, {
    StringEquals: {
      "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
      "token.actions.githubusercontent.com:sub": [
        "repo:acme/shop-stack:pull_request",
        "repo:acme@1001/shop-stack@88:pull_request",
      ],
    },
  });
});

test("the role may what a preview asks, and nothing more", async () => {
  const policies = ofType(await declare({ stack: "shop-stack" }), "aws:iam/rolePolicy:RolePolicy");
  const { policy } = policies["delivery-preview-policy"] ?? {};
  assert.deepEqual(JSON.parse(String(policy)).Statement, preview(SCOPE));
});

test("without the repository's name there is no such role", async () => {
  assert.deepEqual(Object.keys(ofType(await declare({}), ROLE)), ["delivery-deploy-roles-own"]);
});

test("GitHub's tokens are made known to the account once, with applications or without", async () => {
  const issuers = async (args: Partial<DeliveryArgs>) =>
    Object.keys(ofType(await declare({ stack: "shop-stack", ...args }), ISSUER));
  assert.deepEqual(await issuers({}), ["delivery-issuer"]);
  assert.deepEqual(await issuers({ applications: {} }), ["delivery-issuer"]);
  assert.deepEqual(await issuers({ applications: {}, registersIssuer: false }), []);
});
