const DAY = 86_400_000;

/** `2026-11-22 08:00 UTC`. */
export const instant = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;

export const day = (iso: string): string => iso.slice(0, 10);

/** How long ago: `3 days ago`. */
export const ago = (iso: string, now: string): string => {
  const past = Date.parse(now) - Date.parse(iso);
  return past < 60_000 ? "just now" : `${span(past)} ago`;
};

/** How long until then: `259 days left`, or that it is over. */
export function left(iso: string, now: string): string {
  const ahead = Date.parse(iso) - Date.parse(now);
  return ahead <= 0 ? "over" : `${span(ahead)} left`;
}

/** In the largest unit that has two of it or more, or one hour and one minute. */
export function span(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (milliseconds >= 2 * DAY) return counted(Math.floor(milliseconds / DAY), "day");
  return minutes >= 120 ? counted(Math.floor(minutes / 60), "hour") : counted(minutes, "minute");
}

const counted = (count: number, unit: string) => `${count} ${unit}${count === 1 ? "" : "s"}`;
