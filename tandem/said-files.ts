import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { CommandError, EXIT } from "./errors";

/** The text of a file that an option names. @throws CommandError where there is none to read */
export function fileSaid(option: string, file: string, what: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new CommandError(`${option} is "${file}", which cannot be read; allowed: ${what}.`, EXIT.usage);
  }
}

/** Before any work is done whose result would have no place. @throws CommandError where a file cannot be written */
export function refuseUnwritable(option: string, file: string | undefined): void {
  if (file === undefined) return;
  const folder = dirname(resolve(file));
  if (existsSync(folder) && !(existsSync(file) && statSync(file).isDirectory())) return;
  throw new CommandError(`${option} is "${file}"; allowed: a file in a folder that is there.`, EXIT.usage);
}
