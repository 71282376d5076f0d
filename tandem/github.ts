import type { Octokit } from "@octokit/rest";
import { CommandError, EXIT } from "./errors";

/** GitHub takes no longer comment. */
const LONGEST = 65_536;

/** Who comments from workflows. The brackets are no part of a login that people can have. */
const WORKFLOWS = "github-actions[bot]";

/** What a run in a workflow knows of where it is. */
export interface Place {
  readonly owner: string;
  readonly repository: string;
  /** The branch, such as `main`. @default unknown: pull requests into all branches count */
  readonly branch?: string;
  readonly token: string;
  /** Where the API answers. @default GitHub's own */
  readonly url?: string;
}

/**
 * Repository and token, as GitHub's runners hand them over.
 *
 * @throws CommandError that names what is missing
 */
export function placeOf(env: NodeJS.ProcessEnv): Place {
  const [owner, repository, more] = (env.GITHUB_REPOSITORY ?? "").split("/");
  if (!owner || !repository || more !== undefined)
    throw new CommandError(
      "GITHUB_REPOSITORY does not name a repository as owner/name. A workflow has it; elsewhere, set it.",
      EXIT.usage,
    );
  if (!env.GITHUB_TOKEN)
    throw new CommandError(
      "GITHUB_TOKEN is missing: a token that may read pull requests, and write them to comment.",
      EXIT.usage,
    );
  return {
    owner,
    repository,
    token: env.GITHUB_TOKEN,
    ...(env.GITHUB_REF_TYPE === "branch" && env.GITHUB_REF_NAME ? { branch: env.GITHUB_REF_NAME } : {}),
    ...(env.GITHUB_API_URL ? { url: env.GITHUB_API_URL } : {}),
  };
}

interface Comment {
  readonly id: number;
  readonly body: string;
  readonly url: string;
}

/** The pull requests of one repository, and the one comment that each of them has from tandem. */
export class PullRequests {
  private readonly repo: { readonly owner: string; readonly repo: string };

  private constructor(
    private readonly api: Octokit,
    private readonly place: Place,
    /** Whose comments count: everybody can begin a comment with a marker. */
    private readonly authors: ReadonlySet<string>,
  ) {
    this.repo = { owner: place.owner, repo: place.repository };
  }

  static async at(place: Place): Promise<PullRequests> {
    // Loaded by the commands that need it only: the others start faster without it.
    const { Octokit } = await import("@octokit/rest");
    const api = new Octokit({ auth: place.token, ...(place.url ? { baseUrl: place.url } : {}) });
    return new PullRequests(api, place, new Set([WORKFLOWS, ...(await ownLogin(api))]));
  }

  /** The comment that begins with a marker, wherever it stands among the others. */
  async comment(number: number, marker: string): Promise<Comment | undefined> {
    const pages = this.api.paginate.iterator(this.api.rest.issues.listComments, {
      ...this.repo,
      issue_number: number,
      per_page: 100,
    });
    return told(`the comments of pull request ${number}`, async () => {
      for await (const { data } of pages)
        for (const { id, body, user, html_url } of data)
          if (body?.startsWith(marker) && this.authors.has(user?.login ?? ""))
            return { id, body, url: html_url };
      return undefined;
    });
  }

  /**
   * Leaves exactly one comment with the marker: the former one is rewritten.
   *
   * @returns its address
   */
  async put(number: number, marker: string, text: string): Promise<{ url: string; updated: boolean }> {
    const body = text.startsWith(marker) ? text : `${marker}\n${text}`;
    if (body.length > LONGEST)
      throw new CommandError(
        `The comment has ${body.length} characters; GitHub takes ${LONGEST}. Nothing was posted.`,
      );
    const former = await this.comment(number, marker);
    return told(`commenting on pull request ${number}`, async () => {
      const { data } = former
        ? await this.api.rest.issues.updateComment({ ...this.repo, comment_id: former.id, body })
        : await this.api.rest.issues.createComment({ ...this.repo, issue_number: number, body });
      return { url: data.html_url, updated: former !== undefined };
    });
  }

  /** Numbers of the merged pull requests that brought a commit to the branch. */
  async merged(commit: string): Promise<readonly number[]> {
    return told(`the pull requests of commit ${commit.slice(0, 12)}`, async () => {
      const { data } = await this.api.rest.repos.listPullRequestsAssociatedWithCommit({
        ...this.repo,
        commit_sha: commit,
        per_page: 100,
      });
      const { branch } = this.place;
      return data
        .filter(({ merged_at, base }) => merged_at !== null && (branch === undefined || base.ref === branch))
        .map(({ number }) => number);
    });
  }
}

/** A workflow's token belongs to nobody, and may not ask who it is. */
async function ownLogin(api: Octokit): Promise<readonly string[]> {
  try {
    return [(await api.rest.users.getAuthenticated()).data.login];
  } catch (error) {
    if (statusOf(error) === 403) return [];
    throw refusal("who the token belongs to", error);
  }
}

async function told<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw refusal(what, error);
  }
}

const REMEDIES: Readonly<Record<number, string>> = {
  401: "the token is not valid, or no longer",
  403: "the token may not: a job needs `pull-requests: write` to comment and `pull-requests: read` to read; a run of a fork never has the first",
  404: "there is no such repository, commit or pull request, or the token may not see it",
  410: "it was deleted meanwhile",
  422: "GitHub does not know the commit: push it first",
};

/** In our own words: what the library says may carry what was sent. */
function refusal(what: string, error: unknown): CommandError {
  const status = statusOf(error);
  const why =
    status === undefined
      ? "it could not be reached"
      : (REMEDIES[status] ?? "try again later; githubstatus.com says whether it is GitHub's fault");
  return new CommandError(`GitHub refused ${what} (${status ?? "no answer"}): ${why}.`);
}

/** Octokit gives what never reached GitHub the number 500, and no answer. */
function statusOf(error: unknown): number | undefined {
  const { status, response } = error as { status?: number; response?: unknown };
  return response === undefined ? undefined : status;
}
