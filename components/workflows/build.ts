import { BUILDER, PACK_VERSION } from "./pins";
import { REGION, ROLE, read, registryOf } from "./variables";
import {
  type ActionStep,
  expression,
  type Job,
  job,
  type RunStep,
  type Step,
  type Workflow,
} from "./workflow";

/** An application as its repository has it. */
export interface BuiltApplication {
  readonly key: string;
  /** Where it stands in the repository: `.`, or a path without a slash at its ends. */
  readonly directory: string;
}

/** Builds every application from its directory on each push to the branch. */
export function build(
  environment: string,
  branch: string,
  applications: readonly BuiltApplication[],
): Pick<Workflow, "on" | "jobs"> {
  return {
    on: { push: { branches: [branch] } },
    jobs: Object.fromEntries(applications.map((one) => [`build-${one.key}`, buildJob(environment, one)])),
  };
}

function buildJob(environment: string, { key, directory }: BuiltApplication): Job {
  return job({
    name: `build ${key}`,
    // The tasks run on ARM64: built on the same, nothing is emulated.
    "runs-on": "ubuntu-24.04-arm",
    environment,
    permissions: { contents: "read", "id-token": "write" },
    outputs: { digest: expression("steps.digest.outputs.digest") },
    steps: [
      checkout,
      assumeRole(ROLE, REGION),
      signIn,
      ...fromDockerfile(key, directory),
      ...fromBuildpacks(key, directory),
      digest(environment, key),
    ],
  });
}

/** The job's token is left out of the working copy, where a build could read it. */
const checkout: ActionStep = {
  name: "Check out",
  uses: "actions/checkout",
  with: { "persist-credentials": false },
  "timeout-minutes": 5,
};

const signIn: ActionStep = {
  name: "Sign in to the registry",
  uses: "aws-actions/amazon-ecr-login",
  with: { "mask-password": true },
  "timeout-minutes": 3,
};

/** Takes on an AWS role for the rest of the job; the variables say which. */
export function assumeRole(role: string, region: string): ActionStep {
  return {
    name: `Take on ${role}`,
    uses: "aws-actions/configure-aws-credentials",
    with: { "role-to-assume": read(role), "aws-region": read(region) },
    "timeout-minutes": 3,
  };
}

/** Tags of the registry cannot be moved, so each attempt of each run has its own. */
const TAG = ["github.sha", "github.run_id", "github.run_attempt"].map(expression).join("-");

const hasDockerfile = (directory: string) =>
  `hashFiles('${directory === "." ? "" : `${directory}/`}Dockerfile') != ''`;

/** Begins with a point: BuildKit takes some paths without one for addresses, such as github.com/... */
const contextOf = (directory: string) => (directory === "." ? "." : `./${directory}`);

function fromDockerfile(application: string, directory: string): readonly Step[] {
  const when = expression(hasDockerfile(directory));
  return [
    {
      name: "Set up BuildKit",
      if: when,
      uses: "docker/setup-buildx-action",
      "timeout-minutes": 5,
    },
    {
      name: "Build from the Dockerfile and push",
      id: "dockerfile",
      if: when,
      uses: "docker/build-push-action",
      with: {
        // Without a path the action fetches the repository once more, by itself.
        context: contextOf(directory),
        platforms: "linux/arm64",
        push: true,
        // One manifest and no index around it: the digest is that of the image which runs and is scanned.
        provenance: false,
        tags: `${read(registryOf(application))}:${TAG}`,
      },
      "timeout-minutes": 30,
    },
  ];
}

function fromBuildpacks(application: string, directory: string): readonly Step[] {
  const when = expression(`!(${hasDockerfile(directory)})`);
  return [
    {
      name: "Set up Buildpacks",
      if: when,
      uses: "buildpacks/github-actions/setup-pack",
      with: { "pack-version": PACK_VERSION },
      "timeout-minutes": 5,
    },
    {
      name: "Build with Buildpacks and push",
      if: when,
      env: { BUILDER, IMAGE: `${read(registryOf(application))}:${TAG}`, CONTEXT: contextOf(directory) },
      "timeout-minutes": 30,
      run: `\
mkdir -p "$RUNNER_TEMP/report"
pack build "$IMAGE" --builder "$BUILDER" --platform linux/arm64 --path "$CONTEXT" --publish \\
  --report-output-dir "$RUNNER_TEMP/report"
`,
    },
  ];
}

/** Says what was pushed, and how it is released: this workflow pushes and does not release. */
function digest(environment: string, application: string): RunStep {
  return {
    name: "Say what was pushed",
    id: "digest",
    env: {
      APPLICATION: application,
      STACK: environment,
      BUILT: expression("steps.dockerfile.outputs.digest"),
    },
    "timeout-minutes": 2,
    run: `\
digest="$BUILT"
if [ -z "$digest" ]; then
  digest="$(sed -n 's/^ *digest *= *"\\(.*\\)"$/\\1/p' "$RUNNER_TEMP/report/report.toml")"
fi
if ! [[ "$digest" =~ ^sha256:[0-9a-f]{64}$ ]]; then
  echo '::error::The build gave no digest.'
  exit 1
fi
echo "digest=$digest" >> "$GITHUB_OUTPUT"
cat >> "$GITHUB_STEP_SUMMARY" <<END
The image of $APPLICATION is in the registry of $STACK. Nothing runs it yet; these two commands release it:

    pulumi config set --stack $STACK --path release.$APPLICATION $digest
    pulumi up --stack $STACK

END
`,
  };
}
