import type { EnvironmentName } from "../../config/settings";
import type { StackState } from "../../rehearsal/stack-state";
import { DIFFERENCES } from "../../stacks/differences";
import { declared } from "../declared";
import type { Memory } from "../in-process";
import { neutral } from "../neutral";
import { compare, type Verdict } from "../parity";
import { type Project, settingsOf } from "../project";
import { counted, plain } from "./markdown";

/** More would hide the rest of the comment. */
const MOST = 20;

/**
 * Whether the two environments would still be the same thing twice, in Markdown: a line, and what is refused.
 *
 * @param stacks both as they would stand; where one is not known, both are brought up from nothing
 */
export async function parityLine(
  project: Project,
  stacks: Memory["stacks"] = {},
): Promise<readonly string[]> {
  try {
    const { allowed, refused } = await verdict(project, stacks);
    if (refused.length === 0)
      return [`Parity holds: ${counted(allowed.length, "difference")}, all in the table of what may differ.`];
    const more = refused.length - MOST;
    return [
      `**Parity is broken**: ${counted(refused.length, "difference")} that stacks/differences.ts does not allow.`,
      "",
      ...refused
        .slice(0, MOST)
        .map(({ type, name, property, expired }) =>
          line(type, name, property, expired === undefined ? "" : `, whose reason expired on ${expired}`),
        ),
      ...(more > 0 ? [`- and ${more} more`] : []),
    ];
  } catch (error) {
    return [`Parity cannot be judged: ${plain((error as Error).message, 500)}`];
  }
}

/** @param stacks both as they stand; where one is not known, both are brought up from nothing */
export async function verdict(project: Project, { sandbox, prod }: Memory["stacks"]): Promise<Verdict> {
  if (sandbox === undefined || prod === undefined) {
    const both = await declared(project);
    return compare(both.sandbox.neutral, both.prod.neutral, DIFFERENCES);
  }
  const words = (stack: StackState, name: EnvironmentName) => neutral(stack, settingsOf(project, name));
  return compare(words(sandbox, "sandbox"), words(prod, "prod"), DIFFERENCES);
}

const line = (type: string, name: string, property: string, end: string) =>
  `- ${plain(type.split(":").at(-1) ?? "")} ${plain(name, 80)} ${plain(property, 80)}${end}`;
