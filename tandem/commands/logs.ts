import { type AskedFor, settingsAsked } from "../status/asked";
import { checkedClients } from "../status/clients";
import { interruption } from "../status/interruption";
import { logGroups } from "../status/log-groups";
import { follow, past, sinceOf } from "../status/logs";

interface LogsOptions extends AskedFor {
  readonly since: string;
  readonly follow?: boolean;
}

/** Prints what processes, schedules and jobs have written; with --follow, what they go on writing. */
export async function logs(target: string | undefined, options: LogsOptions): Promise<void> {
  const settings = settingsAsked(options);
  const groups = logGroups(settings, target);
  const since = sinceOf(options.since);
  if (options.real !== true) {
    const names = Object.values(groups).join(", ");
    console.log(
      `Nothing runs in the rehearsed ${options.stack}, so nothing is written there. ` +
        `With --real this reads ${names} by logs:FilterLogEvents.`,
    );
    return;
  }
  const { logs: client } = await checkedClients(settings);
  const say = (line: string) => console.log(line);
  const last = await past(client, groups, Date.now() - since, say);
  if (options.follow === true) await follow(client, groups, last, say, interruption());
}
