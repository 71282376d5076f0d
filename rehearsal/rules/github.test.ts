import assert from "node:assert/strict";
import { test } from "node:test";
import { Cloud } from "../cloud";
import type { Props } from "../types";
import { worldFor } from "../world";
import { refusal } from "./context.test-helper";

const WORLD = worldFor({
  repositories: [{ name: "acme/shop", files: ["README.md"] }],
  users: ["ada"],
});
const ADA = WORLD.users.ada?.id;

/** A cloud in which a test makes GitHub resources by their short names. */
function github() {
  const cloud = Cloud.empty(WORLD);
  const type = (kind: string) => `github:index/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`;
  const urn = (kind: string, name: string) => `urn:pulumi:test::test::${type(kind)}::${name}`;
  return {
    cloud,
    create(kind: string, inputs: Props, name = "main") {
      const given = { repository: "shop", ...inputs };
      const request = { type: type(kind), urn: urn(kind, name), account: "1" };
      return cloud.create({ ...request, inputs: given });
    },
    remove: (kind: string, id: string, olds?: Props) =>
      cloud.remove({ type: type(kind), urn: urn(kind, "main"), id, account: "1", ...(olds && { olds }) }),
    update: (kind: string, id: string, inputs: Props, olds?: Props) =>
      cloud.update({
        type: type(kind),
        urn: urn(kind, "main"),
        id,
        inputs,
        account: "1",
        ...(olds && { olds }),
      }),
  };
}

const PULL_REQUESTS_ONLY = {
  name: "main",
  target: "branch",
  enforcement: "active",
  conditions: { refName: { includes: ["~DEFAULT_BRANCH"], excludes: [] } },
  rules: { pullRequest: {} },
};

test("nothing can be put into a repository that does not exist", () => {
  const { create } = github();
  assert.throws(
    () => create("ActionsSecret", { repository: "none", secretName: "A" }),
    refusal("404", /none/),
  );
});

test("a repository whose name is taken is refused", () => {
  const { create } = github();
  assert.throws(() => create("Repository", { name: "shop" }), refusal("422", /import/));
});

test("a new repository has the owner of the others", () => {
  assert.equal(github().create("Repository", { name: "tools" }).outputs.fullName, "acme/tools");
});

test("a repository that archives on destroy stays, and its name stays taken", () => {
  const { create, remove, cloud } = github();
  const { id } = create("Repository", { name: "tools", archiveOnDestroy: true });
  remove("Repository", id);
  assert.equal(cloud.objects("github:index/repository:Repository").length, 1);
  assert.throws(() => create("Repository", { name: "tools" }, "again"), refusal("422"));
});

test("a file that exists is overwritten only on request", () => {
  const { create } = github();
  const readme = { file: "README.md", content: "hello" };
  assert.throws(() => create("RepositoryFile", readme), refusal("422", /take it away.*overwriteOnCreate/));
  assert.equal(create("RepositoryFile", { ...readme, overwriteOnCreate: true }).outputs.branch, "main");
});

test("a file's sha is git's own, and an unchanged content keeps its commit", () => {
  const { create, update } = github();
  const { id, outputs } = create("RepositoryFile", { file: "a", content: "hello\n" });
  assert.equal(outputs.sha, "ce013625030ba8dba906f756967f9e9ca394464a");
  const same = update("RepositoryFile", id, { repository: "shop", file: "a", content: "hello\n" });
  assert.equal(same.outputs.commitSha, outputs.commitSha);
});

test("what somebody edited since is neither overwritten nor deleted before the state has heard of it", () => {
  const { create, update, remove } = github();
  const file = { repository: "shop", file: "a", content: "declared" };
  const { id, outputs: known } = create("RepositoryFile", file);
  const edited = update("RepositoryFile", id, { ...file, content: "by hand" }).outputs;
  const changed = { ...file, content: "declared anew" };
  assert.throws(() => update("RepositoryFile", id, changed, known), refusal("409", /a was edited.*refresh/));
  assert.throws(() => remove("RepositoryFile", id, known), refusal("409", /refresh/));
  const { outputs } = update("RepositoryFile", id, changed, edited);
  remove("RepositoryFile", id, outputs);
});

test("a branch that must be named exists, or is asked for", () => {
  const { create } = github();
  const file = { file: "a", content: "x", branch: "docs" };
  assert.throws(() => create("RepositoryFile", file), refusal("404", /docs/));
  create("Branch", { branch: "docs", sourceBranch: "main" });
  create("RepositoryFile", file);
});

test("a branch rule blocks a commit, also an update and a delete", () => {
  const { create, update, remove } = github();
  const { id } = create("RepositoryFile", { file: "a", content: "x" });
  create("RepositoryRuleset", PULL_REQUESTS_ONLY);
  assert.throws(
    () => create("RepositoryFile", { file: "b", content: "x" }, "b"),
    refusal("409", /pull request/),
  );
  const changed = { repository: "shop", file: "a", content: "y" };
  assert.throws(() => update("RepositoryFile", id, changed), refusal("409"));
  assert.throws(() => remove("RepositoryFile", id), refusal("409"));
});

