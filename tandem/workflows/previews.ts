import { assumeRole } from "../../components/workflows/steps";
import { REGION } from "../../components/workflows/variables";
import { expression, type RunStep, type Step } from "../../components/workflows/workflow";
import { ENVIRONMENTS, type EnvironmentName } from "../../config/settings";
import { keep } from "./steps";
import { STATE } from "./variables";

/** The file, and the artifact, that a review is. */
export const REVIEW = "review.md";

/** Outputs of a job that keeps a review: empty where it did not come so far. */
export const KEPT = { review: expression("steps.keep.outputs.artifact-id") } as const;

/**
 * Previews both real environments and keeps the review. A preview that fails is part of it: the job ends red, and
 * not before the review is kept.
 *
 * @param role the name of the variable with the role for an environment
 * @param tokens what the other clouds are asked with
 */
export function previews(
  role: (stack: EnvironmentName) => string,
  tokens: Readonly<Record<string, string>>,
): readonly Step[] {
  return [
    ...ENVIRONMENTS.flatMap((stack) => [assumeRole(role(stack), REGION), preview(stack, tokens)]),
    // With the passphrase it knows the secrets that it has to leave out, should one stand in an error.
    ...review(ENVIRONMENTS.map((stack) => `--${stack} ${stack}.json`).join(" "), {
      PULUMI_CONFIG_PASSPHRASE: STATE.PULUMI_CONFIG_PASSPHRASE,
    }),
    verdict,
  ];
}

/** Writes a review, into the run's summary too, and keeps it for a later job. */
export function review(words: string, env?: Readonly<Record<string, string>>): readonly Step[] {
  return [
    {
      name: "Review",
      ...(env ? { env } : {}),
      "timeout-minutes": 15,
      run: `\
npx tandem review ${words} --out ${REVIEW}
cat ${REVIEW} >> "$GITHUB_STEP_SUMMARY"
`,
    },
    keep(REVIEW),
  ];
}

function preview(stack: EnvironmentName, tokens: Readonly<Record<string, string>>): RunStep {
  return {
    name: `Preview ${stack}`,
    id: stack,
    env: { ...STATE, ...tokens },
    "timeout-minutes": 15,
    run: `\
if npx pulumi preview --stack ${stack} --json --show-sames --non-interactive --policy-pack policy > ${stack}.json; then
  echo 'ended=well' >> "$GITHUB_OUTPUT"
fi
`,
  };
}

const verdict: RunStep = {
  name: "End as the previews did",
  env: Object.fromEntries(
    ENVIRONMENTS.map((stack) => [stack.toUpperCase(), expression(`steps.${stack}.outputs.ended`)]),
  ),
  "timeout-minutes": 1,
  run: `\
if [ "$SANDBOX" != well ] || [ "$PROD" != well ]; then
  echo '::error::A preview failed: the review says which, and why.'
  exit 1
fi
`,
};
