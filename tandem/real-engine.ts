import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { EnvironmentName } from "../config/settings";
import type { RunFailure, Step } from "../rehearsal/run-types";
import { serve } from "../rehearsal/server";
import type { Cli } from "./cli";
import { cleaner } from "./engine-messages";
import { EngineRun, NOTHING } from "./engine-run";
import { KeptClouds } from "./kept-clouds";
import { judged } from "./losses";
import { type Project, ROOT, stackConfiguration } from "./project";
import type { Operation, Outcome, Way } from "./way";
import { Workspace } from "./workspace";
import { worldOf } from "./world";

/** What a destroy does not declare, no policy can look at. */
const GUARD_RAILS = ["--policy-pack", join(ROOT, "policy")];

/** The rehearsal with Pulumi's own engine, which finds the simulated clouds where it expects its plugins. */
export class RealEngine implements Way {
  readonly name: string;
  readonly #engine: EngineRun;

  constructor(
    readonly workspace: Workspace,
    readonly clouds: KeptClouds,
    cli: Cli,
    /** Options that load the guard rails; none for programs that are not tandem's. */
    private readonly guardRails: readonly string[] = GUARD_RAILS,
  ) {
    this.name = `with pulumi ${cli.version}`;
    const short = cleaner({ [ROOT]: "." });
    const clean = (message: string) => clouds.redact(short(message));
    this.#engine = new EngineRun({ cli, cwd: workspace.cwd, clean });
  }

  /** @param folder where the rehearsal is kept, below the checkout */
  static async open(
    project: Project,
    folder: string,
    cli: Cli,
    guardRails: readonly string[] = GUARD_RAILS,
  ): Promise<RealEngine> {
    const workspace = new Workspace(project, folder);
    const clouds = new KeptClouds(folder, worldOf(project), workspace.passphrase);
    return new RealEngine(workspace, clouds, cli, guardRails);
  }

  async run(
    stack: EnvironmentName,
    operation: Operation,
    onStep: (step: Step) => void = () => {},
    replace: readonly string[] = [],
  ): Promise<Outcome> {
    const start = performance.now();
    const env = this.#prepare(stack);
    const known = this.workspace.exists(stack);
    if (!known && operation === "destroy") return NOTHING;
    const failures = known ? [] : await this.#init(stack, env);
    const done =
      failures.length > 0
        ? { ...NOTHING, failures }
        : await this.#operate(stack, operation, env, onStep, replace);
    this.workspace.tidy();
    const outcome = { ...done, seconds: (performance.now() - start) / 1000 };
    return operation === "preview" ? judged(outcome, this.workspace.project, stack, this.now()) : outcome;
  }

  /** Secret ones in clear: they are the rehearsal's own. */
  async outputs(stack: EnvironmentName): Promise<Record<string, unknown> | undefined> {
    return this.workspace.exists(stack) ? this.#outputs(stack, this.#prepare(stack)) : undefined;
  }

  now(): string {
    return this.clouds.cloud.clock.now;
  }

  /** Ends what runs. */
  close(): Promise<void> {
    return this.#engine.close();
  }

  /** Writes what a run reads, and remembers which of it is secret. */
  #prepare(stack: EnvironmentName): NodeJS.ProcessEnv {
    const { env } = this.workspace.prepare(stack, { "rehearsal:now": this.now() });
    const { project, passphrase } = this.workspace;
    const { values, secretKeys } = stackConfiguration(project, stack, passphrase);
    for (const key of secretKeys) this.clouds.learn(values[key]);
    return env;
  }

  async #init(stack: EnvironmentName, env: NodeJS.ProcessEnv): Promise<RunFailure[]> {
    const ended = await this.#engine.ask(["stack", "init", stack, "--no-select"], env);
    return ended.code === 0 ? [] : [{ message: this.#engine.lastWords(ended) }];
  }

  async #operate(
    stack: EnvironmentName,
    operation: Operation,
    env: NodeJS.ProcessEnv,
    onStep: (step: Step) => void,
    replace: readonly string[],
  ): Promise<Omit<Outcome, "seconds">> {
    const server = await serve({
      cloud: this.clouds.cloud,
      onSecret: (value) => this.clouds.learn(value),
      onKill: () => this.#engine.kill(),
    });
    try {
      const { outcome, killed } = await this.#engine.operate({
        stack,
        operation,
        env: { ...env, PULUMI_DEBUG_PROVIDERS: server.debugProviders },
        onStep,
        replace,
        options: operation === "destroy" ? [] : this.guardRails,
      });
      if (killed) this.workspace.unlock(stack);
      if (operation !== "up") return outcome;
      return { ...outcome, outputs: (await this.#outputs(stack, env)) ?? {} };
    } finally {
      server.close();
      if (operation !== "preview") this.clouds.save();
    }
  }

  #outputs(stack: EnvironmentName, env: NodeJS.ProcessEnv): Promise<Record<string, unknown> | undefined> {
    return this.#engine.outputs(stack, env, "--show-secrets");
  }
}
