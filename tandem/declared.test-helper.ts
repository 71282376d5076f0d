import type { EnvironmentName } from "../config/settings";
import { type Declared, declared } from "./declared";
import { openProject } from "./project";

const known = new Map<string, Promise<Record<EnvironmentName, Declared>>>();

/** For tests: both environments of an example, brought up once in this process. They are read, never changed. */
export function exampleDeclared(example: string): Promise<Record<EnvironmentName, Declared>> {
  const both = known.get(example) ?? declared(openProject(example));
  known.set(example, both);
  return both;
}
