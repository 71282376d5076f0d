import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { EnvironmentName } from "../config/settings";
import { Redactor } from "../rehearsal/redact";
import type { RunFailure, Step } from "../rehearsal/run-types";
import type { Cli } from "./cli";
import { cleaner } from "./engine-messages";
import { EngineRun, NOTHING } from "./engine-run";
import { CommandError, EXIT } from "./errors";
import { judged } from "./losses";
import { type Project, ROOT } from "./project";
import type { Operation, Outcome, Way } from "./way";

/**
 * The real clouds, through the operator's own `pulumi`: its back end, passphrase and credentials are those of the
 * environment, and nothing of it is read or changed here. The guard rails of policy/ stand before every run.
 */
export class RealClouds implements Way {
  readonly name: string;
  readonly #engine: EngineRun;
  readonly #secrets = new Redactor();

  constructor(
    private readonly project: Project,
    cli: Cli,
    private readonly env: NodeJS.ProcessEnv = process.env,
  ) {
    this.name = `in the real clouds with pulumi ${cli.version}`;
    const short = cleaner({ [project.folder]: ".", [ROOT]: "." });
    const clean = (message: string) => this.#secrets.redact(short(message));
    // An interrupted update waits for what the clouds are still making: ended early, its state would not know that.
    this.#engine = new EngineRun({ cli, cwd: project.folder, clean, grace: Number.POSITIVE_INFINITY });
  }

  async run(
    stack: EnvironmentName,
    operation: Operation,
    onStep: (step: Step) => void = () => {},
    replace: readonly string[] = [],
  ): Promise<Outcome> {
    if (operation === "destroy")
      throw new CommandError(
        `Real environments are destroyed by pulumi itself: pulumi destroy --stack ${stack}`,
        EXIT.usage,
      );
    const start = performance.now();
    const refused = await this.#open(stack);
    if (refused !== undefined) return { ...NOTHING, failures: [refused] };
    const { outcome, killed } = await this.#engine.operate({
      stack,
      operation,
      env: this.env,
      onStep,
      replace,
      options: ["--policy-pack", join(ROOT, "policy")],
    });
    const failures = killed ? [...outcome.failures, locked(stack)] : outcome.failures;
    const done = { ...outcome, failures, seconds: (performance.now() - start) / 1000 };
    return operation === "preview" ? judged(done, this.project, stack, this.now()) : done;
  }

  /** Secret ones are masked by pulumi itself. */
  outputs(stack: EnvironmentName): Promise<Record<string, unknown> | undefined> {
    return this.#engine.outputs(stack, this.env);
  }

  now(): string {
    return new Date().toISOString();
  }

  /** Ends what runs. */
  close(): Promise<void> {
    return this.#engine.close();
  }

  /** Learns what no message may contain. @returns why the stack cannot be used, if so */
  async #open(stack: EnvironmentName): Promise<RunFailure | undefined> {
    // Whatever keeps the stack's secrets, a passphrase or a cloud's key: pulumi itself opens them.
    const ended = await this.#engine.ask(["config", "--json", "--show-secrets", "--stack", stack], this.env);
    if (ended.code === 0) {
      for (const secret of secretsIn(ended.said)) this.#secrets.add(secret);
      return undefined;
    }
    if (/no stack named /.test(ended.stderr))
      return { message: `There is no stack ${stack} yet. Make it once: pulumi stack init ${stack}` };
    return { message: this.#engine.lastWords(ended) };
  }
}

type ConfigListing = Readonly<
  Record<string, { readonly value?: string; readonly objectValue?: unknown; readonly secret: boolean }>
>;

function secretsIn(listing: string): unknown[] {
  const entries = Object.values(JSON.parse(listing) as ConfigListing).filter(({ secret }) => secret);
  return entries.flatMap(({ value, objectValue }) => [value, objectValue]);
}

/** Nothing but a person can know whether the run that holds the stack is really gone. */
function locked(stack: EnvironmentName): RunFailure {
  return {
    message: `The stack may be locked still: pulumi cancel --stack ${stack}, then pulumi refresh --stack ${stack}`,
  };
}
