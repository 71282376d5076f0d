import { writeFileSync } from "node:fs";
import type { Settings } from "../../config/settings";
import type { Cloud } from "../../rehearsal/cloud";
import { CommandError, EXIT } from "../errors";
import type { JobRequest } from "../job-request";
import { askDoor } from "../rehearsed-door";
import { rehearsedFiles } from "../status/files";
import type { DumpCloud } from "./clouds";

/**
 * A rehearsed environment's side of it: what lies in its bucket is there, and its door looks at what it is asked.
 * Behind the door is no MySQL, so that it ends there.
 */
export function rehearsedDumpCloud(cloud: Cloud, settings: Settings): DumpCloud {
  const text = async (bucket: string, key: string) => (await rehearsedFiles(cloud, bucket).text(key)) ?? "";
  return {
    keys: async (bucket, prefix) => rehearsedFiles(cloud, bucket).keys(prefix),
    text,
    download: async (bucket, key, file) => writeFileSync(file, await text(bucket, key), { mode: 0o600 }),
    hand: nothing,
    put: nothing,
    async ask(_, payload) {
      const request = payload as JobRequest;
      await askDoor(cloud, settings, request);
      throw new CommandError(
        `The door of the rehearsed ${settings.environment} takes this: it would start the task ${request.job}` +
          `${inWords(request.inputs)}. Nothing runs in a rehearsal, and it has no MySQL: nothing was done. ` +
          "It needs a real environment: the same with --real.",
        EXIT.usage,
      );
    },
    ended: async () => true,
    lines: async () => [],
  };
}

async function nothing(): Promise<never> {
  throw new CommandError("Nothing is carried between rehearsed environments.", EXIT.usage);
}

function inWords(inputs: JobRequest["inputs"]): string {
  const said = Object.entries(inputs).map(([name, value]) => `${name}=${value}`);
  return said.length === 0 ? "" : ` with ${said.join(", ")}`;
}