test("an administrator who may bypass commits all the same", () => {
  const { create } = github();
  const admin = { actorType: "RepositoryRole", actorId: 5, bypassMode: "always" };
  create("RepositoryRuleset", { ...PULL_REQUESTS_ONLY, bypassActors: [admin] });
  create("RepositoryFile", { file: "b", content: "x" });
});

test("a branch rule leaves other branches and evaluation alone", () => {
  const { create } = github();
  create("Branch", { branch: "docs", sourceBranch: "main" });
  create("RepositoryRuleset", PULL_REQUESTS_ONLY);
  create("RepositoryFile", { file: "b", content: "x", branch: "docs" });
});

test("a ruleset for branches takes no push rules, and none a refName for pushes", () => {
  const { create } = github();
  const push = { ...PULL_REQUESTS_ONLY, target: "push", rules: { maxFileSize: { maxFileSize: 5 } } };
  assert.throws(() => create("RepositoryRuleset", push), refusal("InvalidAttribute", /refName/));
  const mixed = { ...PULL_REQUESTS_ONLY, rules: { maxFileSize: { maxFileSize: 5 } } };
  assert.throws(() => create("RepositoryRuleset", mixed), refusal("InvalidAttribute", /maxFileSize/));
});

test("secrets and variables of an environment need the environment", () => {
  const { create } = github();
  const secret = { environment: "prod", secretName: "TOKEN", value: "s3cr3t" };
  assert.throws(() => create("ActionsEnvironmentSecret", secret), refusal("404", /environment prod/));
  create("RepositoryEnvironment", { environment: "prod" });
  create("ActionsEnvironmentVariable", { environment: "prod", variableName: "A", value: "1" });
  const { outputs } = create("ActionsEnvironmentSecret", secret);
  assert.ok(!JSON.stringify(outputs).includes("s3cr3t"));
});

test("a secret in another case is the same secret, and two owners are refused", () => {
  const { create } = github();
  create("ActionsSecret", { secretName: "token", value: "a" });
  assert.throws(
    () => create("ActionsSecret", { secretName: "TOKEN", value: "b" }, "b"),
    refusal("AlreadyExists"),
  );
});

test("a secret that was written by a run that was killed can be written again", () => {
  const { create } = github();
  create("ActionsSecret", { secretName: "TOKEN", value: "a" });
  create("ActionsSecret", { secretName: "TOKEN", value: "b" });
});

test("reviewers must be users that exist, at most six", () => {
  const { create } = github();
  create("RepositoryEnvironment", { environment: "prod", reviewers: [{ users: [ADA] }] });
  const stranger = { environment: "x", reviewers: [{ users: [1] }] };
  assert.throws(() => create("RepositoryEnvironment", stranger, "x"), refusal("422", /ids 1/));
  const crowd = { environment: "x", reviewers: [{ teams: [1, 2, 3, 4, 5, 6], users: [ADA] }] };
  assert.throws(() => create("RepositoryEnvironment", crowd, "x"), refusal("422", /at most 6/));
});

test("reviewers that are no longer declared are gone with the next update", () => {
  const { create, update } = github();
  const environment = { repository: "shop", environment: "prod" };
  const { id } = create("RepositoryEnvironment", { ...environment, reviewers: [{ users: [ADA] }] });
  assert.equal(update("RepositoryEnvironment", id, environment).outputs.reviewers, undefined);
});

test("own branch patterns need an environment that takes them", () => {
  const { create } = github();
  const policy = { environment: "prod", branchPattern: "main" };
  const branches = { protectedBranches: true, customBranchPolicies: false };
  create("RepositoryEnvironment", { environment: "prod", deploymentBranchPolicy: branches });
  assert.throws(
    () => create("RepositoryEnvironmentDeploymentPolicy", policy),
    refusal("404", /customBranch/),
  );
  const same = {
    environment: "x",
    deploymentBranchPolicy: { protectedBranches: true, customBranchPolicies: true },
  };
  assert.throws(() => create("RepositoryEnvironment", same, "x"), refusal("422", /differ/));
});

test("security updates need vulnerability alerts", () => {
  const { create } = github();
  assert.throws(
    () => create("RepositoryDependabotSecurityUpdates", { enabled: true }),
    refusal("422", /alerts/),
  );
  create("RepositoryVulnerabilityAlerts", { enabled: true });
  create("RepositoryDependabotSecurityUpdates", { enabled: true });
});

test("settings of a repository exist once", () => {
  const { create } = github();
  create("ActionsRepositoryPermissions", { enabled: true });
  assert.throws(() => create("ActionsRepositoryPermissions", {}, "b"), refusal("AlreadyExists"));
  create("WorkflowRepositoryPermissions", {});
  create("ActionsVariable", { variableName: "A", value: "1" });
});

test("a label that every repository has is refused", () => {
  const { create } = github();
  assert.throws(() => create("IssueLabel", { name: "bug", color: "ff0000" }), refusal("422"));
  create("IssueLabel", { name: "drift", color: "ff0000" });
});
