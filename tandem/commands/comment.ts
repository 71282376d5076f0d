import { existsSync, readFileSync } from "node:fs";
import { CommandError, EXIT } from "../errors";
import { PullRequests, placeOf } from "../github";
import { openProject } from "../project";
import { marker } from "../review/comment";
import { fileSaid } from "../said-files";

/** Posts a review to its pull request: one comment, rewritten each time. */
export async function comment({ file, pr }: { file: string; pr?: string }): Promise<void> {
  const text = fileSaid("--file", file, "a review as Markdown");
  const number = pr === undefined ? fromEvent(process.env.GITHUB_EVENT_PATH) : numberOf(pr);
  const pullRequests = await PullRequests.at(placeOf(process.env));
  const { url, updated } = await pullRequests.put(number, marker(openProject().name), text);
  console.log(`${updated ? "Updated" : "Posted"} ${url}`);
}

function numberOf(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new CommandError(`--pr is "${text}"; allowed: the number of a pull request.`, EXIT.usage);
}

/** The pull request that started the run. */
function fromEvent(path: string | undefined): number {
  const event = path === undefined || !existsSync(path) ? {} : JSON.parse(readFileSync(path, "utf8"));
  const number = (event as { pull_request?: { number?: number } }).pull_request?.number;
  if (number === undefined)
    throw new CommandError("No pull request started this: name one with --pr <number>.", EXIT.usage);
  return number;
}
