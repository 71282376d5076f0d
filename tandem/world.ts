import { checkedSites } from "../components/hosts";
import { physicalName } from "../components/names";
import { releaserName } from "../components/releaser";
import type { Settings } from "../config/settings";
import type { World } from "../rehearsal/types";
import { worldFor } from "../rehearsal/world";
import { type Project, settingsOfBoth } from "./project";

/**
 * What a project takes for granted, read off its own configuration: its zone, repository and reviewers exist,
 * mail destinations are confirmed, and its own workflow pushes each released image as soon as there is a registry.
 */
export function worldOf(project: Project): World {
  const both = settingsOfBoth(project);
  const release = both[0]?.release ?? {};
  return {
    ...worldFor({
      repositories: repositoriesOf(both),
      users: both.flatMap(({ owner, github }) => [owner, ...github.reviewers]),
      mailDestinations: both.flatMap(({ mailbox }) => Object.values(mailbox?.addresses ?? {}).flat()),
      images: Object.fromEntries(both.flatMap((settings) => pushed(settings, release))),
      databases: Object.fromEntries(both.flatMap(adoptedInstances)),
      snapshots: both.flatMap(adoptedSnapshots),
      functions: Object.fromEntries(both.map(releaser)),
    }),
    zones: Object.fromEntries(
      both.map(({ zone: { name, id, accountId } }) => [name, { id, accountId, plan: "free" as const }]),
    ),
  };
}

/** Where the stack, the application and the sites have their code. A site's branch is there when it is named. */
function repositoriesOf(both: readonly Settings[]) {
  const branches = (name: string) =>
    both.flatMap(({ owner, github, sites }) =>
      Object.values(sites).flatMap(({ repository = github.repository, branch }) =>
        `${owner}/${repository}` === name && branch !== undefined ? [branch] : [],
      ),
    );
  const sites = both.flatMap(({ owner, sites }) =>
    Object.values(sites).flatMap(({ repository }) =>
      repository === undefined ? [] : [`${owner}/${repository}`],
    ),
  );
  const stacks = both.flatMap(({ owner, github: { stack } }) =>
    stack === undefined ? [] : [`${owner}/${stack}`],
  );
  return [
    ...stacks.map((name) => ({ name })),
    ...sites.map((name) => ({ name, branches: branches(name) })),
    ...both
      .filter(({ github }) => !github.create)
      .map(({ owner, github: { repository, branch } }) => {
        const name = `${owner}/${repository}`;
        return { name, defaultBranch: branch, branches: branches(name) };
      }),
  ];
}

/** The databases that are to be adopted stand already. */
function adoptedInstances({ databases, region, accountId }: Settings) {
  return Object.values(databases).flatMap(({ adopt, port, user, name }) => {
    if (adopt === undefined || !("instance" in adopt)) return [];
    const identifier = adopt.instance;
    const outputs = {
      identifier,
      address: `${identifier}.adopted.${region}.rds.amazonaws.com`,
      dbInstanceArn: `arn:aws:rds:${region}:${accountId}:db:${identifier}`,
      port,
      engine: "mysql",
      resourceId: `db-${identifier.toUpperCase()}`,
    };
    return [[identifier, { inputs: { identifier, username: user, dbName: name }, outputs }] as const];
  });
}

const adoptedSnapshots = ({ databases }: Settings): readonly string[] =>
  Object.values(databases).flatMap(({ adopt }) =>
    adopt !== undefined && "snapshot" in adopt ? [adopt.snapshot] : [],
  );

/** Releases migrate nothing, and deployments are well. */
function releaser({ project, environment, region, accountId, applications }: Settings) {
  const sites = checkedSites(applications, (key) => applications[key]?.enabled === true);
  const urls = sites.flatMap(({ host, aliases, path }) =>
    [host, ...aliases].map((each) => `https://${each}${path}`),
  );
  const answers = {
    release: { migrated: false, head: "0001", at: "<now>" },
    verify: { at: "<now>", urls, baked: [] },
  };
  return [releaserName({ project, environment, region, accountId }), answers] as const;
}

/** The images of a release in the registries of an environment: production gets copies of the same digests. */
function pushed(settings: Settings, release: Settings["release"]): readonly [string, string[]][] {
  const { project, environment, region, accountId } = settings;
  const scope = { project, environment, region, accountId };
  return Object.entries(release).map(([application, digest]) => [
    physicalName(scope, application, 256),
    [digest],
  ]);
}
