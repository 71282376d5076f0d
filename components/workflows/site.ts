import { noticeTarget, withFailureNotice } from "./notice";
import { pathBelow, type SiteWorkflowArgs, setUpNode, siteUrl, stepOf, verbatim } from "./site-parts";
import { pack } from "./site-scripts";
import { uploadJob } from "./site-upload";
import { checkout } from "./steps";
import { type ActionStep, expression, type Job, job, type Step, type ToldWorkflow } from "./workflow";

/**
 * Compiles a site and uploads it, on each push to its branch, and when somebody asks because of new content or a new
 * theme. The newest run wins: one that is overtaken ends at once, and nobody is told.
 *
 * What compiles it is the repository's and has no credentials; what has them runs nothing of the repository's.
 */
export function siteWorkflow(args: SiteWorkflowArgs): ToldWorkflow {
  const { environment, key, notices } = args;
  const name = nameOf(environment, key);
  const workflow = {
    name,
    on: triggers(args),
    concurrency: { group: name.replaceAll(" ", "-"), "cancel-in-progress": true },
    jobs: { compile: compileJob(args), upload: uploadJob(args) },
  };
  return withFailureNotice(workflow, noticeTarget(environment, notices));
}

const nameOf = (environment: string, key: string) => `site ${key} ${environment}`;

/** Where the workflow's file stands in the repository. */
export const siteFile = (environment: string, key: string): string =>
  `.github/workflows/${nameOf(environment, key).replaceAll(" ", "-")}.yml`;

function triggers({ environment, key, branch, settings: { directory } }: SiteWorkflowArgs) {
  const below = directory === "." ? {} : { paths: [`${directory}/**`, siteFile(environment, key)] };
  return {
    push: { branches: [branch], ...below },
    repository_dispatch: { types: ["content", "theme"] },
    workflow_call: {},
    workflow_dispatch: {},
  };
}

function compileJob({ branch, settings }: SiteWorkflowArgs): Job {
  const { directory, output, compile, node, python, variables } = settings;
  const own = Object.entries(variables).map(([name, text]) => [name, verbatim(text)]);
  const steps: readonly Step[] = [
    { ...checkout, with: { ...checkout.with, submodules: true } },
    ...(node === undefined ? [] : [setUpNode(node)]),
    ...(python === undefined ? [] : [setUpPython(python)]),
    ...(compile === undefined
      ? []
      : [
          {
            name: "Compile the site",
            env: { ...Object.fromEntries(own), BASE_URL: siteUrl(settings) },
            "timeout-minutes": 30,
            run: `${directory === "." ? "" : `cd ${directory}\n`}${verbatim(compile.trim())}\n`,
          },
        ]),
    stepOf(pack, { OUTPUT: pathBelow(directory, output) }),
    {
      name: "Hand the site over",
      uses: "actions/upload-artifact",
      with: {
        name: "site.tar",
        path: `${expression("runner.temp")}/site.tar`,
        archive: false,
        overwrite: true,
        "if-no-files-found": "error",
        "retention-days": "1",
      },
      "timeout-minutes": 10,
    },
  ];
  return job({
    name: "compile",
    // Asked for from another branch, there is nothing to do: the environment takes this one only.
    if: expression(`github.ref == 'refs/heads/${branch.replaceAll("'", "''")}'`),
    "runs-on": "ubuntu-24.04",
    permissions: { contents: "read" },
    steps,
  });
}

const setUpPython = (version: string): ActionStep => ({
  name: "Set up Python",
  uses: "actions/setup-python",
  with: { "python-version": version },
  "timeout-minutes": 5,
});
