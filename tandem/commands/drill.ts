import { drillOnce } from "../dumps/acting";
import { atDesk } from "../dumps/desk";
import { databaseOf } from "../dumps/wishes";
import { openProject, settingsOf } from "../project";
import type { DumpOptions } from "./backup";

/** Restores the newest dump into a throw-away schema, and says how old it was and how long that took. */
export async function drill(
  database: string,
  { stack, real, example, ...options }: DumpOptions,
): Promise<void> {
  const project = openProject(example);
  const asked = databaseOf(settingsOf(project, stack), database);
  await atDesk(project, stack, real, (desk) =>
    drillOnce(desk, asked, { ...options, say: (text) => console.log(text) }),
  );
}
