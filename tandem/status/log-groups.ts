import { closest } from "fastest-levenshtein";
import { dumpLogRole } from "../../components/dumps-keys";
import { pathName } from "../../components/names";
import { commandLog, sourceLog } from "../../components/release/policy";
import type { Settings } from "../../config/settings";
import { CommandError, EXIT } from "../errors";
import { scopeOf } from "./environment";

/** Log groups by what they are called here. */
export type LogGroups = Readonly<Record<string, string>>;

/** Every log group that tasks of an environment write to. A process is nearer than a task of the same name. */
export function allLogGroups(settings: Settings): LogGroups {
  const scope = scopeOf(settings);
  const { applications, schedules, jobs, databases, backups } = settings;
  const named: [string, string[]][] = [
    ...Object.entries(applications).flatMap(([key, said]) => [
      ...(["release", "migrations"] as const)
        .filter((command) => said[command] !== undefined)
        .map((command): [string, string[]] => [`${key}/${command}`, commandLog(command, key)]),
      ...(said.demoData === undefined
        ? []
        : [[`${key}/demo`, commandLog("demo", key)] as [string, string[]]]),
      ...Object.keys(said.sources).map((source): [string, string[]] => [
        `${key}/source/${source}`,
        sourceLog(key, source),
      ]),
      ...Object.keys(said.processes).map((process): [string, string[]] => [
        `${key}/${process}`,
        [key, process],
      ]),
    ]),
    ...Object.entries(schedules).map(([key, { application }]): [string, string[]] => [
      `schedule/${key}`,
      [application, "schedule", key],
    ]),
    ...Object.entries(jobs).map(([key, { application }]): [string, string[]] => [
      `job/${key}`,
      [application, "job", key],
    ]),
    ...Object.keys(backups.dumps.enabled ? databases : {}).map((key): [string, string[]] => [
      `dump/${key}`,
      [dumpLogRole(key)],
    ]),
  ];
  return Object.fromEntries(named.map(([name, path]) => [name, pathName(scope, ...path)]));
}

/**
 * The log groups that are meant: one by its name, all of an application's processes, or all processes.
 *
 * @throws CommandError with what was probably meant
 */
export function logGroups(settings: Settings, asked: string | undefined): LogGroups {
  const all = allLogGroups(settings);
  const processes = (application: string) =>
    Object.keys(settings.applications[application]?.processes ?? {}).map((key) => `${application}/${key}`);
  const applications = Object.keys(settings.applications);
  const names =
    asked === undefined
      ? applications.flatMap(processes)
      : Object.hasOwn(all, asked)
        ? [asked]
        : applications.includes(asked)
          ? processes(asked)
          : [];
  if (names.length > 0) return Object.fromEntries(names.map((name) => [name, all[name] as string]));
  const known = [...applications, ...Object.keys(all)].sort();
  throw new CommandError(
    known.length === 0
      ? `${settings.environment} runs nothing that could write.`
      : `There is no log of ${asked ?? "a process"}. ${asked === undefined ? "" : `Did you mean ${closest(asked, known)}? `}There are: ${known.join(", ")}.`,
    EXIT.usage,
  );
}
