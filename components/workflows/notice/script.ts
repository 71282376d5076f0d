import { mailScript } from "./mail";
import { TELL } from "./story";
import { webhookScript } from "./webhook";

/**
 * Bash: tells in each way by itself, and writes into the run's summary what came of it. It uses what every runner
 * has (jq, curl): an action would be one more download that can fail. It always ends well: the run is as red as
 * it was, whether or not somebody could be told.
 */
export function noticeScript(ways: {
  webhook?: { readonly secret: string; readonly body: string } | undefined;
  mail?: { readonly secret: string } | undefined;
}): string {
  const { webhook, mail } = ways;
  return [
    HEAD,
    webhook === undefined ? undefined : webhookScript(webhook.secret, webhook.body),
    mail === undefined ? undefined : mailScript(mail.secret),
  ]
    .filter((part) => part !== undefined)
    .join("\n");
}

const HEAD = `\
told=no
outcomes=()
finish() {
  if [ "\${#outcomes[@]}" -eq 0 ]; then outcomes=('the message could not be made'); fi
  line="$(printf '; %s' "\${outcomes[@]}")"
  if [ "$told" = yes ]; then
    echo "This failure was told: \${line:2}." >> "$GITHUB_STEP_SUMMARY"
  else
    echo "Nobody was told of this failure: \${line:2}." >> "$GITHUB_STEP_SUMMARY"
  fi
  exit 0
}
trap finish EXIT

said="$(jq --null-input --compact-output '
  ${TELL}')"
`;
