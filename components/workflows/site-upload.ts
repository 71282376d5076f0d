import { UPLOAD_NODE, WRANGLER_VERSION } from "./pins";
import { bucketScripts } from "./site-bucket-scripts";
import { pagesScripts } from "./site-pages-scripts";
import { type SiteWorkflowArgs, setUpNode, siteEnvironment, siteUrl, stepOf } from "./site-parts";
import { unpack } from "./site-scripts";
import { assumeRole } from "./steps";
import {
  CLOUDFLARE_ACCOUNT,
  CLOUDFLARE_TOKEN,
  PAGES_PROJECT,
  REGION,
  ROLE,
  read,
  SITE_BUCKET,
} from "./variables";
import { expression, type Job, job, type Step } from "./workflow";

/** Uploads what was compiled, with what it takes to do so, and runs nothing of the repository's. */
export function uploadJob(args: SiteWorkflowArgs): Job {
  const { environment, key, settings } = args;
  const inBucket = settings.target === "bucket";
  return job({
    name: "upload",
    needs: ["compile"],
    "runs-on": "ubuntu-24.04",
    environment: siteEnvironment(environment, key),
    permissions: inBucket ? { "id-token": "write" } : {},
    steps: [
      {
        name: "Take the site over",
        uses: "actions/download-artifact",
        with: { name: "site.tar", path: expression("runner.temp") },
        "timeout-minutes": 10,
      },
      stepOf(unpack),
      ...(inBucket ? toBucket(args) : toPages(args)),
    ],
  });
}

const RUN = {
  COMMIT: expression("github.sha"),
  RUN: expression("github.run_id"),
  ATTEMPT: expression("github.run_attempt"),
};

function toBucket({ settings }: SiteWorkflowArgs): readonly Step[] {
  const env = { ...RUN, SITE_BUCKET: read(SITE_BUCKET), SITE_URL: siteUrl(settings) };
  return [assumeRole(ROLE, REGION), ...bucketScripts.map((script) => stepOf(script, env))];
}

function toPages({ branch, settings, noindex = false }: SiteWorkflowArgs): readonly Step[] {
  const { before, upload, after } = pagesScripts(WRANGLER_VERSION);
  return [
    setUpNode(UPLOAD_NODE),
    ...before.map((script) => stepOf(script, { NOINDEX: noindex ? "on" : "off" })),
    stepOf(upload, {
      BRANCH: branch,
      COMMIT: RUN.COMMIT,
      PAGES_PROJECT: read(PAGES_PROJECT),
      CLOUDFLARE_ACCOUNT_ID: read(CLOUDFLARE_ACCOUNT),
      CLOUDFLARE_API_TOKEN: expression(`secrets.${CLOUDFLARE_TOKEN}`),
    }),
    ...after.map((script) => stepOf(script, { SITE_URL: siteUrl(settings) })),
  ];
}
