/** The environment variable with the name of the function that starts what is declared. */
export const GUARD_FUNCTION = "GUARD_FUNCTION";

/** The GitHub environment of the workflows that ask it: without reviewers, and with a role of its own. */
export const doorEnvironment = (environment: string): string => `${environment}-jobs`;

/**
 * A shell function that hands `$RUNNER_TEMP/payload.json` to the guard. A refusal is the guard's own sentence and
 * an end in red; a start says in the summary where its log is. The names in the payload are declared ones, its
 * values were put in by jq: nothing of it is ever read by the shell.
 */
export const ASK = `\
ask() {
  if ! aws lambda invoke --function-name "$GUARD_FUNCTION" \\
    --payload "fileb://$RUNNER_TEMP/payload.json" "$RUNNER_TEMP/answer.json" > /dev/null; then
    echo "::error::$1 was not started: the guard could not be asked."
    return 1
  fi
  reason="$(jq --raw-output '
    if .started then "" else .refused // .errorMessage // "the guard gave no answer" end
    | gsub("%"; "%25") | gsub("\\r"; "%0D") | gsub("\\n"; "%0A")
  ' "$RUNNER_TEMP/answer.json")" || reason='the guard gave no answer'
  if [ -n "$reason" ]; then
    echo "::error::$1 was not started: $reason"
    return 1
  fi
  jq --raw-output --arg what "$1" '.started |
    "\\($what) was started: task \\(.task). This run does not wait for it. It is ended after \\(.timeout) seconds;",
    "of a failure or a time-out the guard tells, once. Its log:",
    "",
    "    aws logs tail \\(.logGroup) --log-stream-names \\(.logStream) --follow",
    ""
  ' "$RUNNER_TEMP/answer.json" | tee -a "$GITHUB_STEP_SUMMARY"
}
`;
