import { type NoticeTarget, withFailureNotice } from "../../components/workflows/notice";
import { assumeRole } from "../../components/workflows/steps";
import { REGION } from "../../components/workflows/variables";
import {
  expression,
  type Job,
  job,
  type RunStep,
  type ToldWorkflow,
} from "../../components/workflows/workflow";
import type { EnvironmentName } from "../../config/settings";
import { copyImages } from "./images";
import { KEPT, previews, REVIEW } from "./previews";
import { ASKED, RELEASE, REQUESTED, readRequest, runs } from "./release";
import { fetchKept, prepared } from "./steps";
import {
  BRANCH,
  CONFIGURED,
  OWN_TOKEN,
  STATE,
  UP_ROLE,
  WATCH,
  WATCHING,
  WRITING,
  watchRole,
} from "./variables";

const UNREVIEWED = {
  "accept-unreviewed": {
    description: "Also do what no review has shown",
    type: "boolean",
    default: false,
  },
};

/**
 * Applies what was merged to the sandbox, or releases images that an application's workflow asks for; then asks for the
 * promotion. Every run that waits is kept: a release that a push overtook would be lost, and nobody would be told.
 */
export function upSandbox(target: NoticeTarget): ToldWorkflow {
  return withFailureNotice(
    {
      name: "up sandbox",
      on: { push: { branches: [BRANCH] }, workflow_dispatch: { inputs: { ...RELEASE, ...UNREVIEWED } } },
      concurrency: { ...oneAtATime("sandbox"), queue: "max" },
      jobs: {
        sandbox: job({
          if: expression(CONFIGURED),
          "runs-on": "ubuntu-24.04",
          environment: "sandbox",
          permissions: { contents: "read", "id-token": "write", "pull-requests": "read" },
          steps: [
            readRequest,
            ...prepared({ history: true }),
            assumeRole(UP_ROLE, REGION),
            reviewed,
            apply,
            runs("sandbox"),
          ],
        }),
        promotion: promotion(),
      },
    },
    target,
  );
}

/**
 * Promotes what the sandbox has proved, or goes back. First it shows what production would become; a reviewer
 * of the GitHub environment `prod` approves that, and a step that was not shown is not taken. Images are copied after
 * the approval.
 */
export function upProd(target: NoticeTarget): ToldWorkflow {
  return withFailureNotice(
    {
      name: "up prod",
      on: {
        workflow_dispatch: {
          inputs: {
            back: { description: "A former passport to go back to (r-...)", type: "string", required: false },
            ...UNREVIEWED,
          },
        },
      },
      concurrency: oneAtATime("prod"),
      jobs: { show: show(), prod: prod() },
    },
    target,
  );
}

/**
 * What runs is never cut off: a killed `up` leaves the state locked and the clouds half changed. A run that
 * waits for its reviewers holds the place; when it is approved after the sandbox has moved on, the passport's
 * rules refuse it by themselves.
 */
const oneAtATime = (stack: EnvironmentName) => ({ group: `up-${stack}`, "cancel-in-progress": false });

/** Gathers what the pull requests have shown since the commit that the sandbox runs. */
const reviewed: RunStep = {
  name: "Find what was reviewed",
  if: expression("!inputs.accept-unreviewed"),
  env: { ...STATE, ...OWN_TOKEN },
  "timeout-minutes": 5,
  run: `\
npx pulumi stack output passport --stack sandbox --json > "$RUNNER_TEMP/passport.json"
since="$(jq --raw-output '.program.commit // ""' "$RUNNER_TEMP/passport.json")"
npx tandem reviewed --since "$since" --out "$RUNNER_TEMP/${REVIEW}"
`,
};

/** The gate's choice: what was reviewed, or the word of whoever started the run. */
const GATE = `\
if [ "$UNREVIEWED" = true ]; then
  words+=(--accept-unreviewed)
else
  words+=(--reviewed "$RUNNER_TEMP/${REVIEW}")
fi
`;

const gated = { ...STATE, ...WRITING, UNREVIEWED: expression("inputs.accept-unreviewed") };

const apply: RunStep = {
  name: "Apply",
  env: { ...gated, ...ASKED },
  "timeout-minutes": 90,
  run: `\
words=(--stack sandbox --real --yes)
${REQUESTED}${GATE}npx tandem apply "\${words[@]}"
`,
};

/** Starts the other workflow: there it waits for a reviewer without holding up the sandbox. */
function promotion(): Job {
  return job({
    name: "ask for the promotion",
    needs: ["sandbox"],
    "runs-on": "ubuntu-24.04",
    permissions: { actions: "write" },
    steps: [
      {
        name: "Ask for the promotion",
        env: { GH_TOKEN: expression("github.token") },
        "timeout-minutes": 3,
        run: 'gh workflow run up-prod.yml --repo "$GITHUB_REPOSITORY" --ref "$GITHUB_REF_NAME"\n',
      },
    ],
  });
}

const BACK = { BACK: expression("inputs.back") };

/** What a reviewer approves: read only, in the run's summary. */
function show(): Job {
  const pin: RunStep = {
    name: "Go back to a former passport",
    if: expression("inputs.back != ''"),
    env: { ...STATE, ...BACK },
    "timeout-minutes": 3,
    run: 'npx pulumi config set passport "$BACK" --stack prod --non-interactive\n',
  };
  return job({
    name: "show what production would become",
    if: expression(CONFIGURED),
    "runs-on": "ubuntu-24.04",
    environment: WATCH,
    permissions: { contents: "read", "id-token": "write" },
    outputs: KEPT,
    steps: [...prepared(), assumeRole(watchRole("prod"), REGION), pin, ...previews(watchRole, WATCHING)],
  });
}

function prod(): Job {
  return job({
    name: "promote",
    needs: ["show"],
    "runs-on": "ubuntu-24.04",
    environment: "prod",
    permissions: { contents: "read", "id-token": "write" },
    steps: [
      ...prepared(),
      assumeRole(UP_ROLE, REGION),
      fetchKept(REVIEW),
      ...copyImages(BACK.BACK),
      promote,
      runs("prod"),
    ],
  });
}

const promote: RunStep = {
  name: "Promote",
  env: { ...gated, ...BACK },
  "timeout-minutes": 120,
  run: `\
words=(--real --yes)
if [ -n "$BACK" ]; then words+=(--back "$BACK"); fi
${GATE}npx tandem promote "\${words[@]}"
`,
};
