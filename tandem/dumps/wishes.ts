import { userInfo } from "node:os";
import { closest } from "fastest-levenshtein";
import { besideOf } from "../../config/schema/data";
import type { EnvironmentName, Settings } from "../../config/settings";
import { duration } from "../../config/values";
import { CommandError, EXIT } from "../errors";
import { answerOf } from "../status/known";
import { span } from "../status/time-words";
import { bucketOf, type DumpDesk } from "./desk";
import { chosen, listDumps } from "./dumps";
import type { Dump } from "./manifest";
import type { RestoreWish } from "./tasks";

/** What people say of a restore. */
export interface RestoreWords {
  readonly into?: string | undefined;
  readonly fromEnvironment?: EnvironmentName | undefined;
  /** Such as `2d`. */
  readonly maxAge?: string | undefined;
}

/** @throws CommandError with what was probably meant */
export function databaseOf({ databases, environment }: Settings, asked: string): string {
  return oneOf(Object.keys(databases).sort(), asked, environment);
}

function oneOf(known: readonly string[], asked: string, environment: string): string {
  if (known.includes(asked)) return asked;
  throw new CommandError(
    known.length === 0
      ? `${environment} has no database.`
      : `${environment} has no database ${asked}. Did you mean ${closest(asked, known)}? There is: ${known.join(", ")}.`,
    EXIT.usage,
  );
}

/** The dumps of an environment, the newest first: of one database, which may be one that is no longer declared. */
export async function dumpsOf(desk: DumpDesk, asked?: string): Promise<readonly Dump[]> {
  const { cloud, now, settings } = desk;
  const bucket = bucketOf(desk);
  const declared = Object.keys(settings.databases);
  if (asked !== undefined && declared.includes(asked))
    return answerOf(() => listDumps(cloud, bucket, now, { database: asked }));
  const all = await answerOf(() => listDumps(cloud, bucket, now));
  if (asked === undefined) return all;
  const known = new Set([...declared, ...all.map(({ manifest }) => manifest.database)]);
  const database = oneOf([...known].sort(), asked, settings.environment);
  return all.filter(({ manifest }) => manifest.database === database);
}

/**
 * The dump that somebody means: `latest`, one by its name, or by its time alone.
 *
 * @throws CommandError with those that there are; or with when the first one comes
 */
export async function dumpOf(desk: DumpDesk, database: string, said: string): Promise<Dump> {
  const dumps = await dumpsOf(desk, database);
  if (dumps.length === 0) throw new CommandError(noneYet(desk, database));
  return chosen(dumps, named(database, said));
}

/** `20261122T021700Z` is enough of a name. */
const named = (database: string, said: string): string =>
  /^\d{8}T\d{6}Z$/.test(said) ? `dumps/${database}/${said}` : said;

export function noneYet({ settings, clients }: DumpDesk, database: string): string {
  const { environment, backups } = settings;
  if (clients === undefined)
    return `There is no dump of ${database} in the rehearsed ${environment}: no night passes there.`;
  const { cron, timeZone } = backups;
  return (
    `There is no dump of ${database} in ${environment} yet. The next one by the clock: ${cron} (${timeZone}); ` +
    `now: npx tandem backup ${database} --stack ${environment} --real`
  );
}

/** What was said of a restore, held against the configuration and the dump before anything is asked of a cloud. */
export function wishOf(
  settings: Settings,
  database: string,
  dump: Dump | undefined,
  { into, fromEnvironment, maxAge }: RestoreWords,
): Omit<RestoreWish, "backup"> {
  const wish = {
    into: into && schemaOf(settings, database, into),
    fromEnvironment,
    maxAge: secondsOf(maxAge),
  };
  if (dump !== undefined) refuseForeign(settings, dump, wish);
  return wish;
}

function schemaOf({ databases }: Settings, database: string, into: string): string {
  const { name, serves } = databases[database] as Settings["databases"][string];
  if (into === name || into === serves)
    throw new CommandError(`--into ${into}: that is in use. A restore goes beside it.`, EXIT.usage);
  if (/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(into) && into.startsWith(besideOf(name))) return into;
  throw new CommandError(
    `--into ${into} is no name for a schema beside ${name}: ${besideOf(name)}, then letters, digits or _, 64 altogether.`,
    EXIT.usage,
  );
}

function secondsOf(maxAge: string | undefined): number | undefined {
  if (maxAge === undefined) return undefined;
  const { success, data } = duration.safeParse(maxAge);
  if (success) return data;
  throw new CommandError(
    `--max-age ${maxAge} is no duration: a whole number and s, m, h or d, such as 2d.`,
    EXIT.usage,
  );
}

function refuseForeign(
  { environment }: Settings,
  { backup, manifest, age }: Dump,
  { fromEnvironment, maxAge }: Omit<RestoreWish, "backup">,
): void {
  const from = manifest.environment;
  if (from !== (fromEnvironment ?? environment))
    throw new CommandError(
      fromEnvironment === undefined
        ? `${backup} is of ${from}, and this is ${environment}. Another environment's data is restored only with --from-environment ${from}.`
        : `${backup} is of ${from}, not of ${fromEnvironment}.`,
    );
  if (maxAge !== undefined && age > maxAge)
    throw new CommandError(
      `${backup} is ${span(age * 1000)} old, and --max-age allows ${span(maxAge * 1000)} at most.`,
    );
}

/**
 * The name of this press of the button. Said again, it waits for what it started.
 *
 * @throws CommandError for a name that the door would not take
 */
export function pressOf(said: string | undefined, now: string): string {
  const who =
    userInfo()
      .username.replaceAll(/[^A-Za-z0-9]/g, "")
      .slice(0, 20) || "somebody";
  const asked = said ?? `${who}-${now.replaceAll(/[-:]|\.\d+/g, "")}`;
  if (/^[A-Za-z0-9-]{1,60}$/.test(asked)) return asked;
  throw new CommandError(`--asked ${asked}: letters, digits and hyphens, 60 at most.`, EXIT.usage);
}
