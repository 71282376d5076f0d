import { closest } from "fastest-levenshtein";
import type { Settings } from "../config/settings";
import { CommandError, EXIT } from "./errors";

/** Which job to start, and what with. */
export interface JobRequest {
  readonly job: string;
  readonly inputs: Readonly<Record<string, string>>;
}

/**
 * What a person asked for, compared with what is declared: a slip is found before anything is asked of a cloud.
 *
 * @param words `NAME=value` each
 * @throws CommandError with every slip and what was probably meant
 */
export function jobRequest(
  { jobs }: Pick<Settings, "jobs">,
  job: string,
  words: readonly string[],
): JobRequest {
  const keys = Object.keys(jobs);
  const declared = jobs[job]?.inputs;
  if (declared === undefined || !keys.includes(job))
    throw new CommandError(
      keys.length === 0
        ? `There is no job ${job}: none is declared, under jobs.`
        : `There is no job ${job}. ${meant(job, keys)}`,
      EXIT.usage,
    );
  const said = words.map((word) => [word.split("=")[0] ?? "", word] as const);
  const names = Object.keys(declared);
  const inputs = Object.fromEntries(said.map(([name, word]) => [name, word.slice(name.length + 1)]));
  const missing = names.filter((name) => declared[name]?.default === undefined && !inputs[name]);
  const slips = [
    ...said.filter(([name, word]) => name === word).map(([, word]) => `${word} is no NAME=value.`),
    ...said
      .filter(([name, word]) => name !== word && !names.includes(name))
      .map(([name]) =>
        names.length === 0
          ? `Job ${job} asks for nothing.`
          : `Job ${job} has no input ${name}. ${meant(name, names)}`,
      ),
    ...said
      .filter(([name], index) => said.findIndex(([other]) => other === name) !== index)
      .map(([name]) => `${name} is said twice.`),
    ...missing.map((name) => `Job ${job} needs ${name}=... (${declared[name]?.question}).`),
  ];
  if (slips.length > 0) throw new CommandError([...new Set(slips)].join("\n"), EXIT.usage);
  return { job, inputs };
}

const meant = (name: string, known: readonly string[]) =>
  `Did you mean ${closest(name, known)}? There is: ${[...known].sort().join(", ")}.`;
