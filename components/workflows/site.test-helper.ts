import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runnerFolder, runStep } from "./run-step.test-helper";
import type { RunStep, Step } from "./workflow";

/** A folder stands in for the bucket; what `aws` is told of each file stands beside it. */
export const AWS = `
set -euo pipefail
echo "$*" >> "$BUCKET.log"
bucket_path() { local key="\${1#s3://site/}"; echo "$BUCKET/$key"; }
option() { local wanted="$1"; shift; while [ "$#" -gt 0 ]; do if [ "$1" = "$wanted" ]; then echo "$2"; return; fi; shift; done; }
case "$1 $2" in
  's3 cp')
    to="$(bucket_path "$4")"; mkdir -p "$to"
    (cd "$3" && find . -type f) | while IFS= read -r path; do
      if [ -n "\${BREAKS:-}" ] && [ "$(find "$BUCKET" -type f | wc -l)" -ge "$BREAKS" ]; then exit 1; fi
      mkdir -p "$to/$(dirname "$path")"; cp "$3/$path" "$to/$path"
      echo "$(option --cache-control "$@")|\${path#./}" >> "$BUCKET.headers"
    done ;;
  's3 rm') rm -r "$(bucket_path "$3")" ;;
  's3api get-object')
    if [ -n "\${DENIES:-}" ]; then echo 'An error occurred (AccessDenied)' >&2; exit 254; fi
    if [ ! -f "$BUCKET/$6" ]; then echo 'An error occurred (NoSuchKey) when calling GetObject' >&2; exit 254; fi
    cp "$BUCKET/$6" "$7" ;;
  's3api put-object') cp "$(option --body "$@")" "$BUCKET/$(option --key "$@")" ;;
  's3api list-objects-v2')
    prefix="$(option --prefix "$@")"
    if [ -n "$(option --delimiter "$@")" ]; then
      (cd "$BUCKET" && find "$prefix" -mindepth 1 -maxdepth 1 -printf '%p/\\n') | jq -Rn '[inputs]'
    else
      (cd "$BUCKET" && find "$prefix" -type f) | jq -Rn '[inputs] | if . == [] then null else . end'
    fi ;;
  *) exit 97 ;;
esac
`;

/** What the public gets: the worker answers with the release that the pointer names. */
const CURL = `
if [ -n "\${ANSWERS:-}" ]; then printf '%s' "$ANSWERS"; exit 0; fi
jq --raw-output --join-output .release "$BUCKET/current.json"
`;

/** For tests: a bucket, and runs that upload to it. */
export function bucket() {
  const folder = join(mkdtempSync(join(tmpdir(), "site-")), "bucket");
  mkdirSync(join(folder, "releases"), { recursive: true });
  const read = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : "");
  return {
    /** The paths in it, below a prefix. */
    files: (prefix = "") => filesIn(join(folder, prefix)),
    releases: () => readdirSync(join(folder, "releases")).sort(),
    pointer: () => JSON.parse(read(join(folder, "current.json")) || "null"),
    /** What browsers are told of a file. */
    headers: () =>
      Object.fromEntries(
        read(`${folder}.headers`)
          .split("\n")
          .filter((line) => line !== "")
          .map((line) => line.split("|").reverse() as [string, string]),
      ),
    asked: () => read(`${folder}.log`).split("\n"),
    run: (steps: readonly Step[], run: SiteRun) => runSite(steps, { BUCKET: folder, ...run.env }, run),
  };
}

export interface SiteRun {
  /** The compiled files, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** The run's number. @default 1 */
  readonly number?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Stand-ins besides those for `aws` and `curl`. */
  readonly commands?: Readonly<Record<string, string>>;
}

/** Runs scripts one after the other until one fails, as a runner does. */
export function runSite(
  steps: readonly Step[],
  env: Readonly<Record<string, string>>,
  { files, number = 1, commands = {} }: SiteRun,
) {
  const folder = runnerFolder();
  const output = join(folder, "public");
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(output, path)), { recursive: true });
    writeFileSync(join(output, path), text);
  }
  let said = "";
  for (const step of steps) {
    if (!("run" in step)) continue;
    const given = Object.entries((step as RunStep).env ?? {}).filter(([, text]) => !text.startsWith("$"));
    const { status, stdout, stderr } = runStep(
      step,
      {
        ...Object.fromEntries(given),
        COMMIT: "0123456789abcdef0123456789abcdef01234567",
        RUN: String(number),
        ATTEMPT: "1",
        SITE_BUCKET: "site",
        HOME: folder,
        ...env,
      },
      { aws: AWS, curl: CURL, sleep: "", ...commands },
      folder,
    );
    said += stdout + stderr;
    if (status !== 0) return { failed: step.name, said, folder };
  }
  return { failed: undefined, said, folder };
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();
}
