import type { NoticesSettings } from "../../config/schema";
import { webhookSecretOf } from "./variables";
import { expression, job, type RunStep, type ToldWorkflow, type Workflow } from "./workflow";

/** Where a notice goes. */
export interface NoticeTarget {
  /** Name of the repository secret that holds the webhook's URL. It may be missing: then the summary says so. */
  readonly webhookSecret: string;
}

/** Where the notices of an environment's workflows go. */
export function noticeTarget(environment: string, _notices: NoticesSettings): NoticeTarget {
  return { webhookSecret: webhookSecretOf(environment) };
}

/**
 * The workflow with a last job that tells when another one failed, and only then.
 *
 * It is a job and not a step because a job that fails while it is set up runs none of its steps.
 * `!cancelled()` is a status function, without which GitHub would add `success()` and the job would never run;
 * it also keeps a run silent that failed and was then cancelled.
 *
 * It has no environment: one with reviewers would make the notice wait for them. So its secret is the
 * repository's, under a name of its own for each environment.
 */
export function withFailureNotice(workflow: Workflow, target: NoticeTarget): ToldWorkflow {
  if ("notice" in workflow.jobs)
    throw new Error(
      `workflow "${workflow.name}" has a job "notice": the name is taken by its failure notice`,
    );
  const notice = job({
    name: "tell of a failure",
    needs: Object.keys(workflow.jobs),
    if: expression("!cancelled() && contains(needs.*.result, 'failure')"),
    "runs-on": "ubuntu-24.04",
    permissions: {},
    steps: [tell(target)],
  });
  return { ...workflow, jobs: { ...workflow.jobs, notice } };
}

/** Uses what every runner has (curl, jq): an action would be one more download that can fail. */
function tell({ webhookSecret }: NoticeTarget): RunStep {
  return {
    name: "Tell that it failed",
    // Five tries of 20 seconds and the waits between them stay below three minutes.
    "timeout-minutes": 3,
    env: { NEEDS: expression("toJSON(needs)"), WEBHOOK: expression(`secrets.${webhookSecret}`) },
    run: script(webhookSecret),
  };
}

/**
 * Says who, where and what, and nothing that somebody else wrote freely: no title, no commit message. A
 * branch's name is such a text too, so `&`, `<` and `>` are escaped: without `<` nobody can be mentioned.
 * The script ends well even if nobody could be told: the run is red already, and the summary has the reason.
 */
const script = (secret: string) => `\
summary() { echo "$1" >> "$GITHUB_STEP_SUMMARY"; }

if [ -z "$WEBHOOK" ]; then
  summary 'Nobody was told of this failure: the repository secret ${secret} is missing.'
  exit 0
fi

body="$(jq --null-input --compact-output \\
  --argjson needs "$NEEDS" \\
  --arg url "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID" \\
  '
    ([$needs | to_entries[] | select(.value.result == "failure") | .key] | join(", ")) as $failed
    | "\\(env.GITHUB_REPOSITORY): \\(env.GITHUB_WORKFLOW) failed on \\(env.GITHUB_REF_NAME) (\\($failed)) \\($url)"
    | gsub("&"; "&amp;") | gsub("<"; "&lt;") | gsub(">"; "&gt;")
    | { text: . }
  ')"

# Neither the webhook's URL, which is a secret, nor its answer is printed.
if status="$(curl --silent --output /dev/null --write-out '%{http_code}' --fail \\
  --max-time 20 --retry 4 --retry-all-errors \\
  --header 'Content-Type: application/json' --data "$body" --url "$WEBHOOK")"; then
  summary 'This failure was told.'
else
  summary "Nobody was told of this failure: the webhook answered \${status:-nothing} (000: it was not reached)."
fi
`;
