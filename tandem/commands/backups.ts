import { ENVIRONMENTS, type EnvironmentName } from "../../config/settings";
import { atDesk } from "../dumps/desk";
import { type Listed, listed } from "../dumps/listing";
import { CommandError } from "../errors";
import { openProject } from "../project";

interface BackupsOptions {
  readonly stack?: EnvironmentName;
  readonly real?: boolean;
  readonly json?: boolean;
  readonly example?: string;
}

/** Lists the dumps that there are, with age, size and proof. */
export async function backups(
  database: string | undefined,
  { stack, real, json, example }: BackupsOptions,
): Promise<void> {
  const project = openProject(example);
  const found: Listed[] = [];
  const refused: CommandError[] = [];
  for (const each of stack === undefined ? ENVIRONMENTS : [stack])
    try {
      found.push(await atDesk(project, each, real, (desk) => listed(desk, database)));
    } catch (error) {
      // Two environments are two accounts, and credentials are one's.
      if (stack !== undefined || !(error instanceof CommandError)) throw error;
      refused.push(error);
    }
  if (json === true)
    console.log(
      JSON.stringify(
        found.flatMap(({ dumps }) => dumps),
        null,
        2,
      ),
    );
  else if (found.length > 0) console.log(found.map(({ text }) => text).join("\n"));
  const [first] = refused;
  if (first !== undefined)
    throw new CommandError([...new Set(refused.map(({ message }) => message))].join("\n"), first.exitCode);
}
