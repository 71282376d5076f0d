import type { EnvironmentName } from "../../config/settings";
import { declared } from "../declared";
import { mermaid } from "../picture";
import { openProject } from "../project";

/** Prints a Mermaid picture of an environment. */
export async function map({ stack, example }: { stack: EnvironmentName; example?: string }): Promise<void> {
  const stacks = await declared(openProject(example));
  console.log(mermaid(stacks[stack].stack));
}
