import type { EnvironmentName, Settings } from "../../config/settings";
import { CommandError, EXIT } from "../errors";
import { openProject, settingsOf } from "../project";

/** Which environment somebody asks for. */
export interface AskedFor {
  readonly stack: EnvironmentName;
  readonly real?: boolean;
  readonly example?: string;
}

/** @throws CommandError where a real environment of an example is asked for: it has none */
export function settingsAsked({ stack, real, example }: AskedFor): Settings {
  if (real === true && example !== undefined)
    throw new CommandError("--real acts on this project only: an example has no accounts.", EXIT.usage);
  return settingsOf(openProject(example), stack);
}
