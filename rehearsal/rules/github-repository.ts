import { createHash } from "node:crypto";
import type { CloudObject, Props, RuleContext, Rules } from "../types";
import { number, record, records, text, texts } from "./aws";
import {
  covers,
  findRepository,
  ofRepository,
  ownerIn,
  type Repository,
  repositoryOf,
} from "./github-lookups";

const FILE = "github:index/repositoryFile:RepositoryFile";
const RULESET = "github:index/repositoryRuleset:RepositoryRuleset";
const ADMIN_ROLE = 5;
/** What blocks a commit that is made without a pull request. */
const NEEDS_PULL_REQUEST = ["pullRequest", "requiredStatusChecks", "mergeQueue"];
const PUSH_RULES = ["filePathRestriction", "maxFilePathLength", "fileExtensionRestriction", "maxFileSize"];

export const rules: Rules = {
  "github:index/repository:Repository": {
    id: (_ctx, inputs) => String(inputs.name),
    refuseCreate: refuseRepository,
    outputs: (ctx, inputs, _id, previous) => repositoryOutputs(ctx, inputs, previous),
    keepsAfterDelete: (_ctx, existing) => {
      if (existing.inputs.archiveOnDestroy !== true) return false;
      existing.inputs = { ...existing.inputs, archived: true };
      return true;
    },
  },
  "github:index/branch:Branch": {
    id: (_ctx, inputs) => `${inputs.repository}:${inputs.branch}`,
    refuseCreate: (ctx, inputs) => {
      const repository = repositoryOf(ctx, inputs);
      if (inputs.sourceSha == null) refuseNoBranch(ctx, repository, inputs.sourceBranch);
    },
    outputs: (ctx, inputs, _id, previous) => ({
      ref: `refs/heads/${inputs.branch}`,
      sha: previous?.sha ?? inputs.sourceSha ?? ctx.hex("sha", 40),
    }),
  },
  [FILE]: {
    id: (ctx, inputs) => `${inputs.repository}/${inputs.file}:${branchOf(ctx, inputs)}`,
    refuseWrite: refuseCommit,
    refuseCreate: refuseFile,
    refuseUpdate: (ctx, _inputs, existing, known) => refuseStale(ctx, existing, known),
    refuseDelete: (ctx, existing, known) => {
      refuseCommit(ctx, existing.inputs);
      refuseStale(ctx, existing, known);
    },
    outputs: (ctx, inputs, _id, previous) => fileOutputs(ctx, inputs, previous),
  },
  [RULESET]: {
    id: (ctx) => String(rulesetId(ctx)),
    refuseWrite: refuseRuleset,
    outputs: (ctx, _inputs, id) => ({ rulesetId: Number(id), nodeId: `RRS_${ctx.hex("node", 12)}` }),
  },
};

function refuseRepository(ctx: RuleContext, inputs: Props): void {
  const name = text(inputs.name);
  if (name !== undefined && findRepository(ctx, name)) {
    ctx.refuse("422", `a repository ${name} exists in this account: import it`);
  }
  const branch = text(inputs.defaultBranch);
  if (branch !== undefined && branch !== "main") {
    ctx.refuse("InvalidAttribute", `defaultBranch ${branch} can be set only after the creation`);
  }
}

function repositoryOutputs(ctx: RuleContext, inputs: Props, previous: Props = {}): Props {
  const fullName = String(previous.fullName ?? `${ownerIn(ctx)}/${inputs.name}`);
  const htmlUrl = `https://github.com/${fullName}`;
  return {
    name: inputs.name,
    fullName,
    htmlUrl,
    repoId: previous.repoId ?? Number.parseInt(ctx.hex("repository", 7), 16),
    nodeId: previous.nodeId ?? `R_${ctx.hex("node", 12)}`,
    defaultBranch: inputs.defaultBranch ?? previous.defaultBranch ?? "main",
    visibility: inputs.visibility ?? (inputs.private === true ? "private" : "public"),
    gitCloneUrl: `git://github.com/${fullName}.git`,
    httpCloneUrl: `${htmlUrl}.git`,
    sshCloneUrl: `git@github.com:${fullName}.git`,
    svnUrl: htmlUrl,
  };
}

function refuseFile(ctx: RuleContext, inputs: Props): void {
  const repository = repositoryOf(ctx, inputs);
  if (!repository) return;
  if (inputs.autocreateBranch !== true) refuseNoBranch(ctx, repository, inputs.branch);
  const branch = branchOf(ctx, inputs);
  const here = (o: CloudObject) => o.inputs.file === inputs.file && branchOf(ctx, o.inputs) === branch;
  const made = ctx.find(FILE, (o) => o.inputs.repository === inputs.repository && here(o));
  const before = repository.files.includes(String(inputs.file)) && branch === repository.defaultBranch;
  if ((made || before) && inputs.overwriteOnCreate !== true) {
    ctx.refuse(
      "422",
      `${inputs.file} exists in ${repository.name} and is somebody's: take it away there, import it, declare it no more, or set overwriteOnCreate`,
    );
  }
}

