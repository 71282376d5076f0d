import { resolve } from "node:path";
import { atDesk, bucketOf } from "../dumps/desk";
import { exportDump } from "../dumps/dumps";
import { dumpOf } from "../dumps/wishes";
import { openProject } from "../project";
import { answerOf } from "../status/known";
import type { DumpOptions } from "./backup";

/** Brings a dump onto this machine, checked. */
export async function exportBackup(
  database: string,
  backup: string,
  { stack, real, example, to }: Omit<DumpOptions, "asked"> & { readonly to: string },
): Promise<void> {
  await atDesk(openProject(example), stack, real, async (desk) => {
    const dump = await dumpOf(desk, database, backup);
    const { folder, file } = await answerOf(() => exportDump(desk.cloud, bucketOf(desk), dump, resolve(to)));
    console.log(
      `${dump.backup} is in ${folder}, and its checksum is right. Only you can read it.\n` +
        `To load it into a server of your own: gunzip -c ${file} | mysql <schema>\n` +
        "It holds people's data in clear: delete the folder once you are done.",
    );
  });
}
