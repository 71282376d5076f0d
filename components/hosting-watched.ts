import type * as pulumi from "@pulumi/pulumi";
import type { Application } from "./application";
import { mapValues } from "./collections";
import type { Hosting, HostingArgs } from "./hosting";
import { probedUrl } from "./hosts";
import type { WatchedService } from "./watched";

/**
 * What of a hosting is watched: processes, databases, and the address that is probed from outside. The probe asks
 * the edge, which answers for an application that is closed on purpose: nobody has to tell the monitor.
 */
export function watchedOf(
  { settings, release }: Pick<HostingArgs, "settings" | "release">,
  { applications, databases, maintenance }: Pick<Hosting, "applications" | "databases" | "maintenance">,
  edge: pulumi.Resource,
) {
  const url = settings.enabled ? probedUrl(settings.applications, (key) => key in release) : undefined;
  return {
    services: services(settings, release, applications),
    databases: mapValues(databases, ({ identifier }, key) => ({
      identifier,
      storage: settings.databases[key]?.storage ?? 0,
      size: settings.databases[key]?.size ?? "",
    })),
    ...(url === undefined
      ? {}
      : { url, probePath: maintenance.healthPath, probeAfter: [edge, ...Object.values(applications)] }),
  };
}

/** Every process by `<application>_<process>`, with how many are meant to run: none before the first release. */
function services(
  settings: HostingArgs["settings"],
  release: HostingArgs["release"],
  applications: Readonly<Record<string, Application>>,
): Record<string, WatchedService> {
  const entries = Object.entries(applications).flatMap(([key, application]) => {
    const declared = settings.applications[key];
    const on = settings.enabled && declared?.enabled === true && key in release;
    return Object.entries(application.services).map(([process, running]) => {
      const { count = 0, autoscale } = declared?.processes[process] ?? {};
      return [
        `${key}_${process}`,
        { ...running, count: on && count > 0 ? (autoscale?.min ?? count) : 0 },
      ] as const;
    });
  });
  return Object.fromEntries(entries);
}
