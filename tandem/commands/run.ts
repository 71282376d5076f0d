import { CommandError, EXIT } from "../errors";
import { type AskedFor, settingsAsked } from "../status/asked";
import { checkedClients } from "../status/clients";
import { interruption } from "../status/interruption";
import { answerOf } from "../status/known";
import { formerRuns, oneOff } from "../status/one-off";
import { placeOf } from "../status/place";

interface RunOptions extends AskedFor {
  readonly minutes: string;
}

/** The longest that a one-off may take, in minutes: what takes longer is a job. */
const LONGEST = 24 * 60;

/** Runs one command in the application's own image, and ends with its exit code. */
export async function run(
  application: string,
  command: readonly string[],
  { minutes, ...asked }: RunOptions,
): Promise<void> {
  const settings = settingsAsked(asked);
  const place = placeOf(settings, application);
  const timeout = secondsOf(minutes);
  if (asked.real !== true) {
    console.log(
      `Nothing runs in the rehearsed ${asked.stack}. With --real this starts one task of ${place.family} in ${place.cluster} ` +
        `by ecs:RunTask, with the command ${JSON.stringify(command)}, and prints ${place.logGroup}.`,
    );
    return;
  }
  const clients = await checkedClients(settings);
  const interrupted = interruption();
  const say = (line: string) => console.log(line);
  for (const line of await answerOf(() => formerRuns(clients.ecs, place.cluster))) say(line);
  process.exitCode = await answerOf(() => oneOff(clients, { ...place, command, timeout, say, interrupted }));
}

function secondsOf(minutes: string): number {
  const number = Number(minutes);
  if (Number.isInteger(number) && number >= 1 && number <= LONGEST) return number * 60;
  throw new CommandError(
    `--minutes is ${minutes}; allowed: a whole number from 1 to ${LONGEST}.`,
    EXIT.usage,
  );
}
