import { type NoticeTarget, runAddress, tell, withFailureNotice } from "./notice";
import { expression, type Job, job, type RunStep, type ToldWorkflow } from "./workflow";

/** A workflow that is watched: GitHub calls it by its name, or by its file where it cannot read the name. */
export interface Watched {
  readonly name: string;
  /** Its path in the repository. */
  readonly file: string;
}

/**
 * Tells of runs that could not tell it themselves: those that GitHub could not start, because the file is
 * invalid or for another reason. None of their jobs ran, their notices neither. Whatever had a job is left to
 * its own notice: nothing is told twice.
 *
 * GitHub starts it from the default branch only, and it looks at that branch's runs only: an invalid file in
 * somebody's branch or fork is shown to its author. A run that is started again and fails again is told again.
 *
 * GitHub's documentation does not promise the event for a run that could not start. Should it not come, nobody is
 * told of an invalid file by this: the linters before the merge are what keeps one out.
 */
export function watcherWorkflow(
  environment: string,
  workflows: readonly Watched[],
  target: NoticeTarget,
): ToldWorkflow {
  const watched = [...new Set(workflows.flatMap(({ name, file }) => [name, file]))].sort();
  return withFailureNotice(
    {
      name: `watch ${environment}`,
      remark: SAFE,
      on: { workflow_run: { workflows: watched, types: ["completed"] } },
      concurrency: {
        group: `watch-${environment}-${expression("github.event.workflow_run.id")}`,
        "cancel-in-progress": false,
      },
      jobs: { look: look(target) },
    },
    target,
  );
}

/** Where the workflow's file stands in the repository. */
export const watcherFile = (environment: string): string => `.github/workflows/watch-${environment}.yml`;

const SAFE =
  "zizmor: ignore[dangerous-triggers] nothing of the run is fetched or executed: four values of it are compared or shown";

/** A run's jobs are asked for only where its end leaves it open whether it had any. */
const WATCHED = [
  "github.event.workflow_run.head_branch == github.event.repository.default_branch",
  "github.event.workflow_run.head_repository.full_name == github.repository",
  'contains(fromJSON(\'["startup_failure", "failure"]\'), github.event.workflow_run.conclusion)',
].join(" && ");

function look(target: NoticeTarget): Job {
  const told = tell(target, {
    repository: expression("github.repository"),
    workflow: expression("github.event.workflow_run.path"),
    branch: expression("github.event.workflow_run.head_branch"),
    url: runAddress("github.event.workflow_run.id"),
    needs: JSON.stringify({ "start-up": { result: "failure" } }),
  });
  return job({
    name: "look at a run that failed",
    if: expression(WATCHED),
    "runs-on": "ubuntu-24.04",
    permissions: { actions: "read" },
    steps: [ask, { ...told, if: expression("steps.ask.outputs.silent == 'yes'") }],
  });
}

const ask: RunStep = {
  name: "Ask whether it had a job",
  id: "ask",
  env: {
    GH_TOKEN: expression("github.token"),
    CONCLUSION: expression("github.event.workflow_run.conclusion"),
    RUN: expression("github.event.workflow_run.id"),
  },
  "timeout-minutes": 3,
  run: `\
jobs=0
if [ "$CONCLUSION" != startup_failure ]; then
  for pause in 0 2 5 10; do
    sleep "$pause"
    if jobs="$(gh api "repos/$GITHUB_REPOSITORY/actions/runs/$RUN/jobs" --jq .total_count)"; then break; fi
  done
fi
if ! [[ "$jobs" =~ ^[0-9]+$ ]]; then
  echo '::error::GitHub did not say which jobs the run had.'
  exit 1
fi
if [ "$jobs" -eq 0 ]; then echo 'silent=yes' >> "$GITHUB_OUTPUT"; fi
`,
};
