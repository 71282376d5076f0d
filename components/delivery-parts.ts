import * as pulumi from "@pulumi/pulumi";
import type { Ground } from "./delivery-ground";
import { Deployment } from "./deployment";
import type { GithubEnvironment } from "./github-environment";
import { userId } from "./github-numbers";
import { hasButtons, JobButtons } from "./job-buttons";
import { MaintenanceButton } from "./maintenance-button";
import { PreviewRole } from "./preview-role";
import { Repository } from "./repository";
import { SiteDelivery } from "./site-delivery";
import { noticeTarget } from "./workflows/notice";
import { watcherFile, watcherWorkflow } from "./workflows/watcher";
import { serialise } from "./workflows/workflow";

/** The workflow that brings images in; none without applications. */
export function deploy(
  { name, args, parent, places: { home }, issuer }: Ground,
  environment: GithubEnvironment,
): Deployment | undefined {
  if (Object.keys(args.applications).length === 0) return undefined;
  const step = args.order.indexOf(args.scope.environment);
  return new Deployment(
    `${name}-deploy`,
    {
      ...args,
      repository: pulumi.output(home.commits.repository),
      environment,
      commits: home.commits,
      sharesStack: args.stack === args.repository,
      providerArn: issuer(),
      source: args.order[step - 1],
      target: args.order[step + 1],
      after: home.secrets,
    },
    { parent },
  );
}

/** What people and GitHub's clock start, and what people close, where there is such a thing. */
export function declareButtons({ name, args, parent, places: { home }, issuer }: Ground): void {
  const { scope, owner, notices, jobs, switches } = args;
  const { commits, secrets: after } = home;
  const common = () => {
    const identity = { owner, ownerId: userId(owner, parent), providerArn: issuer() };
    return { ...identity, scope, commits, notices, after };
  };
  if (jobs !== undefined && hasButtons(jobs))
    new JobButtons(`${name}-jobs`, { ...jobs, ...common() }, { parent });
  if (switches !== undefined)
    new MaintenanceButton(`${name}-switches`, { switches, ...common() }, { parent });
}

/** The workflows of the sites that one compiles; each stands in its site's repository, at its site's branch. */
export function declareSites({ name, args, parent, places, issuer, gitlabIssuer }: Ground): void {
  const { scope, owner, notices, sites = {} } = args;
  for (const [key, site] of Object.entries(sites)) {
    const { pipeline, gitlab, repository, branch } = site.settings;
    if (pipeline === "native") continue;
    // What lives on GitLab says its branch here, and nothing of it is on GitHub.
    const { commits, secrets: after } = places.at(gitlab === undefined ? repository : undefined, branch);
    const vouches = gitlab === undefined ? issuer : gitlabIssuer;
    const providerArn = site.bucket === undefined ? undefined : vouches();
    const identity = { owner, ownerId: userId(owner, parent), providerArn };
    new SiteDelivery(
      `${name}-site-${key}`,
      { ...identity, scope, key, commits, site, notices, after },
      { parent },
    );
  }
}

/** What the stack's own repository previews with, where it is named. */
export function previewRole({ name, args, parent, issuer }: Ground): PreviewRole | undefined {
  const { scope, owner, stack } = args;
  if (stack === undefined) return undefined;
  return new PreviewRole(
    `${name}-preview`,
    { scope, owner, repository: stack, providerArn: issuer() },
    { parent },
  );
}

/** One for each repository, since GitHub starts it from a default branch only; it knows every workflow there. */
export function watch({ name, args, parent, places }: Ground): void {
  const { environment } = args.scope;
  for (const { place, workflows } of places.withWorkflows) {
    const content = watcherWorkflow(environment, workflows, noticeTarget(environment, args.notices));
    place.commits.add(
      place === places.home ? `${name}-watch` : `${name}-watch-${place.repository}`,
      { file: watcherFile(environment), content: serialise(content), what: content.name },
      { parent, dependsOn: place.secrets },
    );
  }
}

/** What belongs to the application's repository and to no environment. Last: its rule guards the files. */
export function declareRepository({ name, args, parent, places }: Ground): void {
  const { appId, approvals, ecosystems, reports } = args;
  new Repository(
    `${name}-repository`,
    {
      commits: places.home.commits,
      appId,
      reports,
      ...(approvals === undefined ? {} : { approvals }),
      ...(ecosystems === undefined ? {} : { ecosystems }),
      directories: directoriesOf(args),
    },
    { parent },
  );
}

/** Where the applications and sites stand that live in the application's repository. */
function directoriesOf({ applications, sites = {}, repository: home }: Ground["args"]): readonly string[] {
  const here = Object.values(sites).flatMap(({ settings }) => {
    const { gitlab, repository = home, directory } = settings;
    return gitlab === undefined && repository === home ? [directory] : [];
  });
  return [...Object.values(applications).map(({ directory }) => directory), ...here];
}
