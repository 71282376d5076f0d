import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { checkBranch, Delivery, type DeliveryArgs } from "./delivery";
import { ofType, type Recorded, record } from "./recorder";
import { deployWorkflow } from "./workflows/deploy";
import { NOTICES } from "./workflows/notices.test-helper";
import { serialise } from "./workflows/workflow";

const scopeOf = (environment: string) => ({
  project: "shop",
  environment,
  region: "eu-west-3",
  accountId: "111111111111",
});

const application = (key: string, directory = ".") => ({
  directory,
  repositoryUrl: `images.test/${key}`,
  repositoryArn: `arn:aws:ecr:eu-west-3:111111111111:repository/${key}`,
});

const ARGS: Omit<DeliveryArgs, "scope"> = {
  order: ["sandbox", "prod"],
  notices: NOTICES,
  owner: "acme",
  repository: "shop",
  branch: "main",
  reviewers: ["zoe", "ana"],
  reviewed: false,
  common: false,
  applications: { web: application("web"), "back-office": application("back-office", "office") },
};

const declare = (environment: string, args: Partial<DeliveryArgs> = {}) =>
  record(
    () => new Delivery("delivery", { ...ARGS, scope: scopeOf(environment), ...args }),
    () => ({ repositoryId: 77 }),
  );

const names = (recorded: readonly Recorded[], type: string) => Object.keys(ofType(recorded, type)).sort();
const values = (recorded: readonly Recorded[], type: string) =>
  Object.fromEntries(
    Object.values(ofType(recorded, type)).map(({ variableName, value }) => [variableName, value]),
  );

const ENVIRONMENT = "github:index/repositoryEnvironment:RepositoryEnvironment";
const FILE = "github:index/repositoryFile:RepositoryFile";
const ROLE = "aws:iam/role:Role";
const SECRET = "github:index/actionsSecret:ActionsSecret";
const OWN_VARIABLE = "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable";
const SHARED_VARIABLE = "github:index/actionsVariable:ActionsVariable";
const ISSUER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";

for (const environment of ["sandbox", "prod"])
  test(`only the deployed branch reaches ${environment}, and administrators are no exception`, async () => {
    const recorded = await declare(environment);
    const { delivery } = ofType(recorded, ENVIRONMENT);
    assert.equal(delivery?.environment, environment);
    assert.equal(delivery?.canAdminsBypass, false);
    assert.deepEqual(delivery?.deploymentBranchPolicy, {
      protectedBranches: false,
      customBranchPolicies: true,
    });
    assert.deepEqual(
      ofType(
        recorded,
        "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy",
      ),
      { "delivery-branch": { repository: "shop", environment, branchPattern: "main" } },
    );
  });

test("people approve where the environment is reviewed, and only there", async () => {
  const reviewers = async (reviewed: boolean) =>
    ofType(await declare("prod", { reviewed }), ENVIRONMENT).delivery?.reviewers;
  assert.equal(await reviewers(false), undefined);
  const [group] = (await reviewers(true)) as [{ users: number[] }];
  assert.equal(group.users.length, 2);
});

test("the workflow's file is exactly the workflow, committed without starting it", async () => {
  const { "delivery-deploy": file } = ofType(await declare("sandbox"), FILE);
  const workflow = deployWorkflow({
    notices: NOTICES,
    environment: "sandbox",
    branch: "main",
    applications: [
      { key: "back-office", directory: "office" },
      { key: "web", directory: "." },
    ],
  });
  assert.deepEqual(file, {
    repository: "shop",
    branch: "main",
    file: ".github/workflows/deploy-sandbox.yml",
    content: serialise(workflow),
    commitMessage: "deploy sandbox as tandem declares it [skip ci]",
    overwriteOnCreate: true,
  });
});

test("every variable and secret that a workflow reads is declared", async () => {
  const sandbox = await declare("sandbox", { webhook: "https://hooks.test/a" });
  const prod = await declare("prod", { webhook: "https://hooks.test/b" });
  for (const recorded of [sandbox, prod]) {
    const content = String(ofType(recorded, FILE)["delivery-deploy"]?.content);
    const read = [...content.matchAll(/\b(?:vars|secrets)\.(\w+)/g)].map(([, name]) => name as string);
    const declared = [
      ...Object.keys(values(recorded, OWN_VARIABLE)),
      ...Object.keys(values(sandbox, SHARED_VARIABLE)),
      ...Object.values(ofType(recorded, SECRET)).map(({ secretName }) => String(secretName)),
    ];
    assert.ok(read.length > 0);
    for (const name of read) assert.ok(declared.includes(name), name);
  }
});

test("the file comes after all that it reads", async () => {
  const recorded = await declare("sandbox", { webhook: "https://hooks.test/a", smtp: "smtps://mail.test" });
  const after = recorded.slice(recorded.findIndex(({ type }) => type === FILE));
  assert.deepEqual(
    after.map(({ name }) => name),
    ["delivery-deploy", "delivery-watch"],
  );
});

test("the watcher knows every other workflow of its repository, by name and by file", async () => {
  const { "delivery-watch": file } = ofType(await declare("sandbox"), FILE);
  assert.equal(file?.file, ".github/workflows/watch-sandbox.yml");
  assert.deepEqual(parse(String(file?.content)).on.workflow_run.workflows, [
    ".github/workflows/deploy-sandbox.yml",
    "deploy sandbox",
  ]);
});

test("an environment has its own registries and role as variables", async () => {
  assert.deepEqual(values(await declare("sandbox"), OWN_VARIABLE), {
    AWS_REGION: "eu-west-3",
    AWS_ROLE_ARN: "arn:aws:test:eu-west-3:111111111111:delivery-deploy-roles-own",
    REGISTRY_BACK_OFFICE: "images.test/back-office",
    REGISTRY_WEB: "images.test/web",
  });
});

