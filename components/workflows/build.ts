import { releaseJob, type StackRepository } from "./ask";
import { bundle } from "./bundle";
import { BUILDER, PACK_VERSION } from "./pins";
import type { Proof } from "./proof";
import { proveJob } from "./prove";
import { assumeRole, checkout, signIn } from "./steps";
import { REGION, ROLE, read, registryOf } from "./variables";
import { expression, type Job, job, type RunStep, type Step, type Workflow } from "./workflow";

/** An application as its repository has it. */
export interface BuiltApplication {
  readonly key: string;
  /** Where it stands in the repository: `.`, or a path without a slash at its ends. */
  readonly directory: string;
  /** How its image is proved before it is released. @default the build is the only proof */
  readonly proof?: Proof | undefined;
}

/**
 * Builds every application from its directory on each push to the branch, proves what was built, and hands it to the
 * stack where that takes it.
 */
export function build(
  environment: string,
  branch: string,
  applications: readonly BuiltApplication[],
  stack: StackRepository | undefined,
): Pick<Workflow, "on" | "jobs"> {
  const jobs = {
    ...byKey("build", applications, (one) => buildJob(environment, one, stack)),
    ...byKey("prove", applications, (one) => one.proof && proveJob(environment, one, one.proof)),
  };
  const keys = applications.map(({ key }) => key);
  return {
    on: { push: { branches: [branch] }, workflow_dispatch: {} },
    jobs: {
      ...jobs,
      ...(stack === undefined ? {} : { release: releaseJob(environment, stack, keys, Object.keys(jobs)) }),
    },
  };
}

function byKey(
  what: string,
  applications: readonly BuiltApplication[],
  make: (one: BuiltApplication) => Job | undefined,
): Record<string, Job> {
  return Object.fromEntries(
    applications.flatMap((one) => {
      const made = make(one);
      return made === undefined ? [] : [[`${what}-${one.key}`, made] as const];
    }),
  );
}

function buildJob(environment: string, one: BuiltApplication, stack: StackRepository | undefined): Job {
  const { key, directory, proof } = one;
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
      digest(environment, key, stack),
      ...(proof === undefined ? bundle(one, []) : []),
    ],
  });
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

const BY_HAND = `\
The image of $APPLICATION is in the registry of $STACK. Nothing runs it yet; these two commands release it:

    pulumi config set --stack $STACK --path release.$APPLICATION $digest
    pulumi up --stack $STACK
`;

const HANDED_OVER = `\
The image of $APPLICATION is in the registry of $STACK: $digest
Once every image of this run is proved, the stack is asked to release it.`;

/** Says what was pushed, and how it is released: no job here runs anything in an environment. */
function digest(environment: string, application: string, stack: StackRepository | undefined): RunStep {
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
${stack === undefined ? BY_HAND : HANDED_OVER}
END
`,
  };
}
