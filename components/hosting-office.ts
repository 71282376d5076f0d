import type { Hosting, HostingArgs } from "./hosting";
import { physicalName } from "./names";
import type { KeptService } from "./office-hours";

/** What of a hosting sleeps outside its office hours; undefined where it has none. */
export function officeOf(
  { scope, settings, release, posture, notices }: HostingArgs,
  { applications, databases, scheduleNames, clusterName }: Hosting,
) {
  const hours = settings.officeHours;
  if (hours === undefined) return undefined;
  return {
    scope,
    hours,
    services: keptServices(settings, applications),
    // One that was adopted where it stands is never ours to stop.
    databases: Object.entries(databases).flatMap(([key, { identifier }]) => {
      const { adopt } = settings.databases[key] ?? {};
      return hours.databases && !(adopt !== undefined && "instance" in adopt) ? [identifier] : [];
    }),
    schedules: Object.entries(scheduleNames).flatMap(([key, name]) =>
      hours.schedules === "pause" ? [{ name, on: isOn(settings, release, key) }] : [],
    ),
    groupName: physicalName(scope, "", 64),
    clusterName,
    topicArn: notices.topicArn,
    logDays: posture.logDays,
  };
}

function keptServices(
  settings: HostingArgs["settings"],
  applications: Hosting["applications"],
): Record<string, KeptService> {
  const entries = Object.entries(applications).flatMap(([key, { services }]) =>
    Object.entries(services).map(([process, { serviceName, expectedCount }]) => {
      const max = settings.applications[key]?.processes[process]?.autoscale?.max;
      return [`${key}_${process}`, { serviceName, count: expectedCount, max }] as const;
    }),
  );
  return Object.fromEntries(entries);
}

function isOn(
  { enabled, schedules, applications }: HostingArgs["settings"],
  release: HostingArgs["release"],
  key: string,
): boolean {
  const schedule = schedules[key];
  if (schedule === undefined || !enabled || !schedule.enabled) return false;
  return applications[schedule.application]?.enabled === true && schedule.application in release;
}
