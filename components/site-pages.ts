import * as cloudflare from "@pulumi/cloudflare";
import type { PagesProjectArgs } from "@pulumi/cloudflare/pagesProject";
import * as pulumi from "@pulumi/pulumi";
import { mapValues } from "./collections";
import { physicalName } from "./names";
import type { DeployedSite, SiteArgs } from "./site";
import { declareRecord, declareWorker } from "./site-hosts";
import { SENT_AWAY } from "./workflows/site-pages-scripts";

/** The longest name of a project: it becomes a label in DNS. */
const LONGEST_NAME = 58;

/** A site on Cloudflare Pages: what a workflow uploads, or what Pages compiles from GitHub by itself. */
export function declareOnPages(
  name: string,
  args: SiteArgs,
  parent: pulumi.Resource,
): NonNullable<DeployedSite["pages"]> {
  const { scope, key, settings, zone, source, token } = args;
  const { accountId } = zone;
  const native = settings.pipeline === "native";
  const project = new cloudflare.PagesProject(
    name,
    {
      accountId,
      name: physicalName(scope, `site-${key}`, LONGEST_NAME),
      productionBranch: source.branch,
      ...(native ? compiledByPages(args) : {}),
    },
    { parent },
  );
  // Pages says the host's address itself: where its name was taken, it is not <name>.pages.dev. At the apex of a
  // zone, Cloudflare answers a CNAME with its addresses.
  const to = { type: "CNAME", content: project.subdomain };
  const record = declareRecord(name, args, settings.host, to, { parent });
  // Pages looks for the record when it gets to know the host, and waits for it otherwise.
  new cloudflare.PagesDomain(
    `${name}-domain-${settings.host}`,
    { accountId, projectName: project.name, name: settings.host },
    { parent, dependsOn: record },
  );
  // Pages redirects paths, not hosts.
  if (settings.aliases.length > 0) declareWorker(name, args, settings.aliases, [], parent);
  if (native) tellOfFailures(name, args, project, parent);
  return { project: project.name, accountId, ...(token === undefined ? {} : { token }) };
}

function compiledByPages({ settings, source, noindex }: SiteArgs): Partial<PagesProjectArgs> {
  const { host, directory, output, compile, node, python, variables } = settings;
  const text = (value: string) => ({ type: "plain_text", value });
  const said = {
    ...variables,
    BASE_URL: `https://${host}`,
    ...(node === undefined ? {} : { NODE_VERSION: node }),
    ...(python === undefined ? {} : { PYTHON_VERSION: python }),
  };
  return {
    buildConfig: {
      buildCommand: [
        ...(compile === undefined ? [] : [asOneCommand(compile.trim())]),
        ...(noindex ? [sendAway(output)] : []),
      ].join(" && "),
      destinationDir: output,
      rootDir: directory === "." ? "" : directory,
    },
    deploymentConfigs: { production: { envVars: mapValues(said, text) } },
    source: {
      type: "github",
      config: {
        owner: source.owner,
        repoName: source.repository,
        productionBranch: source.branch,
        productionDeploymentsEnabled: true,
        // A preview has an address of its own, which nobody takes away again.
        previewDeploymentSetting: "none",
        prCommentsEnabled: false,
      },
    },
  };
}

/** Pages itself sends search engines away from pages.dev only; of a host it does what `_headers` says. */
function sendAway(output: string): string {
  return `printf '${SENT_AWAY}' >> ${output}/_headers`;
}

/** It ends with the first line that fails, as in a workflow. */
function asOneCommand(lines: string): string {
  return `bash -eo pipefail -c '${lines.replaceAll("'", "'\\''")}'`;
}

/**
 * The pipeline's own alert. It knows a project by an id that no resource has, and without one it would tell of every
 * project in the account: twice, where two environments share it. Cloudflare writes to it by mail.
 */
function tellOfFailures(
  name: string,
  { scope, key, settings, zone, mails }: SiteArgs,
  project: cloudflare.PagesProject,
  parent: pulumi.Resource,
): void {
  const { accountId } = zone;
  // Of a project that is still to be made, a preview knows the name and not the id: it asks for nothing then.
  const projectId = pulumi
    .all([project.name, project.id])
    .apply(([projectName]) =>
      cloudflare
        .getPagesProjectsOutput({ accountId }, { parent })
        .results.apply((all) => idAmong(all, projectName)),
    );
  new cloudflare.NotificationPolicy(
    `${name}-alert`,
    {
      accountId,
      name: physicalName(scope, `site-${key}`),
      description: `The site at ${settings.host} could not be compiled or deployed.`,
      alertType: "pages_event_alert",
      enabled: true,
      mechanisms: { emails: mails.map((id) => ({ id })) },
      filters: {
        projectIds: [projectId],
        environments: ["ENVIRONMENT_PRODUCTION"],
        events: ["EVENT_DEPLOYMENT_FAILED"],
      },
    },
    { parent },
  );
}

function idAmong(projects: readonly { readonly id: string; readonly name: string }[], name: string): string {
  const found = projects.find((project) => project.name === name);
  if (found === undefined)
    throw new Error(`Cloudflare does not list the Pages project ${name}, which stands. Run pulumi up again.`);
  return found.id;
}