test("the sandbox publishes what production needs to copy its images; production publishes nothing", async () => {
  assert.deepEqual(values(await declare("sandbox"), SHARED_VARIABLE), {
    SANDBOX_AWS_REGION: "eu-west-3",
    SANDBOX_READER_ROLE_ARN: "arn:aws:test:eu-west-3:111111111111:delivery-deploy-roles-reader",
    SANDBOX_REGISTRY_BACK_OFFICE: "images.test/back-office",
    SANDBOX_REGISTRY_WEB: "images.test/web",
  });
  assert.deepEqual(values(await declare("prod"), SHARED_VARIABLE), {});
});

test("each role trusts the workflows of one environment: its own, and in the sandbox a reader for production", async () => {
  const roles = ofType(await declare("sandbox"), ROLE);
  assert.deepEqual(Object.keys(roles).sort(), ["delivery-deploy-roles-own", "delivery-deploy-roles-reader"]);
  for (const [name, environment] of [
    ["delivery-deploy-roles-own", "sandbox"],
    ["delivery-deploy-roles-reader", "prod"],
  ] as const) {
    const trusted = JSON.parse(String(roles[name]?.assumeRolePolicy));
    assert.deepEqual(trusted.Statement[0].Principal, {
      Federated: "arn:aws:test:eu-west-3:111111111111:delivery-issuer",
    });
    const [byName, byNumber] =
      trusted.Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"];
    assert.equal(byName, `repo:acme/shop:environment:${environment}`);
    assert.match(byNumber, new RegExp(`^repo:acme@[^@/:*]+/shop@77:environment:${environment}$`));
  }
  assert.deepEqual(names(await declare("prod"), ROLE), ["delivery-deploy-roles-own"]);
});

test("a role touches the registries of this environment only", async () => {
  const policies = ofType(await declare("sandbox"), "aws:iam/rolePolicy:RolePolicy");
  for (const { policy } of Object.values(policies)) {
    const { Statement } = JSON.parse(String(policy));
    assert.deepEqual(Statement[1].Resource, [
      "arn:aws:ecr:eu-west-3:111111111111:repository/back-office",
      "arn:aws:ecr:eu-west-3:111111111111:repository/web",
    ]);
  }
});

test("GitHub's tokens are made known to an account once", async () => {
  assert.equal(names(await declare("sandbox"), ISSUER).length, 1);
  const recorded = await declare("prod", { registersIssuer: false });
  assert.deepEqual(names(recorded, ISSUER), []);
  const [role] = Object.values(ofType(recorded, ROLE));
  const { Statement } = JSON.parse(String(role?.assumeRolePolicy));
  assert.deepEqual(Statement[0].Principal, {
    Federated: "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com",
  });
});

test("the webhook is a secret of the repository under the environment's name, where no reviewer holds it up", async () => {
  const recorded = await declare("prod", { webhook: "https://hooks.test/b" });
  assert.deepEqual(ofType(recorded, SECRET), {
    "delivery-webhook": {
      repository: "shop",
      secretName: "NOTICE_WEBHOOK_PROD",
      value: { secret: "https://hooks.test/b" },
    },
  });
  assert.equal(JSON.stringify(ofType(recorded, FILE)).includes("hooks.test"), false);
});

test("the mail server is a secret of the same kind", async () => {
  const recorded = await declare("prod", { smtp: "smtps://u:p@mail.test:465" });
  assert.deepEqual(ofType(recorded, SECRET), {
    "delivery-smtp": {
      repository: "shop",
      secretName: "NOTICE_SMTP_PROD",
      value: { secret: "smtps://u:p@mail.test:465" },
    },
  });
});

test("what belongs to the repository is declared by one stack only", async () => {
  const RULESET = "github:index/repositoryRuleset:RepositoryRuleset";
  assert.deepEqual(names(await declare("sandbox"), RULESET), []);
  assert.deepEqual(names(await declare("prod", { common: true }), RULESET), ["delivery-repository-main"]);
});

test("a commit at a time: the Dependabot file waits for the workflows", async () => {
  const files = (await declare("prod", { common: true })).filter(({ type }) => type === FILE);
  assert.deepEqual(
    files.map(({ name }) => name),
    ["delivery-deploy", "delivery-watch", "delivery-repository-dependabot"],
  );
});

test("the first environment creates the repository, private unless told otherwise; no other one does", async () => {
  const REPOSITORY = "github:index/repository:Repository";
  assert.deepEqual(names(await declare("sandbox", { create: true }), REPOSITORY), ["delivery-repository"]);
  assert.deepEqual(names(await declare("prod", { create: true }), REPOSITORY), []);
  const visible = async (args: object) =>
    ofType(await declare("sandbox", { create: true, ...args }), REPOSITORY)["delivery-repository"]
      ?.visibility;
  assert.equal(await visible({}), "private");
  assert.equal(await visible({ visibility: "public" }), "public");
  assert.deepEqual(names(await declare("sandbox"), REPOSITORY), []);
});

test("a repository that is created begins with main: another branch is refused with a remedy", () => {
  assert.throws(
    () => checkBranch({ create: true, branch: "trunk" }),
    /github\.branch is "trunk".*allowed: main.*remedy/,
  );
  checkBranch({ create: true, branch: "main" });
  checkBranch({ create: false, branch: "trunk" });
});

test("without applications there is an environment, and nothing to deploy with", async () => {
  const recorded = await declare("sandbox", { applications: {} });
  assert.deepEqual(names(recorded, ENVIRONMENT), ["delivery"]);
  for (const type of [FILE, ROLE, ISSUER, OWN_VARIABLE, SHARED_VARIABLE])
    assert.deepEqual(names(recorded, type), [], type);
});
