import { confirm } from "@inquirer/prompts";
import { CommandError, EXIT } from "./errors";

/** Whether what is shown is agreed to. */
export interface Agreement {
  /** Agreed to already. @default false */
  readonly yes?: boolean | undefined;
  /** Asks a person; undefined where there is nobody to ask. */
  readonly ask?: ((question: string) => Promise<boolean>) | undefined;
}

/** @throws CommandError where nobody has agreed and nobody can be asked */
export async function agreed(question: string, { yes, ask }: Agreement): Promise<boolean> {
  if (yes === true) return true;
  if (ask === undefined)
    throw new CommandError(
      "Nothing was touched: there is no terminal to ask in. Add --yes to do what is shown above.",
      EXIT.usage,
    );
  return ask(question);
}

/** Whoever sits at this terminal, if anybody does. */
export const atTerminal = (): Agreement["ask"] => (process.stdin.isTTY === true ? asked : undefined);

/** Whoever breaks off at the question has said no. */
async function asked(message: string): Promise<boolean> {
  try {
    return await confirm({ message, default: false });
  } catch (error) {
    if ((error as Error).name === "ExitPromptError") return false;
    throw error;
  }
}
