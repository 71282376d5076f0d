import { performance } from "node:perf_hooks";
import type { EnvironmentName } from "../config/settings";

import program = require("../index");

import { inWords } from "../policy/rule";
import { violations } from "../policy/rules";
import { protectionInWords } from "../policy/steps";
import { Cloud } from "../rehearsal/cloud";
import { run } from "../rehearsal/engine";
import type { Guard, Step } from "../rehearsal/run-types";
import { emptyStack, type StackState } from "../rehearsal/stack-state";
import { judged } from "./losses";
import { type Project, stackConfiguration } from "./project";
import { meant, type Operation, type Outcome, type Way } from "./way";
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

  async outputs(stack: EnvironmentName): Promise<Readonly<Record<string, unknown>> | undefined> {
    return this.memory.stacks[stack]?.outputs;
  }

  now(): string {
    return this.memory.cloud.clock.now;
  }

  async run(
    stack: EnvironmentName,
    operation: Operation | "refresh",
    onStep?: (step: Step) => void,
    replace: readonly string[] = [],
  ): Promise<Outcome> {
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
      guard: guardOf(stack),
      ...(replace.length === 0 ? {} : { replace: meant(replace) }),
      ...(onStep === undefined ? {} : { onStep }),
    });
    if (operation !== "preview") {
      this.memory.stacks[stack] = result.state;
      this.save(this.memory);
    }
    const { steps, outputs, diagnostics } = result;
    const failures = result.failures.map((each) => ({ ...each, message: protectionInWords(each.message) }));
    const warnings = diagnostics
      .filter((text) => text.startsWith(WARNING))
      .map((text) => text.slice(WARNING.length));
    const outcome = { steps, outputs, failures, warnings, seconds: (performance.now() - start) / 1000 };
    return operation === "preview"
      ? judged(outcome, this.project, stack, this.memory.cloud.clock.now)
      : outcome;
  }

  /** The stack that runs exists from its first run on, and has no outputs then. */
  #outputsOf(asked: EnvironmentName, running: EnvironmentName): StackState | undefined {
    return this.memory.stacks[asked] ?? (asked === running ? emptyStack() : undefined);
  }
}

/** The rules of policy/, before anything is done with a resource. */
const guardOf =
  (environment: EnvironmentName): Guard =>
  ({ inputs: props, ...resource }) =>
    violations({ ...resource, props, environment }).map(inWords);

function accountOf(values: Readonly<Record<string, string>>): string {
  try {
    return String((JSON.parse(values["aws:allowedAccountIds"] ?? "[]") as unknown[])[0] ?? "");
  } catch {
    return "";
  }
}
