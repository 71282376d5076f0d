import { delimiter, dirname } from "node:path";
import type { Step } from "../rehearsal/run-types";
import { type Child, type Ended, run } from "./child";
import type { Cli } from "./cli";
import { EngineLog } from "./engine-events";
import type { Operation, Outcome } from "./way";

const WORDS: Readonly<Record<Operation, readonly string[]>> = {
  up: ["up", "--yes", "--skip-preview"],
  preview: ["preview"],
  destroy: ["destroy", "--yes", "--skip-preview", "--exclude-protected"],
};

/** An outcome in which nothing was done. */
export const NOTHING: Outcome = { steps: [], outputs: {}, failures: [], warnings: [], seconds: 0 };

export interface Place {
  readonly cli: Cli;
  /** The folder of the project's files. */
  readonly cwd: string;
  /** Makes what the engine says fit to be shown. */
  readonly clean: (message: string) => string;
  /** How long an interrupted run may take to save its state, in milliseconds. @default child.ts's */
  readonly grace?: number;
}

export interface Errand {
  readonly stack: string;
  readonly operation: Operation;
  readonly env: NodeJS.ProcessEnv;
  readonly onStep: (step: Step) => void;
  /** URNs, or patterns of such, that are replaced whether they changed or not. */
  readonly replace: readonly string[];
  /** Further words for the command line. @default none */
  readonly options?: readonly string[];
}

export interface Done {
  /** The outputs are those of the engine's events: secret ones are masked. */
  readonly outcome: Omit<Outcome, "seconds">;
  /** Whether a signal ended it, so that it could not put its things in order. */
  readonly killed: boolean;
}

/** The Pulumi CLI at work in one folder, one run at a time. */
export class EngineRun {
  #child: Child | undefined;

  constructor(private readonly place: Place) {}

  /** Previews, updates or destroys a stack. */
  async operate({ stack, operation, env, onStep, replace, options = [] }: Errand): Promise<Done> {
    const log = new EngineLog(onStep, this.place.clean);
    const replaced = replace.flatMap((urn) => ["--replace", urn]);
    const ended = await this.#pulumi(
      [...WORDS[operation], "--stack", stack, "--json", "--non-interactive", ...replaced, ...options],
      { ...env, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" },
      (line) => log.take(line),
    );
    const untold = ended.interrupted || (ended.code !== 0 && log.failures.length === 0);
    if (untold) log.failures.push({ message: this.lastWords(ended) });
    log.finish();
    const { steps, outputs, failures, warnings } = log;
    return { outcome: { steps, outputs, failures, warnings }, killed: ended.code === undefined };
  }

  /** Runs any other command. @returns what it wrote to standard output, and how it ended */
  async ask(words: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended & { readonly said: string }> {
    const lines: string[] = [];
    const ended = await this.#pulumi([...words, "--non-interactive"], env, (line) => lines.push(line));
    return { ...ended, said: lines.join("\n") };
  }

  /** A stack's outputs. @returns undefined where they cannot be had */
  async outputs(
    stack: string,
    env: NodeJS.ProcessEnv,
    ...options: readonly string[]
  ): Promise<Record<string, unknown> | undefined> {
    const { code, said } = await this.ask(["stack", "output", "--json", "--stack", stack, ...options], env);
    return code === 0 ? (JSON.parse(said) as Record<string, unknown>) : undefined;
  }

  /** Why a run ended that has not said so in an event. */
  lastWords({ code, stderr, interrupted }: Ended): string {
    if (interrupted) return "interrupted: what was done until then is kept";
    if (code === undefined) return "the run was killed: an object may exist that the state does not know";
    const said = this.place.clean(stderr.replaceAll(/^(error|warning): /gm, ""));
    return said === "" ? `pulumi ended with code ${code}` : said;
  }

  kill(): void {
    this.#child?.kill();
  }

  /** Ends what runs. */
  async close(): Promise<void> {
    this.kill();
    await this.#child?.ended;
  }

  #pulumi(words: readonly string[], env: NodeJS.ProcessEnv, onLine: (line: string) => void): Promise<Ended> {
    const { cli, cwd, grace } = this.place;
    // The language host stands beside the CLI.
    const path = [dirname(cli.path), env.PATH].join(delimiter);
    const child = run({
      path: cli.path,
      words,
      cwd,
      env: { ...env, PATH: path, PULUMI_SKIP_UPDATE_CHECK: "true" },
      onLine,
      ...(grace === undefined ? {} : { grace }),
    });
    this.#child = child;
    return child.ended;
  }
}
