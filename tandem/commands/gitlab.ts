import { physicalName } from "../../components/names";
import { gitlabPipeline } from "../../components/workflows/gitlab";
import type { GitlabSite } from "../../components/workflows/gitlab-parts";
import { ENVIRONMENTS, type EnvironmentName, type Settings } from "../../config/settings";
import { postureOf } from "../../stacks/postures";
import { CommandError, EXIT } from "../errors";
import { openProject, type Project, settingsOf } from "../project";
import { chooseWay } from "../ways";

interface GitlabOptions {
  readonly site?: string;
  readonly real?: boolean;
  readonly example?: string;
}

/** A site on GitLab, in the settings of one environment. */
interface Declared {
  readonly key: string;
  readonly settings: Settings;
  readonly project: string;
}

/** Prints the `.gitlab-ci.yml` of a project on GitLab: every site that it has, for every environment. */
export async function gitlab({ site, real, example }: GitlabOptions): Promise<void> {
  const project = openProject(example);
  const declared = declaredIn(project, site);
  const { way, close } = await chooseWay(project, { engine: real === true ? "real" : "last" });
  try {
    const outputs = new Map<EnvironmentName, Readonly<Record<string, unknown>> | undefined>();
    for (const stack of ENVIRONMENTS) outputs.set(stack, await way.outputs(stack));
    const sites = declared.map((one) => standing(one, outputs.get(one.settings.environment)));
    process.stdout.write(gitlabPipeline(sites));
  } finally {
    await close();
  }
}

/** @throws where there is none, or where the named ones belong to several projects, which have a file each */
export function declaredIn(project: Project, site?: string): readonly Declared[] {
  const all = ENVIRONMENTS.map((stack) => settingsOf(project, stack)).flatMap((settings) =>
    Object.entries(settings.sites).flatMap(([key, { gitlab }]) =>
      gitlab === undefined ? [] : [{ key, settings, project: gitlab }],
    ),
  );
  const named = all.filter(({ key }) => site === undefined || key === site);
  const projects = [...new Set(named.map((one) => one.project))];
  if (projects.length === 0)
    throw new CommandError(
      site === undefined || all.length === 0
        ? `No site of ${project.name} is on GitLab; remedy: name its project, sites.<key>.gitlab: group/project`
        : `--site is "${site}"; allowed: ${[...new Set(all.map(({ key }) => key))].sort().join(", ")}.`,
      EXIT.usage,
    );
  if (projects.length > 1)
    throw new CommandError(
      `The sites are in several projects on GitLab, and each has a file of its own: ${projects.join(", ")}; ` +
        `remedy: --site with one of ${[...new Set(named.map(({ key }) => key))].join(", ")}`,
      EXIT.usage,
    );
  return all.filter((one) => one.project === projects[0]);
}

/** The site with what its stack's outputs say of it. */
export function standing(
  { key, settings, project }: Declared,
  outputs: Readonly<Record<string, unknown>> | undefined,
): GitlabSite {
  const { environment, accountId, region, zone, github, notices, project: name } = settings;
  const site = settings.sites[key] as Settings["sites"][string];
  const holder = (outputs?.sites as Record<string, { holder?: string }> | undefined)?.[key]?.holder;
  if (holder === undefined)
    throw new CommandError(
      `The site ${key} does not stand in ${environment} yet; remedy: bring that up first, and ask again`,
    );
  const scope = { project: name, environment, region, accountId };
  const role = physicalName(scope, `site-${key}`, 64);
  return {
    project,
    environment,
    key,
    branch: site.branch ?? github.branch,
    settings: site,
    noindex: postureOf(environment).noindex,
    notices,
    place:
      site.target === "bucket"
        ? { bucket: holder, region, roleArn: `arn:aws:iam::${accountId}:role/${role}` }
        : { pages: holder, accountId: zone.accountId },
  };
}
