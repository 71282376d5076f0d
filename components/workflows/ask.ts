import { DISPATCH_TOKEN } from "./variables";
import { expression, type Job, job, type RunStep, type Workflow } from "./workflow";

/** The repository whose workflows do every `up`. */
export interface StackRepository {
  /** `owner/name`. */
  readonly repository: string;
  /** Whether the application lives in it too: the workflow's own token is then enough. */
  readonly shared: boolean;
}

/** The branch that the stack's repository applies. */
const BRANCH = "main";

/** Hands the new digests to the stack. It does not wait: an `up` that fails is told by the stack's own run. */
export function releaseJob(
  environment: string,
  stack: StackRepository,
  applications: readonly string[],
  needs: readonly string[],
): Job {
  const digests = applications.map((key) => `"${key}":"${expression(`needs.build-${key}.outputs.digest`)}"`);
  return job({
    name: `release to ${environment}`,
    needs,
    ...asking(environment, stack),
    steps: [
      {
        name: "Start the stack's workflow",
        env: { ...where(stack), RELEASE: `{${digests.join(",")}}` },
        "timeout-minutes": 3,
        run: `${hasToken(stack)}${start(`up-${environment}.yml`, "release=$RELEASE")}
cat >> "$GITHUB_STEP_SUMMARY" <<END
The stack was asked to release this to ${environment}: $RELEASE
Its run says how that ends: $GITHUB_SERVER_URL/$STACK/actions/workflows/up-${environment}.yml
END
`,
      },
    ],
  });
}

/** A button: asks the stack for the promotion, which waits for its reviewers there. */
export function promotionButton(
  environment: string,
  source: string,
  stack: StackRepository,
): Pick<Workflow, "on" | "jobs"> {
  const back = { description: "A former passport to go back to (r-...)", type: "string", required: false };
  const ask: RunStep = {
    name: "Start the stack's workflow",
    env: { ...where(stack), BACK: expression("inputs.back") },
    "timeout-minutes": 3,
    run: `\
if [ -n "$BACK" ] && ! [[ "$BACK" =~ ^r-[0-9a-f]{12}$ ]]; then
  echo '::error::A passport is r- and 12 hexadecimal digits, as npx tandem promote lists them.'
  exit 1
fi
${hasToken(stack)}${start(`up-${environment}.yml`, "back=$BACK")}
cat >> "$GITHUB_STEP_SUMMARY" <<END
The stack was asked for the promotion \${BACK:+back to $BACK }to ${environment}. It copies the images and goes on once a reviewer
has approved it: $GITHUB_SERVER_URL/$STACK/actions/workflows/up-${environment}.yml
END
`,
  };
  return {
    on: { workflow_dispatch: { inputs: { back } } },
    // The token is the first environment's, which has no reviewers: to ask needs no approval, what is asked for does.
    jobs: { promote: job({ name: `promote to ${environment}`, ...asking(source, stack), steps: [ask] }) },
  };
}

const asking = (environment: string, { shared }: StackRepository) => ({
  "runs-on": "ubuntu-24.04",
  ...(shared ? {} : { environment }),
  permissions: shared ? ({ actions: "write" } as const) : {},
});

const where = ({ repository, shared }: StackRepository) => ({
  STACK: repository,
  GH_TOKEN: expression(shared ? "github.token" : `secrets.${DISPATCH_TOKEN}`),
});

const hasToken = ({ shared }: StackRepository) => (shared ? "" : TOKEN);

const TOKEN = `\
if [ -z "$GH_TOKEN" ]; then
  echo '::error::There is no ${DISPATCH_TOKEN}: github.dispatch of the sandbox names the secret with it.'
  exit 1
fi
`;

const start = (workflow: string, field: string) =>
  `gh workflow run ${workflow} --repo "$STACK" --ref ${BRANCH} --raw-field "${field}"`;
