import { z } from "zod";
import { directory, host, mail, variableName } from "../values";
import { repositoryName } from "./github";

/** A static site: what is compiled from a repository and served as files. */
export const site = z.strictObject({
  /** Where the public reaches it; the apex of the zone is fine. */
  host,
  /** Other hosts that lead to `host` by a permanent redirect, such as `www.`. */
  aliases: z.array(host).default([]),
  /** Where its files are: a private bucket behind Cloudflare, or Cloudflare Pages. */
  target: z.enum(["bucket", "pages"]).default("bucket"),
  /** Who compiles and uploads: the repository's workflow, or the host's own pipeline (Pages only). */
  pipeline: z.enum(["actions", "native"]).default("actions"),
  /** Its repository on GitHub, without the owner. @default the application's */
  repository: repositoryName.optional(),
  /** Its project on GitLab, `group/project`, instead: its pipeline is printed by `npx tandem gitlab`. */
  gitlab: z
    .string()
    .regex(/^[\w.-]+(\/[\w.-]+)+$/, "a project with its groups, such as agency/site")
    .optional(),
  /** The branch whose pushes compile and upload. @default github.branch */
  branch: z.string().min(1).optional(),
  /** Where it stands in the repository. */
  directory: directory.default("."),
  /** Compiles it, in `directory`: lines for bash. @default nothing is compiled: the files are uploaded as they are */
  compile: z.string().min(1).optional(),
  /** Where the compiled files are, below `directory`. */
  output: directory.default("public"),
  /** Node's version for `compile`. @default the runner's */
  node: z
    .string()
    .regex(/^\d+(\.\d+)*$/, 'a version in quotes, such as "22"')
    .optional(),
  /** Python's version for `compile`. @default the runner's */
  python: z
    .string()
    .regex(/^3(\.\d+)*$/, 'a version in quotes, such as "3.13"')
    .optional(),
  /** Variables in clear for `compile`. BASE_URL is always there. */
  variables: z
    .record(variableName, z.union([z.string(), z.number(), z.boolean()]).transform(String))
    .default({}),
  /** A given secret with a Cloudflare token that may edit Pages; with `target: pages` and a workflow. */
  token: variableName.optional(),
  /** Who is told when the host's own pipeline fails. @default notices.mails */
  mails: z.array(mail).min(1).optional(),
});
