import { LASTS, type Script, wait } from "./site-scripts";

/** Rules that Pages takes in one file; it ignores the others. */
const RULES = 100;

/** Text of `_headers` that sends search engines away. */
export const SENT_AWAY = "\\n/*\\n  X-Robots-Tag: noindex, nofollow\\n";

/**
 * Pages answers `must-revalidate` by itself. What else there is to say stands behind the site's own rules, as many as
 * Pages takes, styles and scripts first; a site that says itself how long its files are kept is left alone.
 */
export const headers: Script = {
  name: "Say how long files are kept",
  minutes: 5,
  run: `\
export LC_ALL=C.UTF-8
cd "$RUNNER_TEMP/site"
${LASTS}\
touch _headers
own="$(cat _headers)"
if [ "$NOINDEX" = on ]; then printf '${SENT_AWAY}' >> _headers; fi
if grep --quiet --ignore-case 'cache-control *:' <<< "$own"; then exit 0; fi
left="$((${RULES} - $(grep --count '^[^[:space:]#]' _headers || true)))"
while IFS= read -r path; do
  if [ "$left" -le 0 ]; then break; fi
  if lasts "$path" && [[ "$path" =~ ^[A-Za-z0-9._/-]+$ ]]; then
    printf '\\n%s\\n  Cache-Control: public, max-age=31536000, immutable\\n' "\${path#.}" >> _headers
    left="$((left - 1))"
  fi
done < <(
  find . -type f \\( -name '*.css' -o -name '*.js' \\) | sort
  find . -type f ! -name '*.css' ! -name '*.js' | sort
)
`,
};

/** Before the token is there: what a package brings along runs when it is fetched. */
const fetchWrangler = (version: string): Script => ({
  name: "Fetch Wrangler",
  minutes: 5,
  run: `npx --yes wrangler@${version} --version\n`,
});

/** From an empty folder, in which no file can tell it anything else. */
const deploy = (version: string): Script => ({
  name: "Upload the site",
  minutes: 30,
  run: `\
mkdir -p "$RUNNER_TEMP/empty"
cd "$RUNNER_TEMP/empty"
npx --yes wrangler@${version} pages deploy "$RUNNER_TEMP/site" --project-name "$PAGES_PROJECT" \\
  --branch "$BRANCH" --commit-hash "$COMMIT" --commit-dirty=true
`,
});

const waitForPages = wait(
  "Wait until the public gets it",
  "%{http_code}",
  "200",
  "The site is uploaded, but $SITE_URL answers with $answer.",
);

/** Only `upload` gets the token, which may edit Pages. @param wrangler the release of Wrangler */
export const pagesScripts = (wrangler: string) => ({
  before: [headers, fetchWrangler(wrangler)],
  upload: deploy(wrangler),
  after: [waitForPages],
});
