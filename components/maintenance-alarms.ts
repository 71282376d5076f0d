import type { Settings } from "../config/settings";
import type { Closing } from "./keeper/policies";
import { closable } from "./maintenance-bindings";

const ALL = "while all applications are closed";

/** Whether an alarm is quiet while an application is closed for maintenance, and why. */
interface During {
  readonly quiet: "while its application is closed" | typeof ALL | "never";
  readonly because: string;
}

const APART = "it says nothing of what the public gets";
const DATA = "data stays in use: jobs and the back-office ask it, and a maintenance often works on it";
const OTHERS = "others send whether the site is open or not";
const KEEPER = "who silences others is heard";
const never = (because: string): During => ({ quiet: "never", because });

/** All that speaks, by its row of the runbook. A test fails for what is not here. */
export const DURING_MAINTENANCE: Readonly<Record<string, During>> = {
  "service-unhealthy": {
    quiet: "while its application is closed",
    because: "the balancer goes on asking a process that may be replaced meanwhile; the public gets the page",
  },
  "schedule-silent": {
    quiet: "while its application is closed",
    because: "what it needs may be out of reach on purpose; silent still when it is open again, it speaks",
  },
  "balancer-errors": {
    quiet: ALL,
    because: "the public never gets so far, only whoever tries out what is new; open applications share it",
  },
  "application-errors": {
    quiet: ALL,
    because: "the edge's own 503 is not counted; what is, are answers to whoever tries out what is new",
  },
  "slow-answers": {
    quiet: ALL,
    because: "a process that was just replaced is slow for those who try it out; nobody else waits for it",
  },
  probe: never(
    "it asks the edge, which answers in place of what is closed: it is well without being silenced",
  ),
  "service-stopped": never("it is of a process without a host, whose work goes on"),
  "notice-ended": never("jobs and schedules go on: one that failed has failed"),
  "notice-missed": never("jobs and schedules go on: a run that was left out is told of once"),
  "deployment-failed": never("whoever deploys during a maintenance wants to know"),
  "database-storage": never(DATA),
  "database-cpu": never(DATA),
  "database-connections": never(DATA),
  "database-memory": never(DATA),
  "database-credits": never(DATA),
  "no-backup": never(DATA),
  "backup-failed": never(DATA),
  "backup-object-failed": never(DATA),
  "intake-late": never(OTHERS),
  "intake-undelivered": never(OTHERS),
  "intake-silent": never(OTHERS),
  "notice-arrived": never(OTHERS),
  "notice-bad": never(OTHERS),
  "keeper-failing": never(KEEPER),
  "keeper-silent": never(KEEPER),
  "guard-silent": never(APART),
  "guard-untold": never(APART),
  "notice-guard": never(APART),
  "certificate-expiry": never(APART),
  budget: never(APART),
  "site-build-failed": never(APART),
  "workflow-failed": never(APART),
};

type Closable = Pick<Settings, "enabled" | "applications" | "schedules">;

/** What the keeper has to know to keep alarms quiet: of each application, and of what all of them share. */
export function closings(settings: Closable): {
  readonly maintenance: Readonly<Record<string, Closing>>;
  readonly shared: readonly string[];
} {
  const { enabled, applications } = settings;
  const on = Object.values(closable(applications)).filter(({ key }) => enabled && applications[key]?.enabled);
  const shared = Object.entries(DURING_MAINTENANCE).filter(([, { quiet }]) => quiet === ALL);
  return {
    maintenance: Object.fromEntries(
      on.map(({ key, from, until }) => [key, { from, until, alarms: alarmsOf(key, settings) }]),
    ),
    shared: shared.map(([role]) => role),
  };
}

/** The alarms that speak of one application alone: of its processes with a host, and of what it runs by the clock. */
function alarmsOf(key: string, { applications, schedules }: Closable): readonly string[] {
  const hosted = Object.entries(applications[key]?.processes ?? {}).filter(
    ([, { host }]) => host !== undefined,
  );
  const timed = Object.entries(schedules).filter(([, { application }]) => application === key);
  return [
    ...hosted.map(([process]) => `service-${key}_${process}-unhealthy`),
    ...timed.map(([schedule]) => `schedule-${schedule}-silent`),
  ];
}
