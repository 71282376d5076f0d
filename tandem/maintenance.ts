import { closest } from "fastest-levenshtein";
import { closable } from "../components/maintenance-bindings";
import { passLink } from "../components/maintenance-pass";
import { LONGEST } from "../components/workflows/maintenance";
import type { Settings } from "../config/settings";
import { CommandError, EXIT } from "./errors";
import { instant } from "./status/time-words";
import type { Switches } from "./switches";

/** One environment, as whoever turns its switches sees it. */
export interface Switchboard {
  readonly settings: Pick<Settings, "environment" | "applications">;
  readonly switches: Switches;
  /** The present instant, ISO 8601. */
  readonly now: string;
}

/** How long: until an instant, or for some minutes. */
export interface Length {
  readonly minutes?: number | undefined;
  readonly until?: string | undefined;
}

const MINUTE = 60_000;

const shown = (when: string | Date) => instant(new Date(when).toISOString());

/** Closes an application. @param by who does, for whoever looks later @returns what was done, in a sentence */
export async function close(board: Switchboard, asked: string, length: Length, by: string): Promise<string> {
  const application = applicationOf(board, asked);
  const until = endOf(board.now, length);
  const since = inSeconds(new Date(board.now));
  await board.switches.write(application, `${JSON.stringify({ until: inSeconds(until), since, by })}\n`);
  return `${application} in ${board.settings.environment} is closed until ${shown(until)}, by itself. The public sees it within a minute.`;
}

/** Opens an application again, as far as the switch closed it. */
export async function open(board: Switchboard, asked: string): Promise<string> {
  const application = applicationOf(board, asked);
  await board.switches.remove(application);
  const planned = plannedNow(board, application);
  const what = `${application} in ${board.settings.environment}: the switch is off`;
  return planned === undefined
    ? `${what}. The public sees the application within a minute.`
    : `${what}, and it stays closed until ${shown(planned)}: its configuration says so.`;
}

/** A link for each host, with which somebody sees the application as it is behind the page. */
export async function passes(board: Switchboard, asked: string, length: Length): Promise<string> {
  const application = applicationOf(board, asked);
  const until = endOf(board.now, length);
  const key = await board.switches.key();
  const hosts = Object.keys(closable(board.settings.applications)[application]?.hosts ?? {});
  const links = hosts.map((host) => `  ${passLink(key, host, until)}`);
  return [`Whoever opens one of these sees it until ${shown(until)}:`, ...links].join("\n");
}

/** What is closed, a line for each application. */
export async function states(board: Switchboard): Promise<readonly string[]> {
  const keys = Object.keys(closable(board.settings.applications)).sort();
  return Promise.all(
    keys.map(async (key) => {
      const title = `${board.settings.environment.padEnd(8)} ${key.padEnd(20)}`;
      return `${title} ${[await switched(board, key), planned(board, key)].filter(Boolean).join("; ") || "open"}`;
    }),
  );
}

async function switched({ switches, now }: Switchboard, application: string): Promise<string | undefined> {
  const text = await switches.read(application);
  if (text === undefined) return undefined;
  const { until, by } = understood(text);
  // The edge reads nonsense as open, too.
  if (Number.isNaN(Date.parse(until))) return "its switch cannot be read: open";
  return Date.parse(until) > Date.parse(now) ? `closed until ${shown(until)} by ${by}` : undefined;
}

function understood(text: string): { until: string; by: string } {
  try {
    const { until, by } = JSON.parse(text) as Record<string, unknown>;
    return { until: String(until), by: String(by) };
  } catch {
    return { until: "", by: "" };
  }
}

function planned({ settings, now }: Switchboard, application: string): string | undefined {
  const { from, until } = settings.applications[application]?.maintenance ?? {};
  if (until === undefined || until <= now) return undefined;
  return from !== undefined && from > now
    ? `planned from ${shown(from)} until ${shown(until)}`
    : `closed by configuration until ${shown(until)}`;
}

function plannedNow({ settings, now }: Switchboard, application: string): string | undefined {
  const { from = now, until = now } = settings.applications[application]?.maintenance ?? {};
  return from <= now && until > now ? until : undefined;
}

/** @throws CommandError with what was probably meant */
export function applicationOf({ settings }: Pick<Switchboard, "settings">, asked: string): string {
  const known = Object.keys(closable(settings.applications)).sort();
  if (known.includes(asked)) return asked;
  throw new CommandError(
    known.length === 0
      ? `${settings.environment} has no application that the public reaches: there is nothing to close.`
      : `There is no application ${asked} that the public reaches. Did you mean ${closest(asked, known)}? There are: ${known.join(", ")}.`,
    EXIT.usage,
  );
}

/**
 * A length as it was said, before anything is asked of a cloud.
 *
 * @throws CommandError where it is none, at whatever time
 */
export function lengthOf({
  minutes,
  until,
}: {
  minutes?: string | undefined;
  until?: string | undefined;
}): Length {
  if (minutes !== undefined && !/^\d{1,9}$/.test(minutes)) throw noMinutes(`"${minutes}"`);
  const length = { until, minutes: minutes === undefined ? undefined : Number(minutes) };
  refuseMalformed(length);
  return length;
}

function refuseMalformed({ minutes, until }: Length): void {
  if (minutes !== undefined && until !== undefined)
    throw new CommandError("--minutes and --until say the same: name one of them.", EXIT.usage);
  if (minutes !== undefined && !(Number.isInteger(minutes) && minutes >= 1 && minutes <= LONGEST))
    throw noMinutes(String(minutes));
  if (until === undefined) return;
  if (INSTANT.test(until) && !Number.isNaN(Date.parse(until))) return;
  throw new CommandError(
    `--until is "${until}"; allowed: an instant with its offset, such as 2026-12-01T12:00:00+01:00.`,
    EXIT.usage,
  );
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

const noMinutes = (said: string) =>
  new CommandError(
    `--minutes is ${said}; allowed: a whole number from 1 to ${LONGEST}. What takes longer is planned, in applications.<key>.maintenance.`,
    EXIT.usage,
  );

/** @throws CommandError where it is in the past, or further away than a day */
function endOf(now: string, length: Length): Date {
  refuseMalformed(length);
  const { minutes = 60, until } = length;
  if (until === undefined) return new Date(Date.parse(now) + minutes * MINUTE);
  const end = Date.parse(until);
  const away = end - Date.parse(now);
  if (away > 0 && away <= LONGEST * MINUTE) return new Date(end);
  throw new CommandError(
    `--until is ${until}, and it is ${now}; allowed: within a day from now. What takes longer is planned, in applications.<key>.maintenance.`,
    EXIT.usage,
  );
}

const inSeconds = (instant: Date): string => instant.toISOString().replace(/\.\d+Z$/, "Z");
