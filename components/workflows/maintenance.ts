import type { NoticesSettings } from "../../config/schema";
import { noticeTarget, withFailureNotice } from "./notice";
import { assumeRole } from "./steps";
import { REGION, ROLE, read } from "./variables";
import { expression, job, type RunStep, type ToldWorkflow } from "./workflow";

/** The environment variable with the name of the bucket that holds the switches. */
export const SWITCHES_BUCKET = "SWITCHES_BUCKET";

/** The environment variable with the host of each application, as JSON; those behind a login are left out. */
export const SWITCHES_HOSTS = "SWITCHES_HOSTS";

/** The GitHub environment of the button: without reviewers, and with a role of its own. */
export const switchesEnvironment = (environment: string): string => `${environment}-switches`;

export interface MaintenanceWorkflowArgs {
  /** `sandbox` or `prod`. */
  readonly environment: string;
  /** The applications that the public reaches, at least one. */
  readonly applications: readonly string[];
  /** Who is told when a run failed. */
  readonly notices: NoticesSettings;
}

/**
 * The button that closes an application and opens it again, for people who are no developers. It checks out and
 * installs nothing: pressed in a hurry, it is done in seconds. The newest press counts.
 */
export function maintenanceWorkflow(args: MaintenanceWorkflowArgs): ToldWorkflow {
  const { environment, notices } = args;
  const workflow = {
    name: `maintenance ${environment}`,
    on: { workflow_dispatch: { inputs: inputs(args) } },
    concurrency: {
      group: `maintenance-${environment}-${expression("inputs.application")}`,
      "cancel-in-progress": true,
    },
    jobs: {
      switch: job({
        name: "turn the switch",
        "runs-on": "ubuntu-24.04",
        environment: switchesEnvironment(environment),
        permissions: { "id-token": "write" },
        steps: [request, assumeRole(ROLE, REGION), turn, look],
      }),
    },
  };
  return withFailureNotice(workflow, noticeTarget(environment, notices));
}

/** Where the workflow's file stands in the repository. */
export const maintenanceFile = (environment: string): string =>
  `.github/workflows/maintenance-${environment}.yml`;

/** A day: what takes longer is planned, in the configuration. */
export const LONGEST = 1440;

function inputs({ environment, applications }: MaintenanceWorkflowArgs) {
  return {
    application: {
      description: `Which application of ${environment}`,
      type: "choice",
      required: true,
      options: [...applications].sort(),
    },
    switch: {
      description: "on: the public sees the maintenance page; off: the application again",
      type: "choice",
      required: true,
      options: ["on", "off"],
    },
    minutes: {
      description: `For how long, in minutes, at most ${LONGEST}: then it ends by itself`,
      type: "number",
      default: 60,
    },
  };
}

const ASKED = { APPLICATION: expression("inputs.application"), SWITCH: expression("inputs.switch") };

const request: RunStep = {
  name: "Read the request",
  env: { MINUTES: expression("inputs.minutes") },
  "timeout-minutes": 1,
  run: `\
if ! [[ "$MINUTES" =~ ^[1-9][0-9]{0,3}$ ]] || [ "$MINUTES" -gt ${LONGEST} ]; then
  echo '::error::Minutes are a whole number from 1 to ${LONGEST}. Nothing was switched.'
  exit 1
fi
`,
};

/** One object, written or deleted at once: there is no half of it. */
const turn: RunStep = {
  name: "Turn the switch",
  env: { ...ASKED, MINUTES: expression("inputs.minutes"), SWITCHES_BUCKET: read(SWITCHES_BUCKET) },
  "timeout-minutes": 2,
  run: `\
key="maintenance/$APPLICATION.json"
if [ "$SWITCH" = on ]; then
  until="$(date --utc --date "+$MINUTES minutes" +%Y-%m-%dT%H:%M:%SZ)"
  jq --null-input --arg until "$until" --arg since "$(date --utc +%Y-%m-%dT%H:%M:%SZ)" \\
    '{ until: $until, since: $since, by: env.GITHUB_ACTOR }' > "$RUNNER_TEMP/switch.json"
  aws s3api put-object --bucket "$SWITCHES_BUCKET" --key "$key" \\
    --body "$RUNNER_TEMP/switch.json" --content-type application/json > /dev/null
  echo "$APPLICATION is switched to maintenance. It ends by itself at $until." >> "$GITHUB_STEP_SUMMARY"
else
  aws s3api delete-object --bucket "$SWITCHES_BUCKET" --key "$key" > /dev/null
  echo "The maintenance of $APPLICATION is switched off." >> "$GITHUB_STEP_SUMMARY"
fi
`,
};

/** The edge looks at a switch every 15 seconds. */
const look: RunStep = {
  name: "See what the public sees",
  env: { ...ASKED, SWITCHES_HOSTS: read(SWITCHES_HOSTS) },
  "timeout-minutes": 3,
  run: `\
host="$(jq --null-input --raw-output '(env.SWITCHES_HOSTS | fromjson)[env.APPLICATION] // ""')"
if [ -z "$host" ]; then
  echo 'A login stands before it: what lies behind was not looked at.' >> "$GITHUB_STEP_SUMMARY"
  exit 0
fi
for _ in {1..12}; do
  headers="$(curl --silent --head --max-time 10 --url "https://$host/" || true)"
  seen=off
  if grep --ignore-case --quiet '^x-tandem-maintenance:' <<< "$headers"; then seen=on; fi
  if [ -n "$headers" ] && [ "$seen" = "$SWITCH" ]; then
    echo "https://$host/ shows it: the maintenance is $seen." >> "$GITHUB_STEP_SUMMARY"
    exit 0
  fi
  sleep 5
done
if [ "$SWITCH" = off ]; then
  echo "::error::https://$host/ is closed all the same: the stack's configuration plans a maintenance for now."
else
  echo "::error::https://$host/ does not show the maintenance page after a minute."
fi
exit 1
`,
};
