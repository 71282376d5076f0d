import { assumeRole } from "./build";
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
      signIn("source", from.registryOf(application)),
      assumeRole(ROLE, REGION),
      signIn("target", registryOf(application)),
      copy(environment, source, application),
    ],
  });
}

/** Each registry has a credentials file of its own: in one account both have the same host. */
function signIn(side: "source" | "target", registry: string): RunStep {
  return {
    name: `Sign in to the ${side} registry`,
    env: { REGISTRY: read(registry) },
    "timeout-minutes": 3,
    run: `\
aws ecr get-login-password \\
  | skopeo login --authfile "$RUNNER_TEMP/${side}.json" --username AWS --password-stdin "\${REGISTRY%%/*}"
`,
  };
}

/** Copies from registry to registry, byte for byte: through a local image store the digest could change. */
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
image="$TARGET:promoted-$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT"
skopeo copy --all --preserve-digests --src-authfile "$RUNNER_TEMP/source.json" \\
  --dest-authfile "$RUNNER_TEMP/target.json" "docker://$SOURCE@$DIGEST" "docker://$image"
copied="sha256:$(skopeo inspect --raw --authfile "$RUNNER_TEMP/target.json" "docker://$image" \\
  | sha256sum | cut -d ' ' -f 1)"
if [ "$copied" != "$DIGEST" ]; then
  echo "::error::The copy is $copied, not the image that was asked for."
  exit 1
fi
echo "digest=$copied" >> "$GITHUB_OUTPUT"
cat >> "$GITHUB_STEP_SUMMARY" <<END
The image of $APPLICATION is in the registry of $STACK too, unchanged: $copied. Nothing runs it there
yet; this command releases what the passport of ${source} names:

    pulumi up --stack $STACK

END
`,
  };
}
