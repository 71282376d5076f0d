import type { OfficeSettings } from "../config/schema/office";
import { CommandError, EXIT } from "./errors";

const MINUTE = 60_000;
const A_DAY = 24 * 60;

/**
 * When somebody who says `22:00` means to go home: the next time that the clocks of the office hours show it. An
 * instant with its offset is taken as it is.
 *
 * @returns ISO 8601, at most a day from now
 * @throws CommandError with what is allowed
 */
export function untilOf(said: string, now: string, { timeZone }: Pick<OfficeSettings, "timeZone">): string {
  const instant = /^([01]\d|2[0-3]):[0-5]\d$/.test(said)
    ? nextOf(said, Date.parse(now), timeZone)
    : exact(said);
  const away = instant - Date.parse(now);
  if (away > 0 && away <= A_DAY * MINUTE) return new Date(instant).toISOString();
  throw new CommandError(
    `--until is "${said}", and it is ${now}; allowed: a time such as 22:00 (${timeZone}), or an instant with its offset such as 2026-12-01T22:00:00+01:00, at most a day from now.`,
    EXIT.usage,
  );
}

/** Not a number where it is no instant: no comparison with that is true. */
const exact = (said: string): number =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(said) ? Date.parse(said) : Number.NaN;

/** Asked of the clocks minute by minute: an hour that is left out or comes twice is theirs to know. */
function nextOf(time: string, now: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const begin = Math.floor(now / MINUTE) * MINUTE;
  for (let step = 1; step <= A_DAY; step += 1)
    if (format.format(begin + step * MINUTE) === time) return begin + step * MINUTE;
  return Number.NaN;
}

/** An instant as the clocks of the office show it, for people: `Mon 23 Nov, 22:00 (Europe/Paris)`. */
export function onTheClock(instant: string, { timeZone }: Pick<OfficeSettings, "timeZone">): string {
  const of = new Map(
    new Intl.DateTimeFormat("en-GB", {
      timeZone,
      weekday: "short",
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    })
      .formatToParts(new Date(instant))
      .map(({ type, value }) => [type, value]),
  );
  return `${of.get("weekday")} ${of.get("day")} ${of.get("month")}, ${of.get("hour")}:${of.get("minute")} (${timeZone})`;
}
