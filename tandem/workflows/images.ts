import { COPY_IMAGE, signIn } from "../../components/workflows/registries";
import { assumeRole } from "../../components/workflows/steps";
import { REGION, read } from "../../components/workflows/variables";
import { expression, type RunStep, type Step } from "../../components/workflows/workflow";
import { STATE, UP_ROLE } from "./variables";

const FOUND = "steps.images.outputs.reader";

/**
 * Copies what the passport names from the sandbox's registries to production's: after somebody has approved it, and
 * before production takes it. What cannot be copied yet is said in the summary; the promotion says its own of that.
 *
 * @param back the expression with the former passport to go back to
 */
export function copyImages(back: string): readonly Step[] {
  const steps: readonly Step[] = [
    {
      name: "Take on the reader of the sandbox's images",
      uses: "aws-actions/configure-aws-credentials",
      with: { "role-to-assume": expression(FOUND), "aws-region": read(REGION) },
      "timeout-minutes": 3,
    },
    signIn("source", expression("steps.images.outputs.source")),
    { ...assumeRole(UP_ROLE, REGION), name: `Take on ${UP_ROLE} again` },
    signIn("target", expression("steps.images.outputs.target")),
    copy,
  ];
  return [find(back), ...steps.map((step) => ({ ...step, if: expression(`${FOUND} != ''`) }))];
}

/** Everything from the two stacks' outputs, of which none is secret: nobody says twice where a registry is. */
function find(back: string): RunStep {
  return {
    name: "Find the images",
    id: "images",
    env: { ...STATE, BACK: back },
    "timeout-minutes": 5,
    run: `\
for stack in sandbox prod; do
  npx pulumi stack output --stack "$stack" --json > "$RUNNER_TEMP/$stack.json"
done
jq --null-input --raw-output --slurpfile sandbox "$RUNNER_TEMP/sandbox.json" --slurpfile prod "$RUNNER_TEMP/prod.json" '
  $sandbox[0] as $from | $prod[0] as $to
  | (if env.BACK == "" then $from.passport else first($to.passports[]? | select(.id == env.BACK)) end).release // {}
  | to_entries[]
  | [.key, .value, $from.registries[.key] // "-", $to.registries[.key] // "-"] | join(" ")
' > "$RUNNER_TEMP/wanted"
reader="$(jq --raw-output '.imagesReaderRole // ""' "$RUNNER_TEMP/sandbox.json")"
if [ -z "$reader" ]; then
  echo 'No image is copied: the sandbox has no output imagesReaderRole. An up of the sandbox with this program makes the role.' >> "$GITHUB_STEP_SUMMARY"
  exit 0
fi
while read -r application digest from to; do
  if ! [[ "$digest" =~ ^sha256:[0-9a-f]{64}$ ]] || [ "$from" = - ]; then
    echo "::error::The sandbox has no registry with an image $digest of $application."
    exit 1
  elif [ "$to" = - ]; then
    echo "Production has no registry for $application yet: the first up with applications.$application.enabled: false among its differences makes it." >> "$GITHUB_STEP_SUMMARY"
  else
    echo "$application $digest $from $to" >> "$RUNNER_TEMP/images"
  fi
done < "$RUNNER_TEMP/wanted"
if [ -f "$RUNNER_TEMP/images" ]; then
  read -r _ _ from to < "$RUNNER_TEMP/images"
  { echo "reader=$reader"; echo "source=$from"; echo "target=$to"; } >> "$GITHUB_OUTPUT"
fi
`,
  };
}

const copy: RunStep = {
  name: "Copy the images",
  "timeout-minutes": 30,
  run: `\
${COPY_IMAGE}while read -r application digest from to; do
  if skopeo inspect --raw --authfile "$RUNNER_TEMP/target.json" "docker://$to@$digest" > /dev/null 2>&1; then
    echo "Production has the image of $application already: $digest" >> "$GITHUB_STEP_SUMMARY"
  else
    copy_image "$from" "$to" "$digest"
    echo "The image of $application was copied to production, unchanged: $digest" >> "$GITHUB_STEP_SUMMARY"
  fi
done < "$RUNNER_TEMP/images"
`,
};
