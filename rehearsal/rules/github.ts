import type { Props, Rule, RuleContext, Rules } from "../types";
import { record, records, text } from "./aws";
import { environmentOf, ofRepository, repositoryOf } from "./github-lookups";
import { rules as repository } from "./github-repository";

const MOST_REVIEWERS = 6;
const DEFAULT_LABELS = [
  "bug",
  "documentation",
  "duplicate",
  "enhancement",
  "good first issue",
  "help wanted",
  "invalid",
  "question",
  "wontfix",
];

/** Settings of which a repository has exactly one; deleting them puts the default back. */
const setting: Rule = {
  id: (_ctx, inputs) => String(inputs.repository),
  refuseWrite: (ctx, inputs) => void repositoryOf(ctx, inputs),
  outputs: ofRepository,
};

export const rules: Rules = {
  ...repository,
  "github:index/repositoryEnvironment:RepositoryEnvironment": {
    id: (_ctx, inputs) => `${inputs.repository}:${inputs.environment}`,
    refuseWrite: refuseEnvironment,
    outputs: ofRepository,
  },
  "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy": {
    id: (ctx, inputs) => `${inputs.repository}:${inputs.environment}:${policyId(ctx)}`,
    refuseWrite: refusePolicy,
    outputs: (ctx, inputs) => ({ ...ofRepository(ctx, inputs), policyId: policyId(ctx) }),
  },
  "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret": {
    id: (_ctx, inputs) => `${inputs.repository}:${inputs.environment}:${upper(inputs.secretName)}`,
    refuseWrite: (ctx, inputs) => void environmentOf(ctx, inputs),
    outputs: secretOutputs,
  },
  "github:index/actionsSecret:ActionsSecret": {
    id: (_ctx, inputs) => `${inputs.repository}:${upper(inputs.secretName)}`,
    refuseWrite: (ctx, inputs) => void repositoryOf(ctx, inputs),
    outputs: secretOutputs,
  },
  "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable": {
    id: (_ctx, inputs) => `${inputs.repository}:${inputs.environment}:${upper(inputs.variableName)}`,
    refuseWrite: (ctx, inputs) => void environmentOf(ctx, inputs),
    outputs: (ctx, inputs, _id, previous) => ({ ...ofRepository(ctx, inputs), ...times(ctx, previous) }),
  },
  "github:index/actionsVariable:ActionsVariable": {
    id: (_ctx, inputs) => `${inputs.repository}:${upper(inputs.variableName)}`,
    refuseWrite: (ctx, inputs) => void repositoryOf(ctx, inputs),
    outputs: (ctx, inputs, _id, previous) => ({ ...ofRepository(ctx, inputs), ...times(ctx, previous) }),
  },
  "github:index/actionsRepositoryPermissions:ActionsRepositoryPermissions": setting,
  "github:index/workflowRepositoryPermissions:WorkflowRepositoryPermissions": setting,
  "github:index/repositoryVulnerabilityAlerts:RepositoryVulnerabilityAlerts": setting,
  "github:index/repositoryDependabotSecurityUpdates:RepositoryDependabotSecurityUpdates": {
    ...setting,
    refuseWrite: refuseUpdates,
  },
  "github:index/issueLabel:IssueLabel": {
    id: (_ctx, inputs) => `${inputs.repository}:${inputs.name}`,
    refuseCreate: (ctx, inputs) => {
      const found = repositoryOf(ctx, inputs);
      if (found && DEFAULT_LABELS.includes(String(inputs.name).toLowerCase())) {
        ctx.refuse(
          "422",
          `the label ${inputs.name} exists in ${found.name}: every repository is born with it`,
        );
      }
    },
    outputs: (_ctx, inputs) => ({ url: `https://github.com/${inputs.repository}/labels/${inputs.name}` }),
  },
};

function refuseEnvironment(ctx: RuleContext, inputs: Props): void {
  const found = repositoryOf(ctx, inputs);
  const reviewers = records(inputs.reviewers);
  const users = reviewers.flatMap((r) => list(r.users));
  const teams = reviewers.flatMap((r) => list(r.teams));
  const known = Object.values(ctx.world.users).map((u) => u.id);
  const strangers = users.filter((id) => Number.isFinite(Number(id)) && !known.includes(Number(id)));
  if (strangers.length > 0) ctx.refuse("422", `GitHub has no users with the ids ${strangers.join(", ")}`);
  if (users.length + teams.length > MOST_REVIEWERS) {
    ctx.refuse("422", `${users.length + teams.length} reviewers; at most ${MOST_REVIEWERS} are possible`);
  }
  if (found?.visibility === "private" && users.length + teams.length > 0) {
    ctx.refuse("422", `reviewers of the private repository ${found.name} need GitHub Enterprise`);
  }
  const policy = inputs.deploymentBranchPolicy == null ? undefined : record(inputs.deploymentBranchPolicy);
  if (policy && policy.protectedBranches === policy.customBranchPolicies) {
    ctx.refuse("422", "deploymentBranchPolicy: protectedBranches and customBranchPolicies must differ");
  }
}

function refusePolicy(ctx: RuleContext, inputs: Props): void {
  const environment = environmentOf(ctx, inputs);
  if (environment && record(environment.inputs.deploymentBranchPolicy).customBranchPolicies !== true) {
    ctx.refuse(
      "404",
      `the environment ${inputs.environment} takes no own patterns: set customBranchPolicies`,
    );
  }
}

function refuseUpdates(ctx: RuleContext, inputs: Props): void {
  if (!repositoryOf(ctx, inputs) || inputs.enabled !== true) return;
  const alerts = ctx.find(
    "github:index/repositoryVulnerabilityAlerts:RepositoryVulnerabilityAlerts",
    (o) => o.inputs.repository === inputs.repository && o.inputs.enabled !== false,
  );
  if (!alerts) ctx.refuse("422", `turn on the vulnerability alerts of ${inputs.repository} first`);
}

/** A secret is never read back: what the program gave stays out of the outputs. */
function secretOutputs(ctx: RuleContext, inputs: Props, _id: string, previous?: Props): Props {
  const hidden = {
    value: undefined,
    plaintextValue: undefined,
    valueEncrypted: undefined,
    encryptedValue: undefined,
  };
  return { ...hidden, ...ofRepository(ctx, inputs), ...times(ctx, previous), remoteUpdatedAt: ctx.now };
}

function times(ctx: RuleContext, previous?: Props): Props {
  return { createdAt: previous?.createdAt ?? ctx.now, updatedAt: ctx.now };
}

function policyId(ctx: RuleContext): number {
  return Number.parseInt(ctx.hex("policy", 6), 16);
}

/** GitHub keeps the names of secrets and variables in upper case. */
function upper(name: unknown): string {
  return (text(name) ?? "").toUpperCase();
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
