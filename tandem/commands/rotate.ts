import { text } from "node:stream/consumers";
import { password } from "@inquirer/prompts";
import type { EnvironmentName } from "../../config/settings";
import { atTerminal } from "../agreement";
import { CommandError, EXIT } from "../errors";
import { openProject, settingsOfBoth } from "../project";
import { rotation } from "../rotation";
import { subjectOf } from "../rotation-subject";
import { chooseWay } from "../ways";

interface RotateOptions {
  readonly stack?: EnvironmentName | "both";
  readonly retire?: boolean;
  readonly leaked?: boolean;
  readonly real?: boolean;
  readonly example?: string;
  readonly yes?: boolean;
}

/** Gives a secret its next generation, in the sandbox first, or takes away the value before. */
export async function rotate(name: string, { real, example, ...options }: RotateOptions): Promise<void> {
  const project = openProject(example);
  for (const settings of settingsOfBoth(project))
    if ((options.stack ?? "both") === "both" || options.stack === settings.environment)
      subjectOf(settings, name);
  const { way, close } = await chooseWay(project, { engine: real === true ? "real" : "last" });
  try {
    await rotation({
      project,
      wayFor: () => way,
      name,
      ...options,
      ask: atTerminal(),
      askValue: process.stdin.isTTY === true ? typed : piped(options),
      say: (said) => console.log(said),
    });
  } finally {
    await close();
  }
}

/** Without echo. Whoever breaks off here has changed nothing yet. */
async function typed(message: string): Promise<string> {
  try {
    return await password({ message, mask: false });
  } catch (error) {
    if ((error as Error).name === "ExitPromptError") throw new CommandError("Nothing was touched.");
    throw error;
  }
}

/** A value out of a pipe, as it comes: each environment has its own, so one run takes one. */
function piped({ stack = "both" }: RotateOptions): () => Promise<string> {
  return async () => {
    if (stack === "both")
      throw new CommandError(
        "Standard input holds one value and each environment has its own: say --stack sandbox, then --stack prod.",
        EXIT.usage,
      );
    return text(process.stdin);
  };
}
