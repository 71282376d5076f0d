import { Cron } from "croner";
import ipaddr from "ipaddr.js";
import { z } from "zod";

/**
 * The kinds of value that configuration is made of. Each refuses with what it allows, so that the
 * report (see report.ts) can put path, value and remedy beside it.
 */

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** A duration such as `90s`, `45m`, `2h` or `30d`, as seconds. */
export const duration = z
  .string()
  .regex(/^[1-9]\d*[smhd]$/, "a duration: a whole number and s, m, h or d, such as 45m or 2h")
  .transform((text) => Number(text.slice(0, -1)) * SECONDS[text.slice(-1) as keyof typeof SECONDS]);

const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

/** A host name in lower case, without scheme, port or path. */
export const host = z
  .string()
  .max(128, "at most 128 characters: a load balancer knows no longer host")
  .regex(
    new RegExp(`^(${LABEL}\\.)+[a-z]{2,63}$`),
    "a host name such as www.example.org: lower case, no scheme, no path",
  );

/** A mail address. */
export const mail = z.email("a mail address such as team@example.org");

/** The key of an application, process, schedule, bucket...: part of physical names. */
export const key = (max: number) =>
  z
    .string()
    .max(max, `a name of at most ${max} characters: it becomes part of names that AWS caps`)
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "a name in lower case letters, digits and single hyphens")
    .refine((name) => !(name in {}), "any name but this one, which every object of JavaScript has already");

/** The name of an environment variable or secret. */
export const variableName = z
  .string()
  .max(100, "at most 100 characters")
  .regex(/^[A-Z][A-Z0-9_]*$/, "a variable's name: capital letters, digits and _, such as API_URL");

const FOLDER = "(?!\\.{1,2}(/|$))[A-Za-z0-9._][A-Za-z0-9._-]*";

/** A directory of a repository, without ways out of it. Workflows carry it, so that it has plain characters only. */
export const directory = z
  .string()
  .max(200, "at most 200 characters")
  .regex(
    new RegExp(`^(\\.|${FOLDER}(/${FOLDER})*)$`),
    "a directory of the repository such as back-office or apps/web: relative, without .. and without / at its end",
  );

/** A five-field cron expression (minute hour day month weekday), as crontab writes it. */
export const cron = z.string().superRefine((text, context) => {
  const fault = cronFault(text);
  if (fault) context.addIssue({ code: "custom", message: fault });
});

function cronFault(text: string): string | undefined {
  if (text.trim().split(/\s+/).length !== 5)
    return "five cron fields: minute hour day-of-month month day-of-week, such as 0 7 * * *";
  const [, , day, , weekday] = text.trim().split(/\s+/);
  if (day !== "*" && weekday !== "*")
    return "a day of month or a day of week, not both: EventBridge Scheduler takes one of them";
  try {
    const next = new Cron(text, { paused: true }).nextRun();
    return next ? undefined : "a cron expression that comes true some day";
  } catch (error) {
    return `a valid cron expression (${(error as Error).message.replace(/^CronPattern: /, "")})`;
  }
}

/** Pulumi reads an instant without quotes as one, and may hand it on as Go prints it: `2026-12-01 08:00:00 +0100 CET`. */
const AS_GO_PRINTS = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)( \S+)?$/;

/** An instant with its offset, as the same instant in UTC. */
export const instant = z
  .string()
  .transform((text) => text.replace(AS_GO_PRINTS, "$1T$2$3:$4"))
  .pipe(
    z.iso.datetime({
      offset: true,
      error: "an instant with its offset from UTC, such as 2026-12-01T08:00:00+01:00",
    }),
  )
  .transform((text) => new Date(text).toISOString());

/** An IANA time zone. */
export const timeZone = z.string().refine((zone) => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}, "an IANA time zone such as Europe/Paris or UTC");

/** An IPv4 range whose address has no bits outside its mask. */
export const cidr = z.string().superRefine((text, context) => {
  const fault = cidrFault(text);
  if (fault) context.addIssue({ code: "custom", message: fault });
});

function cidrFault(text: string): string | undefined {
  const allowed = "an IPv4 range such as 10.20.0.0/16";
  if (!ipaddr.IPv4.isValidCIDR(text)) return allowed;
  const start = ipaddr.IPv4.networkAddressFromCIDR(text).toString();
  return text.startsWith(`${start}/`) ? undefined : `${allowed}, beginning at its first address (${start})`;
}

/** An address or a range, IPv4 or IPv6. */
export const addresses = z
  .string()
  .refine(
    (text) => ipaddr.isValid(text) || ipaddr.isValidCIDR(text),
    "an address or a range such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/48",
  )
  .refine((text) => !text.endsWith("/0"), "a range that is not the whole world");

/** True when two IPv4 ranges share an address. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [ipaddr.IPv4.parseCIDR(one), ipaddr.IPv4.parseCIDR(other)];
  return a[0].match(b) || b[0].match(a);
}

/**
 * The longest time between two runs of a cron expression, in seconds. It follows from the expression alone: the
 * same today and tomorrow, so that no plan changes by itself. An hour is added where clocks may be set back.
 */
export function longestGap(expression: string, zone: string): number {
  const known = gaps.get(expression);
  const gap = known ?? gapOf(expression);
  gaps.set(expression, gap);
  return gap + (zone === "UTC" ? 0 : SECONDS.h);
}

/** Walking through a year takes milliseconds, and a process reads the same configuration again and again. */
const gaps = new Map<string, number>();

function gapOf(expression: string): number {
  const [minute, hour, ...day] = expression.trim().split(/\s+/);
  // The runs of one day, and the days that have runs: all runs of a year would be half a million.
  const times = runsOf(`${minute} ${hour} * * *`, 1440, ORIGIN + SECONDS.d);
  const days = runsOf(`0 0 ${day.join(" ")}`, 400, Number.POSITIVE_INFINITY);
  const [first = ORIGIN, last = ORIGIN] = [times[0], times.at(-1)];
  const overnight = days.length < 2 ? 366 * SECONDS.d : widest(days) - (last - first);
  return Math.max(widest(times), overnight);
}

/** A midnight, in seconds. */
const ORIGIN = Date.UTC(2026, 0, 1) / 1000;

/** The first runs, in seconds: at most so many, all before `until`. */
function runsOf(expression: string, most: number, until: number): number[] {
  // An offset instead of a zone: croner asks the zone database for each run otherwise, ten times as slow.
  const job = new Cron(expression, { paused: true, utcOffset: 0 });
  const runs: number[] = [];
  let next = job.nextRun(new Date((ORIGIN - 1) * 1000));
  while (next !== null && runs.length < most && next.getTime() / 1000 < until) {
    runs.push(next.getTime() / 1000);
    next = job.nextRun(next);
  }
  return runs;
}

const widest = (times: readonly number[]) =>
  times.slice(1).reduce((most, time, index) => Math.max(most, time - (times[index] as number)), 0);

/** A command as a list of words; one line is handed to a shell. */
export const command = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)], "a command: one line, or a list of words")
  .transform((given): readonly string[] => (typeof given === "string" ? ["sh", "-c", given] : given));
