import type { SiteWorkflowArgs } from "./site-parts";

/** A site of a project on GitLab, in one environment. */
export interface GitlabSite extends SiteWorkflowArgs {
  /** The project with its groups: `agency/site`. */
  readonly project: string;
  /** Where its files go: a bucket, and the role that opens it; or a project of Cloudflare Pages. */
  readonly place:
    | { readonly bucket: string; readonly region: string; readonly roleArn: string }
    | { readonly pages: string; readonly accountId: string };
}

/** What tells the jobs of one site and environment from others. */
export const titleOf = ({ key, environment }: GitlabSite): string => `${key} ${environment}`;

/**
 * When a job runs: for its branch, in the project itself and not in its forks. A push counts where the site stands; a
 * content or a theme that asks for it, and a person, always.
 */
export function rulesOf({ project, branch, settings: { directory } }: GitlabSite, more: object = {}) {
  const here = `$CI_PROJECT_PATH == "${project}" && $CI_COMMIT_BRANCH == ${quoted(branch)}`;
  if (directory === ".") return [{ if: here, ...more }];
  return [
    {
      if: `${here} && $CI_PIPELINE_SOURCE == "push"`,
      changes: [`${directory}/**/*`, ".gitlab-ci.yml"],
      ...more,
    },
    { if: `${here} && $CI_PIPELINE_SOURCE != "push"`, ...more },
  ];
}

/** A text in GitLab's conditions, which know no way to write a quote within quotes. */
const quoted = (text: string): string => (text.includes('"') ? `'${text}'` : `"${text}"`);
