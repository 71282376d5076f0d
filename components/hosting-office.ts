import type { Settings } from "../config/settings";
import type { Hosting, HostingArgs } from "./hosting";
import { closings } from "./maintenance-alarms";
import { physicalName } from "./names";
import type { KeptService } from "./office-hours";

/**
 * What of a hosting its keeper keeps: what sleeps outside its office hours, where it has some, and whose alarms are
 * quiet during a maintenance. Undefined where no application is declared.
 */
export function officeOf(
  { scope, settings, release, posture, notices }: HostingArgs,
  { applications, databases, scheduleNames, clusterName, maintenance }: Hosting,
) {
  const hours = settings.officeHours;
  if (Object.keys(settings.applications).length === 0) return undefined;
  const rest = resting(settings);
  return {
    scope,
    on: settings.enabled,
    hours,
    services: hours === undefined ? {} : keptServices(settings, applications),
    databases: stopping(settings).flatMap((key) => {
      const identifier = databases[key]?.identifier;
      return identifier === undefined ? [] : [{ identifier, on: !rest.includes(key) }];
    }),
    schedules: Object.entries(scheduleNames).flatMap(([key, name]) =>
      hours?.schedules === "pause" ? [{ name, on: isOn(settings, release, key) }] : [],
    ),
    groupName: physicalName(scope, "", 64),
    clusterName,
    ...closings(settings),
    switches: { bucket: maintenance.bucket, arn: maintenance.arn },
    topicArn: notices.topicArn,
    logDays: posture.logDays,
  };
}

type Stoppable = Pick<Settings, "enabled" | "officeHours" | "databases" | "applications">;

/** Databases that stop with what asks them. One that was adopted where it stands is never ours to stop. */
function stopping({ officeHours, databases }: Stoppable): readonly string[] {
  if (officeHours?.databases !== true) return [];
  return Object.keys(databases).filter((key) => {
    const { adopt } = databases[key] ?? {};
    return adopt === undefined || !("instance" in adopt);
  });
}

/** Databases that stop until something that asks them is on again: the environment, or one of its applications. */
export function resting(settings: Stoppable): readonly string[] {
  return stopping(settings).filter((key) => {
    const asking = Object.values(settings.applications).filter(({ databases }) =>
      Object.hasOwn(databases, key),
    );
    return !settings.enabled || (asking.length > 0 && !asking.some(({ enabled }) => enabled));
  });
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
