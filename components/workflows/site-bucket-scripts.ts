import { LASTS, type Script, wait } from "./site-scripts";

/**
 * A release is `<commit>-<run>-<attempt>`, and lies in the bucket as `releases/<release>/<path>`. `current.json` says
 * which one is served; it is written last and in one piece: that is the switch. A run that is cut off before it leaves
 * what was served, and a release that nobody asks for.
 */
const ID = `"\${COMMIT:0:12}-$RUN-$ATTEMPT"`;
const RELEASE = `release=${ID}`;

const upload: Script = {
  name: "Upload the site beside what is served",
  minutes: 30,
  run: `\
export LC_ALL=C.UTF-8
site="$RUNNER_TEMP/site"
lasting="$RUNNER_TEMP/lasting"
${RELEASE}
to="s3://$SITE_BUCKET/releases/$release/"
rm -rf "$lasting"
mkdir -p "$lasting"
${LASTS}\
while IFS= read -r -d '' path; do
  if lasts "$path"; then
    mkdir -p "$lasting/$(dirname "$path")"
    mv "$site/$path" "$lasting/$path"
  fi
done < <(cd "$site" && find . -type f -print0)
here="$(find "$site" "$lasting" -type f -printf . | wc -c)"
aws s3 cp "$lasting" "$to" --recursive --no-follow-symlinks --only-show-errors \\
  --cache-control 'public, max-age=31536000, immutable'
aws s3 cp "$site" "$to" --recursive --no-follow-symlinks --only-show-errors \\
  --cache-control 'public, max-age=0, must-revalidate'
there="$(aws s3api list-objects-v2 --bucket "$SITE_BUCKET" --prefix "releases/$release/" \\
  --query 'Contents[].Key' --output json | jq length)"
if [ "$there" != "$here" ]; then
  echo "::error::The site has $here files, and $there were uploaded. What is served stays."
  exit 1
fi
`,
};

/** Releases that stay: those that were served last. */
const KEPT = 5;

/** It remembers which releases were served: what was uploaded and never served is garbage, however new it is. */
const switchOver: Script = {
  name: "Serve the new release",
  minutes: 3,
  run: `\
${RELEASE}
former="$RUNNER_TEMP/former.json"
if ! aws s3api get-object --bucket "$SITE_BUCKET" --key current.json "$former" \\
  > /dev/null 2> "$RUNNER_TEMP/refusal"; then
  if ! grep --quiet NoSuchKey "$RUNNER_TEMP/refusal"; then
    cat "$RUNNER_TEMP/refusal"
    echo '::error::It could not be read which release is served. It stays.'
    exit 1
  fi
  echo '{}' > "$former"
fi
jq --arg release "$release" '{
  release: $release,
  previous: .release,
  at: (now | todate),
  kept: ([$release] + ((.kept // [.release, .previous] | map(strings)) - [$release]) | .[0:${KEPT}])
}' "$former" > "$RUNNER_TEMP/current.json"
aws s3api put-object --bucket "$SITE_BUCKET" --key current.json --body "$RUNNER_TEMP/current.json" \\
  --content-type application/json --cache-control no-store > /dev/null
echo "Release $release is served."
`,
};

const waitForRelease = wait(
  "Wait until the public gets it",
  "%header{x-site-release}",
  ID,
  "Release $wanted is in the bucket, but $SITE_URL still answers with '$answer'.",
);

// Fails loudly although the site is served: what nobody deletes grows for years, and nobody else would notice.
const clean: Script = {
  name: "Delete what is no longer served",
  minutes: 10,
  run: `\
kept="$(jq --raw-output '.kept[]' "$RUNNER_TEMP/current.json")"
releases="$(aws s3api list-objects-v2 --bucket "$SITE_BUCKET" --prefix releases/ --delimiter / \\
  --query 'CommonPrefixes[].Prefix' --output json \\
  | jq --raw-output '.[]? | capture("^releases/(?<id>[0-9a-f]{12}-[0-9]+-[0-9]+)/$").id')"
for release in $releases; do
  if ! grep --quiet --line-regexp --fixed-strings -e "$release" <<< "$kept"; then
    aws s3 rm "s3://$SITE_BUCKET/releases/$release/" --recursive --only-show-errors
  fi
done
`,
};

/** Run by a role that reaches this one bucket. */
export const bucketScripts: readonly Script[] = [upload, switchOver, waitForRelease, clean];
