import { delimiter, dirname } from "node:path";
import { performance } from "node:perf_hooks";
import type { EnvironmentName } from "../config/settings";
import type { RunFailure, Step } from "../rehearsal/run-types";
import { serve } from "../rehearsal/server";
import { type Child, type Ended, run } from "./child";
import type { Cli } from "./cli";
import { EngineLog } from "./engine-events";
import { cleaner } from "./engine-messages";
import { KeptClouds } from "./kept-clouds";
import { type Project, ROOT, stackConfiguration } from "./project";
import type { Operation, Outcome, Way } from "./way";
import { Workspace } from "./workspace";
import { worldOf } from "./world";

const WORDS: Readonly<Record<Operation, readonly string[]>> = {
  up: ["up", "--yes", "--skip-preview"],
  preview: ["preview"],
  destroy: ["destroy", "--yes", "--skip-preview", "--exclude-protected"],
};

const NOTHING = { steps: [], outputs: {}, failures: [], warnings: [], seconds: 0 };

/** The rehearsal with Pulumi's own engine, which finds the simulated clouds where it expects its plugins. */
export class RealEngine implements Way {
  readonly name: string;
  readonly #clean: (message: string) => string;
  #child: Child | undefined;

  constructor(
    readonly workspace: Workspace,
    readonly clouds: KeptClouds,
    private readonly cli: Cli,
  ) {
    this.name = `with pulumi ${cli.version}`;
    const clean = cleaner({ [ROOT]: "." });
    this.#clean = (message) => clouds.redact(clean(message));
  }

  /** @param folder where the rehearsal is kept, below the checkout */
  static async open(project: Project, folder: string, cli: Cli): Promise<RealEngine> {
    const workspace = new Workspace(project, folder);
    return new RealEngine(workspace, new KeptClouds(folder, worldOf(project), workspace.passphrase), cli);
  }

  async run(
    stack: EnvironmentName,
    operation: Operation,
    onStep: (step: Step) => void = () => {},
  ): Promise<Outcome> {
    const start = performance.now();
    const { env } = this.workspace.prepare(stack, { "rehearsal:now": this.clouds.cloud.clock.now });
    const { values, secretKeys } = stackConfiguration(
      this.workspace.project,
      stack,
      this.workspace.passphrase,
    );
    for (const key of secretKeys) this.clouds.learn(values[key]);
    const known = this.workspace.exists(stack);
    if (!known && operation === "destroy") return NOTHING;
    const failures = known ? [] : await this.#init(stack, env);
    const done =
      failures.length > 0 ? { ...NOTHING, failures } : await this.#operate(stack, operation, env, onStep);
    this.workspace.tidy();
    return { ...done, seconds: (performance.now() - start) / 1000 };
  }

  /** Ends what runs. */
  async close(): Promise<void> {
    this.#child?.kill();
    await this.#child?.ended;
  }

  async #init(stack: EnvironmentName, env: NodeJS.ProcessEnv): Promise<RunFailure[]> {
    const ended = await this.#pulumi(["stack", "init", stack, "--no-select"], env);
    return ended.code === 0 ? [] : [{ message: this.#lastWords(ended) }];
  }

  async #operate(
    stack: EnvironmentName,
    operation: Operation,
    env: NodeJS.ProcessEnv,
    onStep: (step: Step) => void,
  ): Promise<Omit<Outcome, "seconds">> {
    const log = new EngineLog(onStep, this.#clean);
    let ended: Ended;
    const server = await serve({
      cloud: this.clouds.cloud,
      onSecret: (value) => this.clouds.learn(value),
      onKill: () => this.#child?.kill(),
    });
    try {
      ended = await this.#pulumi(
        [...WORDS[operation], "--stack", stack, "--json", "--non-interactive"],
        {
          ...env,
          PULUMI_DEBUG_PROVIDERS: server.debugProviders,
          PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
        },
        (line) => log.take(line),
      );
    } finally {
      server.close();
      if (operation !== "preview") this.clouds.save();
    }
    if (ended.code === undefined) this.workspace.unlock(stack);
    const untold = ended.interrupted || (ended.code !== 0 && log.failures.length === 0);
    if (untold) log.failures.push({ message: this.#lastWords(ended) });
    log.finish();
    const outputs = operation === "up" ? await this.#outputs(stack, env) : log.outputs;
    return { steps: log.steps, outputs, failures: log.failures, warnings: log.warnings };
  }

  /** The stack's outputs, secret ones in clear. */
  async #outputs(stack: EnvironmentName, env: NodeJS.ProcessEnv): Promise<Readonly<Record<string, unknown>>> {
    const lines: string[] = [];
    const words = ["stack", "output", "--json", "--show-secrets", "--stack", stack];
    const { code } = await this.#pulumi(words, env, (line) => lines.push(line));
    return code === 0 ? (JSON.parse(lines.join("\n")) as Record<string, unknown>) : {};
  }

  #pulumi(
    words: readonly string[],
    env: NodeJS.ProcessEnv,
    onLine: (line: string) => void = () => {},
  ): Promise<Ended> {
    // The language host stands beside the CLI.
    const path = [dirname(this.cli.path), env.PATH].join(delimiter);
    const child = run({
      path: this.cli.path,
      words,
      cwd: this.workspace.cwd,
      env: { ...env, PATH: path },
      onLine,
    });
    this.#child = child;
    return child.ended;
  }

  /** Why a run ended that has not said so in an event. */
  #lastWords({ code, stderr, interrupted }: Ended): string {
    if (interrupted) return "interrupted: what was done until then is kept";
    if (code === undefined) return "the run was killed: an object may exist that the state does not know";
    const said = this.#clean(stderr.replaceAll(/^(error|warning): /gm, ""));
    return said === "" ? `pulumi ended with code ${code}` : said;
  }
}
