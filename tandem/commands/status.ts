import type { EnvironmentName } from "../../config/settings";
import { CommandError, EXIT } from "../errors";
import { openProject, type Project } from "../project";
import { type Asked, parityOf, withEnvironments } from "../status/desk";
import { interruption } from "../status/interruption";
import { unknown } from "../status/known";
import { look } from "../status/look";
import type { PairStatus } from "../status/status";
import { watch } from "../status/watch";
import { words } from "../status/words";
import { wrongsOf } from "../status/wrong";

interface StatusOptions {
  readonly stack?: EnvironmentName;
  readonly real?: boolean;
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly check?: boolean;
  readonly example?: string;
}

/** Milliseconds between two looks. */
const PAUSE = 15_000;

/** Says how both environments are: once, or again and again until somebody interrupts it. Never a secret. */
export async function status({
  stack,
  real,
  json,
  watch: again,
  check,
  example,
}: StatusOptions): Promise<void> {
  if (again === true && (json === true || check === true || !process.stdout.isTTY))
    throw new CommandError(
      "--watch is for a terminal, without --json and --check: it writes over what it wrote.",
      EXIT.usage,
    );
  const project = openProject(example);
  const asked = { stack, real };
  if (again === true)
    return watch<PairStatus>({
      look: (before) => lookAt(project, asked, before?.parity),
      words: (found) => words(found, process.stdout.columns),
      show: (text) => process.stdout.write(`\x1b[2J\x1b[H${text}`),
      interrupted: interruption(),
      every: PAUSE,
    });
  const found = await lookAt(project, asked);
  console.log(json === true ? JSON.stringify(found, null, 2) : words(found, process.stdout.columns));
  const wrong = wrongsOf(found);
  if (check === true && wrong.length > 0)
    throw new CommandError(json === true ? wrong.join("\n") : "Something is wrong.", EXIT.differs);
}

/** @param parity as it was found before. @default compared now, which may take some seconds */
const lookAt = (project: Project, asked: Asked, parity?: PairStatus["parity"]): Promise<PairStatus> =>
  withEnvironments(project, asked, async (opened, way) => {
    const environments = await Promise.all(
      opened.map(({ environment, sources }) => look(environment, sources)),
    );
    if (environments.every(({ up }) => !up)) return { environments, parity: unknown("not up yet") };
    return { environments, parity: parity ?? (await parityOf(project, way)) };
  });
