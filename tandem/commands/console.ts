import { physicalName } from "../../components/names";
import { CommandError, EXIT } from "../errors";
import { type AskedFor, settingsAsked } from "../status/asked";
import { checkedClients } from "../status/clients";
import { consoleWords, enter, enterable, serviceOf } from "../status/console";
import { scopeOf } from "../status/environment";
import { answerOf } from "../status/known";

interface ConsoleOptions extends AskedFor {
  readonly command: string;
}

/** Opens a shell in a running process, through ECS Exec. */
export async function openConsole(
  application: string,
  key: string | undefined,
  { command, ...asked }: ConsoleOptions,
): Promise<void> {
  const settings = settingsAsked(asked);
  const { serviceName } = serviceOf(settings, application, key);
  if (asked.real !== true) {
    const words = consoleWords(settings, "<a task>", command).join(" ");
    console.log(
      `Nothing runs in the rehearsed ${asked.stack}. With --real this takes a task of ${serviceName} and calls: aws ${words}`,
    );
    return;
  }
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new CommandError(
      "A console needs a terminal. For one command without one: npx tandem run.",
      EXIT.usage,
    );
  const { ecs } = await checkedClients(settings);
  const cluster = physicalName(scopeOf(settings), "", 255);
  const task = await answerOf(() => enterable(ecs, cluster, serviceName));
  process.exitCode = await enter(consoleWords(settings, task, command));
}
