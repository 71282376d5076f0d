import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type PullRequests,
  permissionDocument,
  preview,
  pullImages,
  pushImages,
  subjects,
  type Trusted,
  trustDocument,
  WorkflowRole,
  type Workflows,
} from "./oidc";
import { admits as admittedBy, type Token } from "./oidc.test-helper";
import { ofType, record } from "./recorder";

const WORKFLOWS: Workflows = {
  owner: "acme",
  ownerId: "11",
  repository: "shop",
  repositoryId: "77",
  environment: "prod",
};
const PROVIDER = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com";
const REGISTRY = "arn:aws:ecr:eu-west-3:111111111111:repository/shop-prod-web";

/** Whether AWS would let a token in. */
const admits = (token: Token, trusted: Trusted = WORKFLOWS): boolean =>
  admittedBy(JSON.stringify(trustDocument(PROVIDER, subjects(trusted))), token);

for (const [title, sub] of [
  ["a repository of before July 2026", "repo:acme/shop:environment:prod"],
  ["a newer repository", "repo:acme@11/shop@77:environment:prod"],
] as const)
  test(`the environment's workflows are let in: ${title}`, () => assert.equal(admits({ sub }), true));

for (const [title, sub] of [
  ["a fork", "repo:mallory/shop:environment:prod"],
  ["a fork with numbers", "repo:mallory@99/shop@88:environment:prod"],
  ["a pull request", "repo:acme/shop:pull_request"],
  ["a pull request with numbers", "repo:acme@11/shop@77:pull_request"],
  ["a branch without the environment", "repo:acme/shop:ref:refs/heads/main"],
  ["a tag", "repo:acme/shop:ref:refs/tags/v1"],
  ["the other environment", "repo:acme/shop:environment:sandbox"],
  ["an environment whose name goes on", "repo:acme/shop:environment:prod2"],
  ["another repository of the owner", "repo:acme/other:environment:prod"],
  ["a new repository under the old name", "repo:acme@11/shop@78:environment:prod"],
  ["another owner under the old name", "repo:acme@12/shop@77:environment:prod"],
  ["an environment that spells a subject", "repo:acme/x:environment:repo:acme/shop:environment:prod"],
  ["a pattern", "repo:acme/*"],
  ["nothing", ""],
] as const)
  test(`others are refused: ${title}`, () => assert.equal(admits({ sub }), false));

test("a token that was made out for somebody else is refused", () => {
  assert.equal(admits({ sub: "repo:acme/shop:environment:prod", aud: "https://github.com/acme" }), false);
});

const { environment: _, ...REPOSITORY } = WORKFLOWS;
const PULL_REQUESTS: PullRequests = { ...REPOSITORY, pullRequests: true };

for (const [title, sub, admitted] of [
  ["one of before July 2026", "repo:acme/shop:pull_request", true],
  ["a newer one", "repo:acme@11/shop@77:pull_request", true],
  ["a fork", "repo:mallory/shop:pull_request", false],
  ["a fork with numbers", "repo:mallory@99/shop@88:pull_request", false],
  ["another repository of the owner", "repo:acme/other:pull_request", false],
  ["a new repository under the old name", "repo:acme@11/shop@78:pull_request", false],
  ["a branch", "repo:acme/shop:ref:refs/heads/main", false],
  ["an environment", "repo:acme/shop:environment:prod", false],
  ["an environment of that name", "repo:acme/shop:environment:pull_request", false],
  ["nothing", "", false],
] as const)
  test(`a role for pull requests of a repository ${admitted ? "lets in" : "refuses"} ${title}`, () =>
    assert.equal(admits({ sub }, PULL_REQUESTS), admitted));

test("a preview reads what images and databases there are, and neither data nor secrets", () => {
  const statements = preview({
    project: "shop",
    environment: "prod",
    region: "eu-west-3",
    accountId: "111111111111",
  });
  assert.deepEqual(
    statements.map(({ Action, Resource }) => [Action, Resource]),
    [
      [["ecr:DescribeImages", "ecr:ListImages"], ["arn:aws:ecr:eu-west-3:111111111111:repository/*"]],
      [["rds:DescribeDBInstances"], ["arn:aws:rds:eu-west-3:111111111111:db:*"]],
    ],
  );
});

test("only the provider's tokens count, and only for taking on the role", () => {
  const [statement] = trustDocument(PROVIDER, subjects(WORKFLOWS)).Statement;
  assert.deepEqual(statement?.Principal, { Federated: PROVIDER });
  assert.equal(statement?.Action, "sts:AssumeRoleWithWebIdentity");
});

test("a reader reads its registries and nothing else", () => {
  assert.deepEqual(permissionDocument(pullImages([REGISTRY])), {
    Version: "2012-10-17",
    Statement: [
      { Sid: "SignIn", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] },
      {
        Sid: "ReadImages",
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: [REGISTRY],
      },
    ],
  });
});

test("who adds images deletes none and changes no setting", () => {
  const actions = pushImages([REGISTRY]).flatMap(({ Action }) => Action);
  assert.deepEqual(actions, [
    "ecr:GetAuthorizationToken",
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
  ]);
});

test("everything is allowed on named registries only, but for what AWS cannot narrow", () => {
  for (const { Sid, Resource } of [...pullImages([REGISTRY]), ...pushImages([REGISTRY])])
    assert.deepEqual(Resource, Sid === "SignIn" ? ["*"] : [REGISTRY]);
});

test("a role carries its documents", async () => {
  const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "111111111111" };
  const recorded = await record(
    () =>
      new WorkflowRole("deploy", {
        scope,
        role: "deploy",
        description: "Adds images",
        providerArn: PROVIDER,
        workflows: WORKFLOWS,
        statements: pushImages([REGISTRY]),
      }),
  );
  assert.deepEqual(ofType(recorded, "aws:iam/role:Role"), {
    deploy: {
      name: "shop-prod-deploy",
      description: "Adds images",
      assumeRolePolicy: JSON.stringify(trustDocument(PROVIDER, subjects(WORKFLOWS))),
      maxSessionDuration: 3600,
      tags: { Name: "shop-prod-deploy", Project: "shop", Environment: "prod", ManagedBy: "tandem" },
    },
  });
  assert.deepEqual(ofType(recorded, "aws:iam/rolePolicy:RolePolicy"), {
    "deploy-policy": {
      role: "shop-prod-deploy",
      policy: JSON.stringify(permissionDocument(pushImages([REGISTRY]))),
    },
  });
});
