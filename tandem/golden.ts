import { writeFileSync } from "node:fs";
import { ENVIRONMENTS } from "../config/settings";
import { declared } from "./declared";
import { goldenFile, inventory } from "./inventory";
import { examples, openProject } from "./project";

/** Rewrites the golden inventories of all examples. The only thing that does: read the diff before you commit it. */
async function main(): Promise<void> {
  for (const example of examples()) {
    const stacks = await declared(openProject(example));
    for (const environment of ENVIRONMENTS) {
      const lines = inventory(stacks[environment].neutral);
      writeFileSync(goldenFile(example, environment), `${JSON.stringify(lines, null, 1)}\n`);
      console.log(`${example} ${environment}: ${lines.length} resources`);
    }
  }
}

void main();
