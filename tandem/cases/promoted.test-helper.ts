import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import type { EnvironmentName } from "../../config/settings";
import type { Step } from "../../rehearsal/run-types";
import { openProject, type Project } from "../project";
import { promotion } from "../promotion";
import { writeConfig } from "../stack-file";
import type { Operation, Outcome, Way } from "../way";

/** For tests: releases of the example that its workflow could have pushed. */
export const A = `sha256:${"a".repeat(64)}`;
export const B = `sha256:${"b".repeat(64)}`;

/** The example's own files in a folder of their own: a promotion writes into them. */
export function copyOfExample(folder: string): Project {
  const { folder: from, ...project } = openProject("oc-pizza");
  for (const file of ["Pulumi.yaml", "Pulumi.sandbox.yaml", "Pulumi.prod.yaml"])
    cpSync(join(from, file), join(folder, file));
  return { ...project, folder };
}

/** Releases an image in the sandbox's file: its workflow has pushed it. */
export function release(project: Project, digest: string): void {
  writeConfig(project, "sandbox", { release: { web: digest } });
}

/** A way that remembers what it did. */
export class Recorded implements Way {
  readonly name: string;
  readonly runs: {
    readonly stack: EnvironmentName;
    readonly operation: Operation;
    readonly outcome: Outcome;
  }[] = [];

  constructor(private readonly way: Way) {
    this.name = way.name;
  }

  async run(
    stack: EnvironmentName,
    operation: Operation,
    onStep?: (step: Step) => void,
    replace?: readonly string[],
  ): Promise<Outcome> {
    const outcome = await this.way.run(stack, operation, onStep, replace);
    this.runs.push({ stack, operation, outcome });
    return outcome;
  }

  outputs(stack: EnvironmentName) {
    return this.way.outputs(stack);
  }

  now() {
    return this.way.now();
  }
}

/** Runs a promotion. @returns what it said, and the `up` of production that it ran */
export async function promoted(
  project: Project,
  way: Way,
  how: { readonly back?: string | true; readonly yes?: boolean; readonly ask?: () => Promise<boolean> } = {
    yes: true,
  },
): Promise<{ readonly said: string; readonly up?: Outcome }> {
  const recorded = new Recorded(way);
  const said: string[] = [];
  await promotion({ project, way: recorded, say: (text) => said.push(text), ...how });
  const ups = recorded.runs.filter(({ operation }) => operation === "up");
  assert.ok(ups.every(({ stack }) => stack === "prod"));
  return { said: said.join("\n"), ...(ups[0] === undefined ? {} : { up: ups[0].outcome }) };
}
