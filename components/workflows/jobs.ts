import type { JobSettings, NoticesSettings } from "../../config/schema";
import { ASK, doorEnvironment, GUARD_FUNCTION } from "./door";
import { noticeTarget, withFailureNotice } from "./notice";
import { assumeRole } from "./steps";
import { REGION, ROLE, read } from "./variables";
import { expression, job, type RunStep, type ToldWorkflow } from "./workflow";

export interface JobsWorkflowArgs {
  /** `sandbox` or `prod`. */
  readonly environment: string;
  /** The declared jobs, at least one. */
  readonly jobs: Readonly<Record<string, Pick<JobSettings, "inputs">>>;
  /** Who is told when a run failed. */
  readonly notices: NoticesSettings;
}

/**
 * The button for the jobs that people start: it asks which one and what with, has the guard start it, and ends.
 * Of one job a second run waits for the first; another job's does not.
 */
export function jobsWorkflow({ environment, jobs, notices }: JobsWorkflowArgs): ToldWorkflow {
  const keys = Object.keys(jobs).sort();
  const fields = formFields(jobs);
  const start = job({
    name: "start the job",
    "runs-on": "ubuntu-24.04",
    environment: doorEnvironment(environment),
    permissions: { "id-token": "write" },
    steps: [request(jobs, fields), assumeRole(ROLE, REGION), startStep],
  });
  const workflow = {
    name: `jobs ${environment}`,
    on: { workflow_dispatch: { inputs: { job: choice(environment, keys), ...inputs(fields) } } },
    concurrency: { group: `jobs-${environment}-${expression("inputs.job")}`, "cancel-in-progress": false },
    jobs: { start },
  };
  return withFailureNotice(workflow, noticeTarget(environment, notices));
}

/** Where the workflow's file stands in the repository. */
export const jobsFile = (environment: string): string => `.github/workflows/jobs-${environment}.yml`;

/** A field of the form: jobs that ask for the same variable share it. */
interface Field {
  readonly name: string;
  readonly description: string;
  /** What the form begins with: a default that all of them share. A job's own counts where it is left empty. */
  readonly begins: string;
}

/** By name, so that one job more changes as few lines as can be. */
export function formFields(jobs: JobsWorkflowArgs["jobs"]): readonly Field[] {
  const asked = Object.entries(jobs)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([key, { inputs }]) => Object.entries(inputs).map(([name, input]) => ({ key, name, ...input })));
  const names = [...new Set(asked.map(({ name }) => name))].sort();
  return names.map((name) => {
    const mine = asked.filter((each) => each.name === name);
    const defaults = [...new Set(mine.map((each) => each.default))];
    const shared = defaults.length === 1;
    return {
      name,
      description: mine
        .map((each) => `${each.key}: ${each.question}${shared ? "" : unlike(each)}`)
        .join("; "),
      begins: shared ? (defaults[0] ?? "") : "",
    };
  });
}

const unlike = ({ default: fallback }: { default?: string | undefined }) =>
  fallback === undefined ? "" : ` (empty: ${fallback})`;

const choice = (environment: string, options: readonly string[]) => ({
  description: `Which job to start in ${environment}`,
  type: "choice",
  required: true,
  options,
});

function inputs(fields: readonly Field[]) {
  const entries = fields.map(({ name, description, begins }) => [
    name,
    { description, type: "string", required: false, ...(begins === "" ? {} : { default: begins }) },
  ]);
  return Object.fromEntries(entries);
}

/** Before any credential is there: what belongs to another job is a mistake, and not something to leave out. */
function request(jobs: JobsWorkflowArgs["jobs"], fields: readonly Field[]): RunStep {
  const declared = Object.entries(jobs).map(
    ([key, { inputs }]) => [key, Object.keys(inputs).sort()] as const,
  );
  return {
    name: "Read the request",
    env: {
      DECLARED: JSON.stringify(Object.fromEntries(declared.sort(([one], [other]) => (one < other ? -1 : 1)))),
      FORM: JSON.stringify(Object.fromEntries(fields.map(({ name, begins }) => [name, begins]))),
      JOB: expression("inputs.job"),
      ...Object.fromEntries(fields.map(({ name }) => [`ASKED_${name}`, expression(`inputs.${name}`)])),
    },
    "timeout-minutes": 2,
    run: `\
request="$(jq --null-input --compact-output '
  (env.DECLARED | fromjson)[env.JOB] as $own
  | (env.FORM | fromjson) as $form
  | ($form | with_entries(.value = ($ENV["ASKED_" + .key] // ""))) as $said
  | {
      strange: ([$said | to_entries[] | select(.value != "" and .value != $form[.key]) | .key] - $own),
      payload: {
        do: "job",
        job: env.JOB,
        asked: "\\(env.GITHUB_RUN_ID)-\\(env.GITHUB_RUN_ATTEMPT)",
        inputs: ($said | with_entries(select(.value != "" and (.key | IN($own[])))))
      }
    }
')"
strange="$(jq --raw-output '.strange | join(", ")' <<< "$request")"
if [ -n "$strange" ]; then
  echo "::error::Job $JOB does not ask for $strange: leave empty what is another job's. Nothing was started."
  exit 1
fi
jq '.payload' <<< "$request" > "$RUNNER_TEMP/payload.json"
`,
  };
}

const startStep: RunStep = {
  name: "Start the job",
  env: { JOB: expression("inputs.job"), GUARD_FUNCTION: read(GUARD_FUNCTION) },
  "timeout-minutes": 3,
  run: `${ASK}\nask "Job $JOB"\n`,
};
