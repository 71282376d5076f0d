import type { CloudObject, Props, RuleContext } from "../types";
import { record, text } from "./aws";

const REPOSITORY = "github:index/repository:Repository";

/** A repository, whether the world had it or a resource made it. */
export interface Repository {
  readonly name: string;
  readonly owner: string;
  readonly id: number;
  readonly defaultBranch: string;
  readonly files: readonly string[];
  readonly archived: boolean;
  /** Undefined where it is not known: the world does not say. */
  readonly visibility: string | undefined;
}

/** The repository of a name, or of `owner/name`. */
export function findRepository(ctx: RuleContext, wanted: string): Repository | undefined {
  const made = ctx.find(REPOSITORY, (o) => o.outputs.name === wanted || o.outputs.fullName === wanted);
  const entry = Object.entries(ctx.world.repositories).find(
    ([full]) => full === wanted || full.split("/")[1] === wanted,
  );
  if (made) return fromObject(made, entry?.[1].files ?? []);
  if (!entry) return undefined;
  const [full, { id, defaultBranch, files }] = entry;
  const [owner = "", name = full] = full.split("/");
  return { name, owner, id, defaultBranch, files, archived: false, visibility: undefined };
}

/** The repository that a resource names. Undefined only while the name is not known. */
export function repositoryOf(ctx: RuleContext, inputs: Props): Repository | undefined {
  const wanted = text(inputs.repository);
  if (wanted === undefined) return undefined;
  return findRepository(ctx, wanted) ?? ctx.refuse("404", `there is no repository ${wanted}`);
}

/** The owner that all repositories of the world share. */
export function ownerIn(ctx: RuleContext): string {
  return Object.keys(ctx.world.repositories)[0]?.split("/")[0] ?? "organization";
}

/** The environment of a repository that a resource names; its absence is refused. */
export function environmentOf(ctx: RuleContext, inputs: Props): CloudObject | undefined {
  const [repository, name] = [text(inputs.repository), text(inputs.environment)];
  if (repository === undefined || name === undefined) return undefined;
  const found = ctx.find(
    "github:index/repositoryEnvironment:RepositoryEnvironment",
    (o) => o.inputs.repository === repository && o.inputs.environment === name,
  );
  return (
    found ?? ctx.refuse("404", `the repository ${repository} has no environment ${name}: declare it first`)
  );
}

/** What the resources of a repository give back of it. */
export function ofRepository(ctx: RuleContext, inputs: Props): Props {
  return { repositoryId: repositoryOf(ctx, inputs)?.id };
}

/** Whether a ref pattern of a ruleset (`~DEFAULT_BRANCH`, `~ALL`, `refs/heads/release/*`) covers a branch. */
export function covers(pattern: string, branch: string, defaultBranch: string): boolean {
  if (pattern === "~ALL") return true;
  if (pattern === "~DEFAULT_BRANCH") return branch === defaultBranch;
  const parts = pattern.split(/(\*\*|\*|\?)/).map((part) => {
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    return part === "?" ? "[^/]" : part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`).test(`refs/heads/${branch}`);
}

function fromObject(made: CloudObject, files: readonly string[]): Repository {
  const security = record(made.inputs);
  return {
    name: String(made.outputs.name),
    owner: String(made.outputs.fullName).split("/")[0] ?? "",
    id: Number(made.outputs.repoId),
    defaultBranch: text(made.outputs.defaultBranch) ?? "main",
    files,
    archived: security.archived === true,
    visibility: text(security.visibility) ?? (security.private === true ? "private" : undefined),
  };
}
