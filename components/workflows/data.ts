import type { NoticesSettings, ScheduleSettings } from "../../config/schema";
import { ASK, doorEnvironment, GUARD_FUNCTION } from "./door";
import { noticeTarget, withFailureNotice } from "./notice";
import { assumeRole } from "./steps";
import { REGION, ROLE, read } from "./variables";
import { expression, job, type RunStep, type ToldWorkflow } from "./workflow";

export interface DataWorkflowArgs {
  /** `sandbox` or `prod`. */
  readonly environment: string;
  /** The schedules that GitHub's clock starts and that are on, at least one. */
  readonly schedules: Readonly<Record<string, Pick<ScheduleSettings, "cron">>>;
  /** Who is told when a run failed. */
  readonly notices: NoticesSettings;
}

/**
 * The schedules whose clock is GitHub's. A file of its own: GitHub switches off all of a file whose clock nobody
 * looked after for 60 days, and the job buttons are to stay. That silence the guard notices, from AWS.
 */
export function dataWorkflow({ environment, schedules, notices }: DataWorkflowArgs): ToldWorkflow {
  const byCron = keysByCron(schedules);
  const start = job({
    name: "start what is due",
    "runs-on": "ubuntu-24.04",
    environment: doorEnvironment(environment),
    permissions: { "id-token": "write" },
    steps: [assumeRole(ROLE, REGION), startStep(byCron)],
  });
  const workflow = {
    name: `data ${environment}`,
    on: { schedule: Object.keys(byCron).map((cron) => ({ cron })) },
    concurrency: {
      group: `data-${environment}-${expression("github.event.schedule")}`,
      "cancel-in-progress": false,
    },
    jobs: { start },
  };
  return withFailureNotice(workflow, noticeTarget(environment, notices));
}

/** Where the workflow's file stands in the repository. */
export const dataFile = (environment: string): string => `.github/workflows/data-${environment}.yml`;

function keysByCron(schedules: DataWorkflowArgs["schedules"]): Record<string, string[]> {
  const crons = [...new Set(Object.values(schedules).map(({ cron }) => plain(cron)))].sort();
  return Object.fromEntries(
    crons.map((each) => [
      each,
      Object.keys(schedules)
        .filter((key) => plain(schedules[key]?.cron ?? "") === each)
        .sort(),
    ]),
  );
}

/** With single spaces: GitHub hands back the text as it stands in the file. */
const plain = (cron: string) => cron.trim().split(/\s+/).join(" ");

/** Each is asked for, whatever became of the one before. The same run asks for the same start, however often. */
const startStep = (byCron: Record<string, string[]>): RunStep => ({
  name: "Start what is due",
  env: {
    CRON: expression("github.event.schedule"),
    SCHEDULES: JSON.stringify(byCron),
    GUARD_FUNCTION: read(GUARD_FUNCTION),
  },
  "timeout-minutes": 3,
  run: `${ASK}
due="$(jq --null-input --raw-output '(env.SCHEDULES | fromjson)[env.CRON][]')"
failed=0
for schedule in $due; do
  jq --null-input --arg schedule "$schedule" \\
    '{ do: "start", $schedule, due: "run-\\(env.GITHUB_RUN_ID)" }' > "$RUNNER_TEMP/payload.json"
  ask "Schedule $schedule" || failed=1
done
exit "$failed"
`,
});
