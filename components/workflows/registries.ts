import type { RunStep } from "./workflow";

/**
 * Signs in to a registry for skopeo. Each has a credentials file of its own: in one account both have the same host.
 *
 * @param registry the expression that says its address
 */
export function signIn(side: "source" | "target", registry: string): RunStep {
  return {
    name: `Sign in to the ${side} registry`,
    env: { REGISTRY: registry },
    "timeout-minutes": 3,
    run: `\
aws ecr get-login-password \\
  | skopeo login --authfile "$RUNNER_TEMP/${side}.json" --username AWS --password-stdin "\${REGISTRY%%/*}"
`,
  };
}

/**
 * A function for scripts: `copy_image source target digest`, after both sign-ins. From registry to registry, byte for
 * byte: through a local image store the digest could change.
 */
export const COPY_IMAGE = `\
copy_image() {
  local image="$2:promoted-$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT" copied
  skopeo copy --all --preserve-digests --src-authfile "$RUNNER_TEMP/source.json" \\
    --dest-authfile "$RUNNER_TEMP/target.json" "docker://$1@$3" "docker://$image"
  copied="sha256:$(skopeo inspect --raw --authfile "$RUNNER_TEMP/target.json" "docker://$image" \\
    | sha256sum | cut -d ' ' -f 1)"
  if [ "$copied" != "$3" ]; then
    echo "::error::The copy is $copied, not the image that was asked for."
    return 1
  fi
}
`;
