/**
 * jq: the letter. Its headers hold texts of the configuration and two names in plain ASCII; the branch stands in
 * the body only, which is encoded. Servers take mail from the address that signs in, so that is the sender where
 * the user is an address (`smtps://team%40shop.example:...`); otherwise the first of those who are told is.
 */
const LETTER = String.raw`
    (env.MAILS | split(", ")) as $to
    | ([env.SMTP | capture("^smtps?://(?<user>[^:@/]+)(:[^@]*)?@").user | gsub("%40"; "@")
        | select(test("^[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+$"))][0] // $to[0]) as $from
    | {
        from: $from,
        to: $to,
        text: ([
          "From: \($from)",
          "To: \($to | join(", "))",
          "Date: \(now | strftime("%a, %d %b %Y %H:%M:%S +0000"))",
          "Subject: \("\(.repository): \(.workflow) failed" | gsub("[^ -~]"; "?"))",
          "MIME-Version: 1.0",
          "Content-Type: text/plain; charset=utf-8",
          "Content-Transfer-Encoding: base64",
          "Auto-Submitted: auto-generated",
          "",
          ("\(.words)\r\n\(.url)\r\n" | @base64 | match(".{1,76}"; "g").string),
          ""
        ] | join("\r\n"))
      }
`.trim();

/** jq: what curl must not be told on its command line, where other programs could read it. */
const SERVER = String.raw`"url = \(env.SMTP | tojson)", "mail-from = \(.from | tojson)", (.to[] | "mail-rcpt = \(tojson)")`;

/**
 * Bash: sends the same notice by mail, and adds what came of it to `outcomes`. A refusal for good (5xx) is not
 * tried again. An address that the server does not take keeps nobody else from being told.
 *
 * @param secret name of the secret, for the summary
 */
export const mailScript = (secret: string) => `\
if [ -z "$SMTP" ]; then
  outcomes+=('the repository secret ${secret} is missing')
else
  letter="$(jq --compact-output '
    ${LETTER}' <<< "$said")"
  for pause in 0 2 5 10; do
    sleep "$pause"
    if status="$(jq --raw-output '${SERVER}' <<< "$letter" \\
      | curl --config - --upload-file <(jq --join-output .text <<< "$letter") --proto '=smtp,smtps' --ssl-reqd \\
        --mail-rcpt-allowfails --silent --output /dev/null --write-out '%{response_code}' --max-time 20)"; then
      status=sent
      break
    fi
    if [[ "$status" = 5* ]]; then break; fi
  done
  case "$status" in
    sent) told=yes; outcomes+=('the mail server took the mail') ;;
    000) outcomes+=('the mail server did not answer (000)') ;;
    *) outcomes+=("the mail server answered $status") ;;
  esac
fi
`;
