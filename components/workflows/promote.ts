import { COPY_IMAGE, signIn } from "./registries";
import { assumeRole } from "./steps";
import { published, REGION, ROLE, read, registryOf } from "./variables";
import { expression, type Job, job, type RunStep, type Workflow } from "./workflow";

/** Copies, by hand, the digests that somebody names. Nothing is built and nothing is checked out. */
export function promote(
  environment: string,
  source: string,
  applications: readonly string[],
): Pick<Workflow, "on" | "jobs"> {
  const only = applications.length === 1;
  const inputs = applications.map((key) => [
    key,
    {
      description: `Digest of ${key} that ${source} runs (sha256:...)${only ? "" : "; empty: not promoted"}`,
      type: "string",
      required: only,
    },
  ]);
  return {
    on: { workflow_dispatch: { inputs: Object.fromEntries(inputs) } },
    jobs: {
      request: requestJob(applications),
      ...Object.fromEntries(applications.map((key) => [`copy-${key}`, copyJob(environment, source, key)])),
    },
  };
}

/** Stands outside the environment: a request that cannot be met never reaches a reviewer. */
function requestJob(applications: readonly string[]): Job {
  const names = applications.map((_, index) => `DIGEST_${index}`);
  return job({
    name: "read the request",
    "runs-on": "ubuntu-24.04",
    permissions: {},
    steps: [
      {
        name: "Read the request",
        env: Object.fromEntries(applications.map((key, index) => [names[index], inputOf(key)])),
        "timeout-minutes": 2,
        run: `\
asked=0
check() {
  if [ -z "$1" ]; then return; fi
  if ! [[ "$1" =~ ^sha256:[0-9a-f]{64}$ ]]; then
    echo '::error::A digest is sha256: and 64 hexadecimal digits, as the summary of the build shows it.'
    exit 1
  fi
  asked=$((asked + 1))
}
${names.map((name) => `check "$${name}"`).join("\n")}
if [ "$asked" -eq 0 ]; then
  echo '::error::No digest was given: there is nothing to promote.'
  exit 1
fi
`,
      },
    ],
  });
}

const inputOf = (application: string) => expression(`inputs['${application}']`);

function copyJob(environment: string, source: string, application: string): Job {
  const from = published(source);
  return job({
    name: `copy ${application}`,
    needs: ["request"],
    if: expression(`inputs['${application}'] != ''`),
    "runs-on": "ubuntu-24.04",
    environment,
    permissions: { "id-token": "write" },
    outputs: { digest: expression("steps.copy.outputs.digest") },
    steps: [
      assumeRole(from.role, from.region),
      signIn("source", read(from.registryOf(application))),
      assumeRole(ROLE, REGION),
      signIn("target", read(registryOf(application))),
      copy(environment, source, application),
    ],
  });
}

function copy(environment: string, source: string, application: string): RunStep {
  return {
    name: "Copy the image",
    id: "copy",
    env: {
      APPLICATION: application,
      STACK: environment,
      DIGEST: inputOf(application),
      SOURCE: read(published(source).registryOf(application)),
      TARGET: read(registryOf(application)),
    },
    "timeout-minutes": 20,
    run: `\
${COPY_IMAGE}copy_image "$SOURCE" "$TARGET" "$DIGEST"
echo "digest=$DIGEST" >> "$GITHUB_OUTPUT"
cat >> "$GITHUB_STEP_SUMMARY" <<END
The image of $APPLICATION is in the registry of $STACK too, unchanged: $DIGEST. Nothing runs it there
yet; this command releases what the passport of ${source} names:

    pulumi up --stack $STACK

END
`,
  };
}
