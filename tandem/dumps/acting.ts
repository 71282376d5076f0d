import { CommandError } from "../errors";
import { interruption } from "../status/interruption";
import { type DumpDesk, placeOf } from "./desk";
import { type Answer, backUp, drill, type Patience } from "./tasks";
import { pressOf } from "./wishes";
import { backedUpWords, drilledWords, failedWords } from "./words";

/** What the commands about dumps say, and to whom. */
export interface Acting {
  /** What a former press was called, to wait for what it started. */
  readonly asked?: string | undefined;
  readonly say: (text: string) => void;
}

/** Dumps databases one after the other. @throws CommandError with what failed, once all were tried */
export async function backUpAll(
  desk: DumpDesk,
  databases: readonly string[],
  { asked, say }: Acting,
  patience: Patience = patienceOf(desk, asked),
): Promise<void> {
  const place = placeOf(desk);
  const failures: string[] = [];
  for (const database of databases) {
    const what = whatOf(desk, database);
    begin(desk, `${what} is dumped`, patience, say);
    const answer = await backUp(place, database, patience);
    if (answer.ok) say(backedUpWords(answer, what, flagsOf(desk)));
    else failures.push(failedWords(`${what} was not dumped as it should be`, answer, logOf(desk, database)));
  }
  if (failures.length > 0) throw new CommandError(failures.join("\n"));
}

/** The newest dump beyond doubt into a throw-away schema. */
export async function drillOnce(
  desk: DumpDesk,
  database: string,
  { asked, say }: Acting,
  patience: Patience = patienceOf(desk, asked),
): Promise<void> {
  const what = whatOf(desk, database);
  const place = placeOf(desk);
  begin(desk, `The newest dump of ${what} is restored into a schema that is dropped again`, patience, say);
  const answer = await drill(place, database, { backup: "latest" }, patience);
  refuseFailed(answer, `The drill of ${what} failed`, logOf(desk, database));
  say(drilledWords(answer, what));
}

/** @throws CommandError where it did not go well */
export function refuseFailed(answer: Answer, failed: string, log: string): void {
  if (!answer.ok) throw new CommandError(failedWords(failed, answer, log));
}

export const whatOf = ({ settings }: DumpDesk, database: string): string =>
  `${database} in ${settings.environment}`;

/** How a command names this environment. */
export const flagsOf = ({ settings, clients }: DumpDesk): string =>
  ` --stack ${settings.environment}${clients === undefined ? "" : " --real"}`;

export const logOf = (desk: DumpDesk, database: string): string =>
  `npx tandem logs dump/${database} --since 1h${flagsOf(desk)}`;

export const patienceOf = ({ now }: DumpDesk, asked: string | undefined): Patience => ({
  asked: pressOf(asked, now),
  interrupted: interruption(),
});

/** Said before anything is waited for; a rehearsal waits for nothing. */
export function begin({ clients }: DumpDesk, what: string, { asked }: Patience, say: Acting["say"]): void {
  if (clients !== undefined)
    say(
      `${what}; that takes some minutes. Ctrl-C ends the waiting only: the same command with --asked ${asked} waits again.`,
    );
}
