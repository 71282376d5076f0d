import { performance } from "node:perf_hooks";
import type { EnvironmentName } from "../config/settings";

import program = require("../index");

import { Cloud } from "../rehearsal/cloud";
import { run } from "../rehearsal/engine";
import type { Step } from "../rehearsal/run-types";
import { emptyStack, type StackState } from "../rehearsal/stack-state";
import { type Project, stackConfiguration } from "./project";
import type { Operation, Outcome, Way } from "./way";
import { worldOf } from "./world";

/** What an in-process rehearsal stands on: the simulated clouds and what each stack knows. */
export interface Memory {
  cloud: Cloud;
  readonly stacks: Partial<Record<EnvironmentName, StackState>>;
}

export function emptyMemory(project: Project): Memory {
  return { cloud: Cloud.empty(worldOf(project)), stacks: {} };
}

const WARNING = "warning: ";

/** Milliseconds in which nothing moves before a run is given up: nothing here waits for a network. */
const PATIENCE = 8000;

/** The rehearsal without any engine but the SDK: for tests, plans, and where no CLI can be had. */
export class InProcess implements Way {
  readonly name = "in this process";

  constructor(
    private readonly project: Project,
    readonly memory: Memory = emptyMemory(project),
    /** Called after each run that may have changed something. */
    private readonly save: (memory: Memory) => void = () => {},
  ) {}

  async run(stack: EnvironmentName, operation: Operation, onStep?: (step: Step) => void): Promise<Outcome> {
    const start = performance.now();
    const configuration = stackConfiguration(this.project, stack);
    const result = await run({
      project: this.project.name,
      stack,
      config: { ...configuration.values, "rehearsal:now": this.memory.cloud.clock.now },
      secretKeys: configuration.secretKeys,
      program,
      cloud: this.memory.cloud,
      account: accountOf(configuration.values),
      state: this.memory.stacks[stack] ?? emptyStack(),
      otherStacks: (name) => this.#outputsOf(name.split("/").at(-1) as EnvironmentName, stack),
      operation,
      excludeProtected: true,
      patience: PATIENCE,
      ...(onStep === undefined ? {} : { onStep }),
    });
    if (operation !== "preview") {
      this.memory.stacks[stack] = result.state;
      this.save(this.memory);
    }
    const { steps, outputs, failures, diagnostics } = result;
    const warnings = diagnostics
      .filter((text) => text.startsWith(WARNING))
      .map((text) => text.slice(WARNING.length));
    return { steps, outputs, failures, warnings, seconds: (performance.now() - start) / 1000 };
  }

  /** The stack that runs exists from its first run on, and has no outputs then. */
  #outputsOf(asked: EnvironmentName, running: EnvironmentName): StackState | undefined {
    return this.memory.stacks[asked] ?? (asked === running ? emptyStack() : undefined);
  }
}

function accountOf(values: Readonly<Record<string, string>>): string {
  try {
    return String((JSON.parse(values["aws:allowedAccountIds"] ?? "[]") as unknown[])[0] ?? "");
  } catch {
    return "";
  }
}
