import { CommandError, EXIT } from "../errors";
import { openProject, settingsOfBoth } from "../project";
import { type Row, rowsOf, table, tooOld } from "../rotation-table";
import { chooseWay } from "../ways";

interface SecretsOptions {
  readonly json?: boolean;
  readonly check?: boolean;
  readonly real?: boolean;
  readonly example?: string;
}

/** Lists the secrets of both environments: how old, how often rotated, who uses them. Never a value. */
export async function secrets({ json, check, real, example }: SecretsOptions): Promise<void> {
  const project = openProject(example);
  const settings = settingsOfBoth(project);
  const { way, close } = await chooseWay(project, { engine: real === true ? "real" : "last" });
  const rows: Row[] = [];
  try {
    for (const each of settings) rows.push(...rowsOf(each, await way.outputs(each.environment), way.now()));
  } finally {
    await close();
  }
  console.log(json ? JSON.stringify(rows, null, 2) : table(rows));
  const old = tooOld(rows);
  if (check && old.length > 0) throw new CommandError(old.join("\n"), EXIT.differs);
}
