import { type GitlabSite, rulesOf } from "./gitlab-parts";
import { install, literal, shell } from "./gitlab-shell";
import { DEBIAN_IMAGE, nodeImage, UPLOAD_NODE, WRANGLER_VERSION } from "./pins";
import { bucketScripts } from "./site-bucket-scripts";
import { pagesScripts } from "./site-pages-scripts";
import { siteEnvironment, siteUrl } from "./site-parts";
import { unpack } from "./site-scripts";
import {
  CLOUDFLARE_ACCOUNT,
  CLOUDFLARE_TOKEN,
  PAGES_PROJECT,
  REGION,
  ROLE,
  SITE_BUCKET,
  SITE_URL,
} from "./variables";

/** A run of GitLab's: a job that is started again has another id. */
const RUN = { COMMIT: '"$CI_COMMIT_SHA"', RUN: '"$CI_PIPELINE_ID"', ATTEMPT: '"$CI_JOB_ID"' };

/** Uploads what was compiled, with what it takes to do so; the project's files are not there. */
export function gitlabUpload(site: GitlabSite, compile: string): object {
  const { environment, key, settings } = site;
  const name = siteEnvironment(environment, key);
  const { image, ...how } = "bucket" in site.place ? toBucket(site.place) : toPages(site, site.place);
  return {
    stage: "upload",
    image,
    needs: [compile],
    interruptible: true,
    // Two that were started for the same commit do not cancel each other: one waits.
    resource_group: name,
    timeout: "60 minutes",
    rules: rulesOf(site),
    environment: { name, url: siteUrl(settings) },
    ...how,
    variables: { GIT_STRATEGY: "none", [SITE_URL]: siteUrl(settings), ...how.variables },
  };
}

const TAKE_OVER = 'export RUNNER_TEMP="$(mktemp -d)"';
const MOVE = 'mv site.tar "$RUNNER_TEMP/site.tar"';

/** The AWS CLI takes on the role by itself, with the token that GitLab gives to this job only. */
function toBucket({ bucket, region, roleArn }: Extract<GitlabSite["place"], { bucket: string }>) {
  return {
    image: DEBIAN_IMAGE,
    id_tokens: { AWS_TOKEN: { aud: "sts.amazonaws.com" } },
    variables: {
      [REGION]: region,
      [ROLE]: roleArn,
      AWS_ROLE_SESSION_NAME: "gitlab",
      [SITE_BUCKET]: bucket,
    },
    before_script: [
      TAKE_OVER,
      'export AWS_WEB_IDENTITY_TOKEN_FILE="$RUNNER_TEMP/token"',
      'printf "%s" "$AWS_TOKEN" > "$AWS_WEB_IDENTITY_TOKEN_FILE"',
      install({ aws: "awscli", jq: "jq", curl: "curl" }),
    ],
    script: [MOVE, shell(unpack), ...bucketScripts.map((script) => shell(script, RUN))],
  };
}

/** The token comes from GitLab's own variables, to this environment's job only. */
function toPages(
  { branch, noindex = false }: GitlabSite,
  { pages, accountId }: Extract<GitlabSite["place"], { pages: string }>,
) {
  const { before, upload, after } = pagesScripts(WRANGLER_VERSION);
  const words = { NOINDEX: noindex ? "on" : "off", BRANCH: literal(branch), COMMIT: RUN.COMMIT };
  return {
    image: nodeImage(UPLOAD_NODE),
    variables: { [CLOUDFLARE_ACCOUNT]: accountId, [PAGES_PROJECT]: pages },
    before_script: [TAKE_OVER],
    script: [MOVE, shell(unpack), ...[...before, upload, ...after].map((script) => shell(script, words))],
  };
}

/** Lines of the file's head: what a person gives to the upload. */
export const variablesToSet = ({ environment, key, place }: GitlabSite): readonly string[] =>
  "pages" in place
    ? [`${CLOUDFLARE_TOKEN} of ${siteEnvironment(environment, key)}: a Cloudflare token that may edit Pages`]
    : [];
