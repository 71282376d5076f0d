import { homedir } from "node:os";

/**
 * Makes what the engine says fit for people: without its preambles, stack traces and the paths of this machine.
 *
 * @param folders this machine's folders, each with what stands for it
 */
export function cleaner(folders: Readonly<Record<string, string>>): (message: string) => string {
  const known = Object.entries({ ...folders, [homedir()]: "~" }).sort(([a], [b]) => b.length - a.length);
  return (message) => {
    const lines = message.split("\n").filter((line) => !/^\s+at .*[:(]/.test(line) && line.trim() !== "");
    const text = known.reduce(
      (all, [path, short]) => all.replaceAll(path, short),
      withoutPreamble(lines.join("\n")),
    );
    return text.trim();
  };
}

/** What the engine puts in front of a provider's or a program's own words. */
const PREAMBLES: readonly (readonly [RegExp, string])[] = [
  [/^Preview failed: /, ""],
  [/^Running program '[^']*' failed with an unhandled exception:\s*/, ""],
  // How an error is printed that has no stack trace, with what it carries besides its message.
  [/^\[(\w*Error: .*?)\](?: \{.*\})?\s*$/s, "$1"],
  // The value may be a secret, and what is wrong with it is said after it.
  [/^\S+ resource '[^']*': property (\S+) value \{.*?\} has a problem: /s, "$1: "],
  [/^\S+ resource '[^']*' has a problem: /, ""],
  [/^(?:\w*Error): /, ""],
];

function withoutPreamble(text: string): string {
  return PREAMBLES.reduce((rest, [preamble, instead]) => rest.replace(preamble, instead), text);
}
