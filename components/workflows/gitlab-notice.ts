import { type GitlabSite, rulesOf, titleOf } from "./gitlab-parts";
import { inShell, install, literal } from "./gitlab-shell";
import { noticeTarget, tell } from "./notice";
import { DEBIAN_IMAGE } from "./pins";

/**
 * Tells that a job failed, in the same words and ways as GitHub's notice. GitLab calls a job failed that ran out of time
 * or could not be started, and one cancelled that was cancelled: so `on_failure` is all there is to say.
 * Where the job cannot be started itself, it is tried again; once it runs it ends well, and tells once.
 */
export function gitlabNotice(site: GitlabSite, what: "compile" | "upload", job: string): object {
  const { env = {}, run } = step(site, what);
  const words = Object.fromEntries(Object.entries(env).map(([name, text]) => [name, word(text)]));
  return {
    stage: ".post",
    image: DEBIAN_IMAGE,
    needs: [{ job, artifacts: false }],
    interruptible: true,
    retry: 2,
    timeout: "20 minutes",
    rules: rulesOf(site, { when: "on_failure" }),
    // Only where its secrets are: nothing is deployed.
    environment: { name: environmentOf(site), action: "access" },
    variables: { GIT_STRATEGY: "none" },
    script: [
      install({ jq: "jq", curl: "curl" }),
      inShell("Tell that it failed", run, {
        ...words,
        RUNNER_TEMP: '"$(mktemp -d)"',
        URL: '"$CI_PIPELINE_URL"',
        // GitLab has no summary: the job's log says what came of it.
        GITHUB_STEP_SUMMARY: "/dev/stdout",
      }),
    ],
  };
}

function step(site: GitlabSite, what: string) {
  const { project, branch, environment, notices } = site;
  return tell(noticeTarget(environment, notices), {
    repository: project,
    workflow: `site ${titleOf(site)}`,
    branch,
    url: "",
    needs: JSON.stringify({ [what]: { result: "failure" } }),
  });
}

const environmentOf = ({ environment }: GitlabSite): string => `${environment}-notices`;

const SECRET = /^\$\{\{ secrets\.(\w+) \}\}$/;

/** GitLab's variables for GitHub's secrets, under the same names; one that is missing is empty. */
function word(text: string): string {
  const secret = SECRET.exec(text)?.[1];
  return secret === undefined ? literal(text) : `"\${${secret}:-}"`;
}

const MEANING: Readonly<Record<string, string>> = {
  WEBHOOK: "the webhook's URL, told of failures",
  SMTP: "the mail server, smtps://user:password@host:465, told of failures",
};

/** Lines of the file's head: what a person gives to the notice. */
export const variablesToSet = (site: GitlabSite): readonly string[] =>
  Object.entries(step(site, "compile").env ?? {}).flatMap(([name, text]) => {
    const secret = SECRET.exec(text)?.[1];
    return secret === undefined ? [] : [`${secret} of ${environmentOf(site)}: ${MEANING[name]}`];
  });
