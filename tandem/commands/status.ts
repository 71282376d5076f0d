import { setTimeout as pause } from "node:timers/promises";
import type { EnvironmentName } from "../../config/settings";
import { CommandError, EXIT } from "../errors";
import { openProject, type Project } from "../project";
import { type Asked, withEnvironments } from "../status/desk";
import { look } from "../status/look";
import type { Status } from "../status/status";
import { words } from "../status/words";
import { wrongs } from "../status/wrong";

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
export async function status({ stack, real, json, watch, check, example }: StatusOptions): Promise<void> {
  const project = openProject(example);
  const asked = { stack, real };
  if (watch === true) return watched(project, asked, { json, check });
  const found = await lookAt(project, asked);
  console.log(json === true ? JSON.stringify(found, null, 2) : words(found));
  const faults = found.flatMap(wrongs);
  if (check === true && faults.length > 0) throw new CommandError(faults.join("\n"), EXIT.differs);
}

const lookAt = (project: Project, asked: Asked): Promise<readonly Status[]> =>
  withEnvironments(project, asked, (opened) =>
    Promise.all(opened.map(({ environment, sources }) => look(environment, sources))),
  );

async function watched(
  project: Project,
  asked: Asked,
  { json, check }: { readonly json: boolean | undefined; readonly check: boolean | undefined },
): Promise<void> {
  if (json === true || check === true || !process.stdout.isTTY)
    throw new CommandError(
      "--watch is for a terminal, without --json and --check: it writes over what it wrote.",
      EXIT.usage,
    );
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  while (!interrupted.signal.aborted) {
    const text = words(await lookAt(project, asked));
    process.stdout.write(
      `\x1b[2J\x1b[H${text}\n\nlooked at ${new Date().toISOString()}, every 15 s; Ctrl-C ends it\n`,
    );
    await pause(PAUSE, undefined, { signal: interrupted.signal }).catch(() => {});
  }
}
