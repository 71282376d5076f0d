/** What a notice is about. Each is a text or an expression, and reaches the script as a variable. */
export interface Story {
  readonly workflow: string;
  readonly branch: string;
  /** The address of the run. */
  readonly url: string;
  readonly repository: string;
  /** JSON: each job's key and its `result`, as GitHub's context `needs` has them. */
  readonly needs: string;
}

/** The variables that {@link TELL} reads. */
export const variablesOf = ({ repository, workflow, branch, url, needs }: Story) => ({
  REPOSITORY: repository,
  WORKFLOW: workflow,
  BRANCH: branch,
  URL: url,
  NEEDS: needs,
});

/**
 * jq: the only texts that a message is made from. Whoever pushes chooses a branch's name, so what is no letter,
 * digit or harmless sign becomes `?`: no quote, bracket, `@` or line break is left with which a service could be
 * made to mention somebody or to show something else. Names are cut before a service would refuse the whole.
 *
 * A job that runs out of time ends as `cancelled`; in a run that somebody cancels nothing is told at all.
 */
export const TELL = String.raw`
  def plain(most): tostring | .[0:most] | gsub("[^\\p{L}\\p{N}._/+-]"; "?");
  def words(most): tostring | .[0:most] | gsub("[^\\p{L}\\p{N} ._/+-]"; "?");
  def ended(result): [env.NEEDS | fromjson | to_entries[] | select(.value.result == result) | .key | plain(100)];
  {
    repository: (env.REPOSITORY | plain(140)),
    workflow: (env.WORKFLOW | words(100)),
    branch: (env.BRANCH | plain(200)),
    failed: ended("failure"),
    timedOut: ended("cancelled"),
    url: env.URL
  }
  | .jobs = ((.failed + [.timedOut[] + " (time-out)"]) | join(", ") | .[0:800])
  | .words = "\(.repository): \(.workflow) failed on \(.branch) (\(.jobs))"
`.trim();
