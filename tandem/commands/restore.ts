import type { EnvironmentName } from "../../config/settings";
import { atTerminal } from "../agreement";
import { atDesk, atDesks, type DumpDesk } from "../dumps/desk";
import { type Restoring, refresh, restoreBeside } from "../dumps/restoring";
import { CommandError, EXIT } from "../errors";
import { openProject } from "../project";
import type { DumpOptions } from "./backup";

interface RestoreOptions extends Omit<DumpOptions, "stack"> {
  readonly stack?: EnvironmentName;
  readonly into?: string;
  readonly fromEnvironment?: EnvironmentName;
  readonly maxAge?: string;
  readonly refreshSandbox?: boolean;
  readonly sandboxProfile?: string;
  readonly yes?: boolean;
}

/** Restores a dump beside what is served; or refreshes the sandbox with production's data, anonymised. */
export async function restore(
  database: string,
  backup: string,
  { stack, real, example, refreshSandbox, sandboxProfile, ...options }: RestoreOptions,
): Promise<void> {
  const project = openProject(example);
  const say = (text: string) => console.log(text);
  const said: Restoring = { ...options, project, database, backup, ask: atTerminal(), say };
  if (refreshSandbox === true) {
    refuseBeside(stack, options);
    const wanted = [{ stack: "prod" }, { stack: "sandbox", profile: sandboxProfile }] as const;
    await atDesks(project, { wanted, real }, ([production, sandbox]) =>
      refresh(production as DumpDesk, sandbox as DumpDesk, said),
    );
    return;
  }
  if (sandboxProfile !== undefined)
    throw new CommandError("--sandbox-profile goes with --refresh-sandbox.", EXIT.usage);
  if (stack === undefined)
    throw new CommandError("Say where it is restored: --stack sandbox or --stack prod.", EXIT.usage);
  await atDesk(project, stack, real, (desk) => restoreBeside(desk, said));
}

/** A refresh knows where from, where to and what of. */
function refuseBeside(
  stack: EnvironmentName | undefined,
  { into, fromEnvironment, maxAge }: Pick<RestoreOptions, "into" | "fromEnvironment" | "maxAge">,
): void {
  const strange = Object.entries({ into, "from-environment": fromEnvironment, "max-age": maxAge }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`--${name}`]),
  );
  if (stack === "prod") strange.push("--stack prod");
  if (strange.length > 0)
    throw new CommandError(
      `--refresh-sandbox brings production's data, anonymised, into the sandbox: ${strange.join(", ")} has no place there.`,
      EXIT.usage,
    );
}
