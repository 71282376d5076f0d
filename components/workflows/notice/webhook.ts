/**
 * Bash: posts the message, and adds what came of it to `outcomes`. What may pass by itself is tried again: no
 * answer, too many requests, an error of the service's own. A redirect is no success: nobody has read anything.
 *
 * The URL is a secret: it is neither printed nor written on a command line, and the answer is not printed.
 *
 * @param secret name of the secret, for the summary
 * @param body jq: from what is told to the body
 */
export const webhookScript = (secret: string, body: string) => `\
if [ -z "$WEBHOOK" ]; then
  outcomes+=('the repository secret ${secret} is missing')
else
  body="$(jq --compact-output '${body}' <<< "$said")"
  for pause in 0 2 5 10; do
    sleep "$pause"
    status="$(jq --null-input --raw-output '"url = \\(env.WEBHOOK | tojson)"' \\
      | curl --config - --globoff --silent --output /dev/null --write-out '%{http_code}' --max-time 20 \\
        --header 'Content-Type: application/json' --data-binary "$body")" || true
    if ! [[ "$status" =~ ^(000|408|429|5..)$ ]]; then break; fi
  done
  case "$status" in
    2??) told=yes; outcomes+=("the webhook answered $status") ;;
    000) outcomes+=('the webhook did not answer (000)') ;;
    *) outcomes+=("the webhook answered $status") ;;
  esac
fi
`;
