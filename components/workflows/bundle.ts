import type { BuiltApplication } from "./build";
import type { Step } from "./workflow";

/**
 * Keeps what somebody needs who runs the application elsewhere: the sources of its directory as they were committed,
 * and files of SQL beside them. Needs a working copy.
 *
 * @param files names of files in the runner's temporary folder
 */
export function bundle({ key, directory }: BuiltApplication, files: readonly string[]): readonly Step[] {
  const name = `bundle-${key}.zip`;
  const added = files.map((file) => `  --add-file="$RUNNER_TEMP/${file}" \\\n`).join("");
  return [
    {
      name: "Make the bundle",
      "timeout-minutes": 5,
      // What is added before the prefix stands beside the sources' folder.
      run: `\
git archive --format=zip --output="$GITHUB_WORKSPACE/${name}" \\
${added}  --prefix=${key}/ '${directory === "." ? "HEAD" : `HEAD:${directory}`}'
`,
    },
    {
      name: "Keep the bundle",
      uses: "actions/upload-artifact",
      with: {
        name,
        path: name,
        // It is one file that is packed already; packed once more, programs would lose that they are such.
        archive: false,
        "if-no-files-found": "error",
        "retention-days": "30",
      },
      "timeout-minutes": 5,
    },
  ];
}
