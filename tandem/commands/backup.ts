import type { EnvironmentName } from "../../config/settings";
import { backUpAll } from "../dumps/acting";
import { atDesk } from "../dumps/desk";
import { databaseOf } from "../dumps/wishes";
import { openProject, settingsOf } from "../project";

/** What every command about dumps is told. */
export interface DumpOptions {
  readonly stack: EnvironmentName;
  readonly real?: boolean;
  readonly example?: string;
  /** A former press of the button, whose end is waited for. */
  readonly asked?: string;
}

/** Dumps a database now, or all of an environment. */
export async function backup(
  asked: string | undefined,
  { stack, real, example, ...options }: DumpOptions,
): Promise<void> {
  const project = openProject(example);
  const settings = settingsOf(project, stack);
  const databases = asked === undefined ? Object.keys(settings.databases) : [databaseOf(settings, asked)];
  await atDesk(project, stack, real, async (desk) => {
    await backUpAll(desk, databases, { ...options, say: (text) => console.log(text) });
  });
}
