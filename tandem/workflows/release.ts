import { expression, type RunStep } from "../../components/workflows/workflow";
import type { EnvironmentName } from "../../config/settings";
import { STATE } from "./variables";

/** The images that an application's workflow asks to release, as an input of a run. */
export const RELEASE = {
  release: {
    description: 'New images: {"<application>":"sha256:..."}; empty: what the sandbox runs',
    type: "string",
    required: false,
  },
};

/** The input reaches scripts through the environment only. */
export const ASKED = { RELEASE: expression("inputs.release") };

/** Reads the request before anything else is done: a line `application=digest` for each image, and nothing else. */
export const readRequest: RunStep = {
  name: "Read the request",
  if: expression("inputs.release != ''"),
  env: ASKED,
  "timeout-minutes": 2,
  run: `\
if ! jq --slurp --exit-status --raw-output '
  if length == 1 and (.[0] | type == "object" and length > 0 and all(to_entries[];
    (.key | test("\\\\A[a-z][a-z0-9-]*\\\\z"))
    and (.value | type == "string" and test("\\\\Asha256:[0-9a-f]{64}\\\\z"))))
  then .[0] | to_entries[] | "\\(.key)=\\(.value)"
  else empty end
' <<< "$RELEASE" > "$RUNNER_TEMP/release"; then
  echo '::error::release is no object of applications and digests, such as {"web":"sha256:<64 hexadecimal digits>"}.'
  exit 1
fi
`,
};

/** Puts the request into the words of \`apply\`. */
export const REQUESTED = `\
if [ -n "$RELEASE" ]; then
  mapfile -t images < "$RUNNER_TEMP/release"
  words+=(--release "\${images[@]}")
fi
`;

/** Says in the run's summary what an environment runs. */
export function runs(stack: EnvironmentName): RunStep {
  return {
    name: "Say what runs",
    env: STATE,
    "timeout-minutes": 3,
    run: `\
npx pulumi stack output passport --stack ${stack} --json | jq --raw-output '
  "${stack} runs \\(.id):",
  "",
  (.release | to_entries[] | "- \\(.key): \`\\(.value)\`"),
  "",
  (if .verification then "Verified \\(.verification.at): \\(.verification.urls | join(", "))" else "Not verified: nothing runs yet." end)
' >> "$GITHUB_STEP_SUMMARY"
`,
  };
}
