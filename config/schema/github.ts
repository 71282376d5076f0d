import { z } from "zod";
import { variableName } from "../values";

export const repositoryName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,100}$/, "a repository's name without its owner");

/** Dependabot's own names. */
const ECOSYSTEMS = [
  "bundler",
  "cargo",
  "composer",
  "docker",
  "github-actions",
  "gitsubmodule",
  "gomod",
  "gradle",
  "maven",
  "mix",
  "npm",
  "nuget",
  "pip",
  "terraform",
  "uv",
] as const;

export const github = z.strictObject({
  /** The application's repository, without its owner. */
  repository: repositoryName,
  /** The repository with this stack, of the same owner: its pull requests may preview. @default none may */
  stack: repositoryName.optional(),
  /**
   * Whether to create the repository; otherwise the existing one is used. GitHub keeps it when the sandbox is
   * destroyed: from then on this is false.
   */
  create: z.boolean().default(false),
  /** Who sees a repository that is created. Reviewers of a private one need GitHub Enterprise. */
  visibility: z.enum(["private", "public"]).default("private"),
  branch: z.string().min(1).default("main"),
  /**
   * A given secret with a token that may start workflows of `stack` (Actions: write).
   * @default the workflow's own token, which is enough where the application and the stack share a repository
   */
  dispatch: variableName.optional(),
  /** The number of the GitHub App that runs `up`: it may then commit to the branch. @default administrators may */
  appId: z.int().min(1).optional(),
  /** Approvals that a pull request needs. @default none: checks and one's own eyes */
  approvals: z.int().min(0).max(6).default(0),
  /** What Dependabot keeps up to date. `[]` leaves the repository's own file alone. */
  ecosystems: z
    .array(z.enum(ECOSYSTEMS))
    .transform((all) => [...new Set(all)].sort())
    .default(["github-actions"]),
  /** The language of the form with which users report a problem; `none` leaves the repository's own forms. */
  reports: z.enum(["en", "fr", "none"]).default("en"),
  /** Who may approve a promotion: GitHub logins. */
  reviewers: z
    .array(z.string().regex(/^[A-Za-z0-9-]{1,39}$/, "a GitHub login"))
    .max(6)
    .default([]),
});
