import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { CommandError, EXIT } from "../errors";
import { PullRequests, placeOf } from "../github";
import { openProject, ROOT } from "../project";
import { marker } from "../review/comment";
import { refuseUnwritable } from "../said-files";

/** Gathers the reviews of what was merged since a commit: what an apply may do without asking anybody again. */
export async function reviewed({ since, out }: { since: string; out?: string }): Promise<void> {
  refuseUnwritable("--out", out);
  const commits = commitsSince(since, ROOT);
  const pullRequests = await PullRequests.at(placeOf(process.env));
  const { texts, silent } = await reviewsOf(commits, marker(openProject().name), pullRequests);
  if (silent.length > 0) console.error(`No review was found for ${silent.join(", ")}.`);
  if (out === undefined) process.stdout.write(texts.join("\n"));
  else writeFileSync(out, texts.join("\n"));
  console.error(`${texts.length} reviews of ${commits.length} commits.`);
}

/**
 * The commits of the branch itself, the newest first: a merge stands for all that it brought.
 *
 * @throws CommandError where the commit is unknown here, or no part of this branch
 */
export function commitsSince(since: string, folder: string): readonly string[] {
  if (!/^[0-9a-f]{40}$/.test(since))
    throw new CommandError(
      `--since is "${since}"; allowed: a commit's 40 hexadecimal digits. An environment whose passport names none ` +
        "was applied outside git: apply it once with --accept-unreviewed.",
      EXIT.usage,
    );
  try {
    git(folder, "merge-base", "--is-ancestor", since, "HEAD");
  } catch {
    throw new CommandError(
      `Commit ${since.slice(0, 12)}, which the environment runs, is no ancestor of what is checked out here: ` +
        "fetch the whole history (fetch-depth: 0), or check out a commit that follows it.",
    );
  }
  return git(folder, "log", "--first-parent", "--format=%H", `${since}..HEAD`)
    .split("\n")
    .filter((line) => line !== "");
}

/** The review of each merged pull request, once, and what of the history has none. */
export async function reviewsOf(
  commits: readonly string[],
  mark: string,
  pullRequests: Pick<PullRequests, "merged" | "comment">,
): Promise<{ readonly texts: readonly string[]; readonly silent: readonly string[] }> {
  const texts = new Map<number, string | undefined>();
  const silent: string[] = [];
  for (const commit of commits) {
    const numbers = await pullRequests.merged(commit);
    if (numbers.length === 0) silent.push(`commit ${commit.slice(0, 12)}`);
    for (const number of numbers) {
      if (texts.has(number)) continue;
      texts.set(number, (await pullRequests.comment(number, mark))?.body);
      if (texts.get(number) === undefined) silent.push(`pull request ${number}`);
    }
  }
  return { texts: [...texts.values()].filter((text) => text !== undefined), silent };
}

const git = (folder: string, ...words: string[]) =>
  execFileSync("git", words, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
