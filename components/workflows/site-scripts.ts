/**
 * The scripts that put a compiled site where it is served, for whoever runs them: they know nothing but variables
 * (RUNNER_TEMP is a folder of one's own) and use what every runner has (bash, tar, curl, jq, aws).
 */
export interface Script {
  readonly name: string;
  readonly minutes: number;
  readonly run: string;
}

/**
 * Before the site is packed: a folder without a first page was not compiled.
 * Links become what they lead to: nobody who unpacks them is led anywhere.
 */
export const pack: Script = {
  name: "Pack the site",
  minutes: 5,
  run: `\
if [ ! -d "$OUTPUT" ]; then
  echo "::error::There is no folder $OUTPUT: nothing was compiled, or it went elsewhere (see output)."
  exit 1
fi
if [ ! -s "$OUTPUT/index.html" ]; then
  echo "::error::$OUTPUT has no index.html, or an empty one: this would be a site without a first page."
  exit 1
fi
tar --create --dereference --exclude-vcs --file "$RUNNER_TEMP/site.tar" --directory "$OUTPUT" .
`,
};

/** What was packed is a stranger's: it may bring files and folders, and nothing that leads to other ones. */
export const unpack: Script = {
  name: "Unpack the site",
  minutes: 5,
  run: `\
site="$RUNNER_TEMP/site"
rm -rf "$site"
mkdir -p "$site"
tar --extract --no-same-owner --no-same-permissions --file "$RUNNER_TEMP/site.tar" --directory "$site"
if [ -n "$(find "$site" ! -type f ! -type d -print -quit)" ]; then
  echo '::error::There is something in the site that is neither a file nor a folder.'
  exit 1
fi
if [ ! -s "$site/index.html" ]; then
  echo '::error::The site has no first page. What is served stays.'
  exit 1
fi
`,
};

/**
 * Bash: whether a file's content can never change under its name, and browsers may keep it. That is so where a
 * fingerprint stands in the name: eight hexadecimal digits or more, of which one is a letter, as a date has none. A
 * page keeps its name whatever it says.
 */
export const LASTS = `\
lasts() {
  local name="\${1##*/}"
  [[ "$name" =~ [.-]([0-9a-f]{8,})\\. && "\${BASH_REMATCH[1]}" =~ [a-f] && ! "$name" =~ \\.html?$ ]]
}
`;

/** Asks until the answer is the wanted one, for a minute and a half. */
export const wait = (name: string, what: string, wanted: string, words: string): Script => ({
  name,
  minutes: 3,
  run: `\
SECONDS=0
wanted=${wanted}
for _ in {1..18}; do
  answer="$(curl --silent --output /dev/null --max-time 10 --write-out '${what}' "$SITE_URL/")" || true
  if [ "$answer" = "$wanted" ]; then exit 0; fi
  if [ "$SECONDS" -ge 85 ]; then break; fi
  sleep 5
done
echo "::error::${words}"
exit 1
`,
});
