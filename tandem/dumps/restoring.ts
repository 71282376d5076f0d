import { type Agreement, agreed } from "../agreement";
import { CommandError } from "../errors";
import type { Project } from "../project";
import { type Acting, begin, logOf, patienceOf, refuseFailed, whatOf } from "./acting";
import { type DumpDesk, placeOf } from "./desk";
import { lookAt, serve } from "./serving";
import { type Patience, refreshSandbox, restore, runDumpTask } from "./tasks";
import { databaseOf, dumpOf, dumpsOf, type RestoreWords, wishOf } from "./wishes";
import { refreshedWords, restoredIn, restoredWords } from "./words";

export interface Restoring extends Acting, Agreement, RestoreWords {
  readonly project: Project;
  /** The database's key. */
  readonly database: string;
  /** `latest`, or a dump by its name. */
  readonly backup: string;
}

/** A dump into a schema beside what is served, looked at; and how to serve it. */
export async function restoreBeside(
  desk: DumpDesk,
  said: Restoring,
  patience: Patience = patienceOf(desk, said.asked),
): Promise<void> {
  const { settings } = desk;
  const database = databaseOf(settings, said.database);
  const { name, serves } = settings.databases[database] as (typeof settings)["databases"][string];
  const backup = await meant(desk, database, said.backup);
  const wish = wishOf(settings, database, backup, said);
  const place = placeOf(desk);
  const what = `${backup?.backup ?? said.backup} of ${whatOf(desk, database)}`;
  begin(desk, `${what} is restored into a new schema`, patience, said.say);
  const answer = await restore(place, database, { ...wish, backup: backup?.backup ?? said.backup }, patience);
  refuseFailed(answer, `${what} was not restored`, logOf(desk, database));
  const data = restoredIn(answer);
  if (data === undefined)
    throw new CommandError(`${what} was restored, but not said where: ${logOf(desk, database)}`);
  said.say(restoredWords(data, serves ?? name));
  await lookAt(desk, database, data.into, said.say, patience.interrupted);
  await serve(desk, said, database, data.into);
}

/** The dump; a rehearsed bucket is mostly empty, and its door can be asked all the same. */
async function meant(desk: DumpDesk, database: string, said: string) {
  const empty = desk.clients === undefined && (await dumpsOf(desk, database)).length === 0;
  return empty ? undefined : dumpOf(desk, database, said);
}

/** Production's data, anonymised, in the place of the sandbox's. */
export async function refresh(
  production: DumpDesk,
  sandbox: DumpDesk,
  said: Restoring,
  patience: Patience = patienceOf(production, said.asked),
): Promise<void> {
  const database = databaseOf(production.settings, said.database);
  if (!(database in production.settings.backups.anonymise))
    throw new CommandError(
      `Nobody's data comes into the sandbox as it is, and backups.anonymise.${database} says of no column what becomes of it. ` +
        "Declare every table there, bring production up, then this again.",
    );
  const found = await meant(production, database, said.backup);
  const [from, to] = [placeOf(production), placeOf(sandbox)];
  if (found === undefined || production.clients === undefined) {
    await runDumpTask(from, "anonymise", database, { BACKUP: said.backup }, patience);
    return;
  }
  said.say(
    `${found.backup} of production is made anonymous there, and takes the place of what ${whatOf(sandbox, database)} holds. ` +
      "That stays beside it until the next refresh.",
  );
  if (!(await agreed(`Replace the data of ${whatOf(sandbox, database)}?`, said)))
    return said.say("Nothing was touched.");
  begin(production, "Production makes it anonymous, then the sandbox changes over", patience, said.say);
  const answer = await refreshSandbox(from, to, database, { backup: found.backup }, patience);
  refuseFailed(
    answer,
    `${whatOf(sandbox, database)} has no new data`,
    `${logOf(production, database)}, or of the sandbox: ${logOf(sandbox, database)}`,
  );
  said.say(refreshedWords(answer));
}
