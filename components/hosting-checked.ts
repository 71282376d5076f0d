import * as pulumi from "@pulumi/pulumi";
import type { Application } from "./application";
import { mapValues, pick } from "./collections";
import type { Hosting, HostingArgs } from "./hosting";
import { checkedSites } from "./hosts";

/** What of a hosting is looked at after a deployment; nothing where no application runs. */
export function checkOf(
  { settings }: HostingArgs,
  { applications, databases }: Pick<Hosting, "applications" | "databases">,
  edge: pulumi.Resource,
) {
  const running = Object.values(applications).filter(({ release }) => release !== undefined);
  if (running.length === 0) return undefined;
  return {
    sites: checkedSites(settings.applications, (key) => running.some((each) => each.key === key)),
    databases: Object.values(databases).map(({ identifier }) => identifier),
    values: Object.fromEntries(running.map((each) => [each.key, ownValues(settings, each)] as const)),
    runtimeScripts: mapValues(settings.applications, ({ runtimeScripts }) => runtimeScripts),
    migrated: migratedBackups(running),
    deployed: Object.fromEntries(running.flatMap(deployed)),
    after: [edge, ...Object.values(applications)],
  };
}

/**
 * What stands in clear and belongs to this environment alone: variables that the stack's own file says, and the
 * names of its databases' hosts and buckets. What both environments share may stand in a script.
 */
function ownValues(
  { applications, ownVariables }: HostingArgs["settings"],
  { key, environment }: Application,
) {
  const { databases = {}, buckets = {} } = applications[key] ?? {};
  const hosts = Object.values(databases).map(({ prefix }) => `${prefix}_HOST`);
  return pick(environment.variables, [...(ownVariables[key] ?? []), ...hosts, ...Object.values(buckets)]);
}

/** What there is to go back to, where a former version no longer fits. */
function migratedBackups(running: readonly Application[]) {
  return pulumi
    .all(running.map(({ release }) => pulumi.all([release?.migrated ?? false, release?.backups ?? []])))
    .apply((all) => all.flatMap(([migrated, backups]) => (migrated ? backups : [])));
}

function deployed({ key, release, taskDefinitions }: Application) {
  return [
    ...(release === undefined ? [] : [[key, release.key] as const]),
    ...Object.entries(taskDefinitions).map(([process, arn]) => [`${key}_${process}`, arn] as const),
  ];
}
