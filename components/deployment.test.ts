import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { Commits } from "./commits";
import { Deployment, type DeploymentArgs } from "./deployment";
import type { GithubEnvironment } from "./github-environment";
import { ofType, record } from "./recorder";
import { NOTICES } from "./workflows/notices.test-helper";

const FILE = "github:index/repositoryFile:RepositoryFile";
const SECRET = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret";

async function declared(environment: "sandbox" | "prod", more: Partial<DeploymentArgs> = {}) {
  const recorded = await record(() => {
    const repository = pulumi.output("shop");
    const standing = { environment: pulumi.output(environment), repositoryId: pulumi.output(77) };
    new Deployment("deploy", {
      scope: { project: "shop", environment, region: "eu-west-3", accountId: "111111111111" },
      owner: "acme",
      repository,
      environment: standing as unknown as GithubEnvironment,
      branch: "main",
      commits: new Commits(repository, "main"),
      notices: NOTICES,
      source: environment === "prod" ? "sandbox" : undefined,
      target: environment === "prod" ? undefined : "prod",
      applications: { web: { directory: ".", repositoryUrl: "images.test/web", repositoryArn: "arn:web" } },
      providerArn: "arn:issuer",
      after: [],
      ...more,
    });
  });
  return { secrets: ofType(recorded, SECRET), content: String(ofType(recorded, FILE).deploy?.content) };
}

test("the token that starts the stack's workflows is a secret of the first environment, and of no other", async () => {
  const args = { stack: "stack", dispatch: "token-1" };
  const sandbox = await declared("sandbox", args);
  assert.deepEqual(sandbox.secrets, {
    "deploy-dispatch": {
      repository: "shop",
      environment: "sandbox",
      secretName: "STACK_DISPATCH_TOKEN",
      value: { secret: "token-1" },
    },
  });
  assert.match(sandbox.content, /STACK: acme\/stack\n/);
  assert.doesNotMatch(sandbox.content, /token-1/);
  const prod = await declared("prod", args);
  assert.deepEqual(prod.secrets, {});
  assert.match(prod.content, /gh workflow run up-prod\.yml/);
});

test("where applications and stack share a repository there is no token to keep", async () => {
  const { secrets, content } = await declared("sandbox", { stack: "shop", sharesStack: true });
  assert.deepEqual(secrets, {});
  assert.doesNotMatch(content, /STACK_DISPATCH_TOKEN/);
});

test("without a stack's repository the commands are printed, and production copies images itself", async () => {
  assert.match((await declared("sandbox")).content, /pulumi config set --stack \$STACK/);
  assert.match((await declared("prod")).content, /skopeo copy/);
});
