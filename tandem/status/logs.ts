import { setTimeout as pause } from "node:timers/promises";
import { type CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { CommandError, EXIT } from "../errors";
import { reasonOf } from "./known";
import type { LogGroups } from "./log-groups";

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** How far back, in milliseconds. */
export function sinceOf(text: string): number {
  const [, number, unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const since = Number(number) * (UNITS[unit] ?? Number.NaN);
  if (since > 0) return since;
  throw new CommandError(
    `--since is "${text}"; allowed: a number above 0 with s, m, h or d, such as 90m or 2d.`,
    EXIT.usage,
  );
}

/** Where reading goes on: from when, and what of that was read already. */
export interface Mark {
  readonly from: number;
  readonly seen: ReadonlySet<string>;
}

interface Line {
  readonly id: string;
  readonly at: number;
  readonly text: string;
}

/** Says everything from an instant on, in order of time. */
export async function past(
  client: CloudWatchLogsClient,
  groups: LogGroups,
  from: number,
  say: (line: string) => void,
): Promise<Mark> {
  return next(client, groups, { from, seen: new Set() }, say);
}

/** Milliseconds between two looks. */
const PAUSE = 3000;

/** Lines of one instant may come in late by this much, in milliseconds: CloudWatch takes its time. */
const LATE = 30_000;

/** Goes on reading until it is interrupted. */
export async function follow(
  client: CloudWatchLogsClient,
  groups: LogGroups,
  mark: Mark,
  say: (line: string) => void,
  interrupted: AbortSignal,
  wait = PAUSE,
): Promise<void> {
  let last = mark;
  while (!interrupted.aborted) {
    await pause(wait, undefined, { signal: interrupted }).catch(() => {});
    if (!interrupted.aborted) last = await next(client, groups, last, say);
  }
}

async function next(
  client: CloudWatchLogsClient,
  groups: LogGroups,
  { from, seen }: Mark,
  say: (line: string) => void,
): Promise<Mark> {
  const read = await Promise.all(
    Object.entries(groups).map(([name, group]) => linesOf(client, name, group, from)),
  );
  const lines = read.flat().sort((one, other) => one.at - other.at);
  for (const { id, text } of lines) if (!seen.has(id)) say(text);
  const until = lines.at(-1)?.at ?? from;
  const again = Math.max(from, until - LATE);
  return { from: again, seen: new Set(lines.filter(({ at }) => at >= again).map(({ id }) => id)) };
}

async function linesOf(
  client: CloudWatchLogsClient,
  name: string,
  logGroupName: string,
  startTime: number,
): Promise<readonly Line[]> {
  const lines: Line[] = [];
  try {
    for await (const page of paginateFilterLogEvents({ client }, { logGroupName, startTime }))
      for (const { eventId = "", timestamp = 0, message = "" } of page.events ?? [])
        lines.push({
          id: eventId,
          at: timestamp,
          text: `${new Date(timestamp).toISOString()} ${name} ${harmless(message.trimEnd())}`,
        });
  } catch (error) {
    if ((error as Error).name === "ResourceNotFoundException")
      throw new CommandError(`There is no log group ${logGroupName}: the environment does not stand yet.`);
    throw new CommandError(`${logGroupName} cannot be read: ${reasonOf(error)}.`);
  }
  return lines;
}

/** What an application writes must not steer the terminal of whoever reads it. */
export const harmless = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is meant
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "·");
