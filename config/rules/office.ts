import { Cron } from "croner";
import { type Checkable, mistakeAt } from "../checkable";
import { type Mistake, shown } from "../mistakes";
import type { OfficeSettings } from "../schema/office";

const PATH = ["officeHours"] as const;

/** Hours that begin before they end, something that sleeps outside them, and nothing that needs what sleeps. */
export function officeMistakes(checkable: Checkable): Mistake[] {
  const { officeHours, applications } = checkable.settings;
  if (officeHours === undefined) return [];
  if (Object.keys(applications).length === 0)
    return [
      mistakeAt(checkable, PATH, {
        found: "office hours without an application",
        allowed: "office hours of an environment in which something runs",
        remedy: "drop them, or declare an application",
      }),
    ];
  return [order, twice, adopted, needed].flatMap((check) => check(checkable, officeHours));
}

function order(checkable: Checkable, { from, to }: OfficeSettings): Mistake[] {
  if (from < to) return [];
  return [
    mistakeAt(checkable, [...PATH, "to"], {
      found: shown(to),
      allowed: `a time of the same day after ${from}`,
      remedy: "name a later time: hours over midnight are not kept",
    }),
  ];
}

function twice(checkable: Checkable, { days }: OfficeSettings): Mistake[] {
  const again = days.filter((day, index) => days.indexOf(day) !== index);
  return again.map((day) =>
    mistakeAt(checkable, [...PATH, "days"], {
      found: `${day} twice`,
      allowed: "each day once",
      remedy: "drop one of them",
    }),
  );
}

function adopted(checkable: Checkable, { databases: stop }: OfficeSettings): Mistake[] {
  const all = Object.values(checkable.settings.databases);
  const ours = all.filter(({ adopt }) => adopt === undefined || !("instance" in adopt));
  if (!stop || ours.length > 0) return [];
  return [
    mistakeAt(checkable, [...PATH, "databases"], {
      found: shown(true),
      allowed: "true where there is a database of this stack's own",
      remedy: "set it to false: an instance that was adopted where it stands is never stopped",
    }),
  ];
}

/** What asks the databases has to run while they answer. Of an environment that is off, nothing asks them. */
function needed(checkable: Checkable, hours: OfficeSettings): Mistake[] {
  if (!hours.databases || !checkable.settings.enabled) return [];
  const { backups, schedules } = checkable.settings;
  const paused = (by: string) => hours.schedules === "pause" && by === "aws";
  const times = [
    { path: ["backups", "cron"], cron: backups.cron, timeZone: backups.timeZone, on: true },
    {
      path: ["backups", "drill", "cron"],
      cron: backups.drill.cron,
      timeZone: backups.timeZone,
      on: backups.dumps.enabled && backups.drill.enabled,
    },
    ...Object.entries(schedules).map(([key, { cron, timeZone, by, enabled }]) => ({
      path: ["schedules", key, "cron"],
      cron,
      timeZone,
      on: enabled && !paused(by),
    })),
  ];
  return times
    .filter(({ on, cron, timeZone }) => on && !within(cron, timeZone, hours))
    .map(({ path, cron, timeZone }) =>
      mistakeAt(checkable, path, {
        found: `${shown(cron)} (${timeZone}), at times at which officeHours.databases has stopped the databases`,
        allowed: `times from ${hours.from} to ${hours.to} (${hours.timeZone}), on ${hours.days.join(", ")}`,
        remedy: "move it into the hours, or set officeHours.databases to false",
      }),
    );
}

/** Mondays of winter and summer: what holds in these weeks holds in all, as rules by the week and the clock do. */
const WEEKS = [Date.UTC(2026, 0, 5), Date.UTC(2026, 6, 6)];
const DAY = 86_400_000;
/** What comes by the month is looked for in a quarter of a year. */
const SPAN = 92 * DAY;
/** Every minute of a week and more: what runs as often as that is not within any hours. */
const MOST = 11_000;

function within(cron: string, timeZone: string, hours: OfficeSettings): boolean {
  return WEEKS.every((begin) => {
    const job = new Cron(cron, { paused: true, timezone: timeZone });
    let next = job.nextRun(new Date(begin - 1000));
    for (let seen = 0; next !== null && next.getTime() < begin + SPAN && seen < MOST; seen += 1) {
      if (!open(next, hours)) return false;
      next = job.nextRun(next);
    }
    return true;
  });
}

function open(instant: Date, { from, to, days, timeZone }: OfficeSettings): boolean {
  const said = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(instant);
  const of = (type: string) => said.find((part) => part.type === type)?.value.toLowerCase() ?? "";
  const time = `${of("hour")}:${of("minute")}`;
  return days.some((day) => of("weekday").startsWith(day)) && from <= time && time < to;
}