function fileOutputs(ctx: RuleContext, inputs: Props, previous: Props | undefined): Props {
  const content = String(inputs.content);
  const blob = `blob ${Buffer.byteLength(content)}\0${content}`;
  const sha = createHash("sha1").update(blob).digest("hex");
  const unchanged = previous?.sha === sha;
  return {
    ...ofRepository(ctx, inputs),
    branch: branchOf(ctx, inputs),
    ref: branchOf(ctx, inputs),
    sha,
    commitSha: unchanged ? previous.commitSha : ctx.hex(`commit ${sha} ${ctx.now}`, 40),
    commitMessage: inputs.commitMessage ?? `${previous ? "Update" : "Add"} ${inputs.file}`,
  };
}

/** A file is changed by naming the blob that it replaces: one that somebody edited since is another blob. */
function refuseStale(ctx: RuleContext, { inputs, outputs }: CloudObject, known: Props | undefined): void {
  if (known?.sha === undefined || known.sha === outputs.sha) return;
  ctx.refuse(
    "409",
    `${inputs.file} was edited in ${inputs.repository} since the last up: nothing is overwritten unseen. ` +
      "Run pulumi refresh; the next up then undoes the edit, so first bring it to where the file is declared",
  );
}

/** A file resource commits directly; a branch that wants pull requests lets only those pass who may bypass. */
function refuseCommit(ctx: RuleContext, inputs: Props): void {
  const repository = repositoryOf(ctx, inputs);
  if (!repository) return;
  const branch = branchOf(ctx, inputs);
  const blocking = ctx.all(RULESET).find((o) => blocks(o.inputs, repository, branch));
  if (blocking) {
    ctx.refuse(
      "409",
      `the ruleset ${blocking.inputs.name} lets nothing onto ${branch} without a pull request: commit ${inputs.file} through one, or let the actor bypass`,
    );
  }
}

function blocks(ruleset: Props, repository: Repository, branch: string): boolean {
  if (ruleset.repository !== repository.name || ruleset.enforcement !== "active") return false;
  if (ruleset.target !== "branch" || records(ruleset.bypassActors).some(mayBypass)) return false;
  if (!NEEDS_PULL_REQUEST.some((rule) => record(ruleset.rules)[rule] != null)) return false;
  const refName = record(record(ruleset.conditions).refName);
  const any = (patterns: unknown) => texts(patterns).some((p) => covers(p, branch, repository.defaultBranch));
  return any(refName.includes) && !any(refName.excludes);
}

/** The rehearsal acts as an administrator of the repository, or as the app that the ruleset names. */
function mayBypass(actor: Props): boolean {
  const kind = actor.actorType;
  const isAdmin = kind === "RepositoryRole" && number(actor.actorId) === ADMIN_ROLE;
  return (
    ["always", "exempt"].includes(String(actor.bypassMode)) &&
    (isAdmin || kind === "OrganizationAdmin" || kind === "Integration")
  );
}

function refuseRuleset(ctx: RuleContext, inputs: Props): void {
  const repository = repositoryOf(ctx, inputs);
  if (repository?.visibility === "private") {
    ctx.refuse("403", `rulesets of the private repository ${repository.name} need a paid plan`);
  }
  const given = Object.keys(record(inputs.rules)).filter((k) => record(inputs.rules)[k] != null);
  const misplaced = given.filter((k) => PUSH_RULES.includes(k) !== (inputs.target === "push"));
  if (misplaced.length > 0) {
    ctx.refuse("InvalidAttribute", `a ruleset for ${inputs.target} takes no ${misplaced.join(", ")}`);
  }
  const conditions = inputs.conditions == null ? undefined : record(inputs.conditions);
  if (inputs.target === "push" && conditions?.refName != null) {
    ctx.refuse("InvalidAttribute", "a ruleset for pushes takes no conditions.refName: leave conditions out");
  }
  if (inputs.target !== "push" && conditions && conditions.refName == null) {
    ctx.refuse("InvalidAttribute", "conditions of a ruleset for branches or tags need refName");
  }
}

function refuseNoBranch(ctx: RuleContext, repository: Repository | undefined, wanted: unknown): void {
  const branch = text(wanted);
  if (!repository || branch === undefined || branch === repository.defaultBranch) return;
  if (ctx.world.repositories[`${repository.owner}/${repository.name}`]?.branches?.includes(branch)) return;
  const made = ctx.find(
    "github:index/branch:Branch",
    (o) => o.inputs.repository === repository.name && o.inputs.branch === branch,
  );
  if (!made) ctx.refuse("404", `${repository.name} has no branch ${branch}`);
}

function branchOf(ctx: RuleContext, inputs: Props): string {
  return text(inputs.branch) ?? repositoryOf(ctx, inputs)?.defaultBranch ?? "main";
}

function rulesetId(ctx: RuleContext): number {
  return Number.parseInt(ctx.hex("ruleset", 6), 16);
}
