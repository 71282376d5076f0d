import assert from "node:assert/strict";
import { test } from "node:test";
import { Commits } from "./commits";
import { ofType, record } from "./recorder";
import { USER_REPORT } from "./reports";
import { createRepository, protection, Repository } from "./repository";

const declare = (args: object = {}) =>
  record(() => new Repository("repository", { commits: new Commits("shop", "main"), ...args }));

test("actions have to be pinned, and a workflow's token reads unless it says more", async () => {
  const recorded = await declare();
  assert.deepEqual(
    ofType(recorded, "github:index/actionsRepositoryPermissions:ActionsRepositoryPermissions"),
    {
      "repository-actions": {
        repository: "shop",
        enabled: true,
        allowedActions: "all",
        shaPinningRequired: true,
      },
    },
  );
  assert.deepEqual(
    ofType(recorded, "github:index/workflowRepositoryPermissions:WorkflowRepositoryPermissions"),
    {
      "repository-token": {
        repository: "shop",
        defaultWorkflowPermissions: "read",
        canApprovePullRequestReviews: false,
      },
    },
  );
});

test("security updates come after the alerts that they need", async () => {
  const types = (await declare()).map(({ type }) => type.split(":").at(-1));
  const alerts = types.indexOf("RepositoryVulnerabilityAlerts");
  assert.ok(alerts >= 0 && alerts < types.indexOf("RepositoryDependabotSecurityUpdates"));
});

test("the branch's rule comes after the files that are committed to it", async () => {
  const types = (await declare()).map(({ type }) => type.split(":").at(-1));
  const file = types.indexOf("RepositoryFile");
  assert.ok(file >= 0 && file < types.indexOf("RepositoryRuleset"));
});

test("the branch cannot go, cannot be rewritten and takes pull requests only", async () => {
  const [rule] = Object.values(
    ofType(await declare({ approvals: 1 }), "github:index/repositoryRuleset:RepositoryRuleset"),
  );
  assert.equal(rule?.enforcement, "active");
  assert.deepEqual(rule?.conditions, { refName: { includes: ["refs/heads/main"], excludes: [] } });
  assert.deepEqual(rule?.rules, {
    deletion: true,
    nonFastForward: true,
    pullRequest: {
      requiredApprovingReviewCount: 1,
      requiredReviewThreadResolution: true,
      dismissStaleReviewsOnPush: true,
      requireLastPushApproval: true,
    },
  });
});

test("whoever runs `up` may write workflow files: administrators, or one GitHub App", () => {
  assert.deepEqual(protection("main", 0).bypassActors, [
    { actorType: "RepositoryRole", actorId: 5, bypassMode: "always" },
  ]);
  assert.deepEqual(protection("main", 0, 1234).bypassActors, [
    { actorType: "Integration", actorId: 1234, bypassMode: "always" },
  ]);
});

test("where nobody has to approve, nobody has to approve again", () => {
  const { pullRequest } = protection("main", 0).rules;
  assert.equal(pullRequest.dismissStaleReviewsOnPush, false);
  assert.equal(pullRequest.requireLastPushApproval, false);
});

test("the form for reports comes after the label that it puts on them; without a language there is neither", async () => {
  const LABEL = "github:index/issueLabel:IssueLabel";
  const recorded = await declare({ reports: "fr" });
  assert.deepEqual(ofType(recorded, LABEL), {
    "repository-user-report": { repository: "shop", ...USER_REPORT },
  });
  const names = recorded.map(({ name }) => name);
  assert.ok(names.indexOf("repository-user-report") < names.indexOf("repository-report"));
  assert.deepEqual(ofType(await declare(), LABEL), {});
});

test("somebody's own Dependabot file or form is never overwritten", async () => {
  const files = ofType(await declare({ reports: "en" }), "github:index/repositoryFile:RepositoryFile");
  assert.equal(Object.keys(files).length, 2);
  for (const file of Object.values(files)) assert.equal(file.overwriteOnCreate, undefined);
});

test("without ecosystems there is no file, and the rule stands all the same", async () => {
  const recorded = await declare({ ecosystems: [] });
  assert.deepEqual(ofType(recorded, "github:index/repositoryFile:RepositoryFile"), {});
  assert.equal(Object.keys(ofType(recorded, "github:index/repositoryRuleset:RepositoryRuleset")).length, 1);
});

test("a new repository begins with a branch", async () => {
  const recorded = await record(() => createRepository("repository", "shop", "private", {}));
  assert.deepEqual(ofType(recorded, "github:index/repository:Repository").repository, {
    name: "shop",
    visibility: "private",
    autoInit: true,
    hasIssues: true,
    deleteBranchOnMerge: true,
  });
});
