import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { parse, Scalar, stringify } from "yaml";
import type { EnvironmentName } from "../config/settings";
import { Sealer } from "../rehearsal/seal";
import {
  type Project,
  passphrase as passphraseInUse,
  REHEARSAL_PASSPHRASE,
  ROOT,
  stackConfiguration,
} from "./project";

const MARK =
  "# Made by tandem for a rehearsal, anew before each run. The project's own file is the one to change.\n";

/** The files with which Pulumi rehearses a project. Everything that Pulumi writes stays in its folder. */
export class Workspace {
  /** Where `pulumi` runs. */
  readonly cwd: string;
  readonly #state: string;
  readonly #home: string;

  /** @param folder below the checkout, so that the program finds its modules */
  constructor(
    readonly project: Project,
    folder: string,
    /** Opens the secrets of the project's own files. */
    readonly passphrase: string = passphraseInUse(),
    /** The file that the program's architecture is in. */
    readonly program = join(ROOT, "index.ts"),
  ) {
    this.cwd = join(folder, "workspace");
    this.#state = join(folder, "state");
    this.#home = join(folder, "home");
    for (const each of [this.cwd, this.#state, this.#home]) mkdirSync(each, { recursive: true });
  }

  /**
   * Writes what a run of a stack reads: the project's files as they are now.
   *
   * @param said configuration that only the rehearsal knows, by key
   */
  prepare(
    stack: EnvironmentName,
    said: Readonly<Record<string, string>> = {},
  ): { readonly env: NodeJS.ProcessEnv } {
    const main = moduleFrom(this.cwd, this.program);
    const program = `import program = require(${JSON.stringify(main)});\n\nexport = program;\n`;
    writeFileSync(join(this.cwd, "program.ts"), program);
    const { backend: _, stackConfigDir: __, ...manifest } = this.project.manifest;
    this.#write("Pulumi.yaml", stringify({ ...located(manifest), main: "program.ts" }));
    const quoted = Object.fromEntries(Object.entries(said).map(([key, text]) => [key, inQuotes(text)]));
    return { env: this.#environment(this.#configure(stack, quoted)) };
  }

  /** Whether the back end knows the stack. */
  exists(stack: EnvironmentName): boolean {
    return existsSync(join(this.#state, ".pulumi", "stacks", this.project.name, `${stack}.json`));
  }

  /** Takes away what the engine writes about each run besides its state: nobody reads it, and it grows. */
  tidy(): void {
    rmSync(join(this.#home, "logs"), { recursive: true, force: true });
  }

  /** Takes away the lock that a killed run has left. */
  unlock(stack: EnvironmentName): void {
    const locks = join(this.#state, ".pulumi", "locks", "organization", this.project.name, stack);
    rmSync(locks, { recursive: true, force: true });
  }

  /** Writes a stack's configuration. @returns the passphrase that opens it */
  #configure(stack: EnvironmentName, said: Readonly<Record<string, Scalar>>): string {
    const file = `Pulumi.${stack}.yaml`;
    const text = readFileSync(join(this.project.folder, file), "utf8");
    const { secretKeys, standIns, values } = stackConfiguration(this.project, stack, this.passphrase);
    const { secretsprovider, encryptedkey, ...own } = parse(text) as Record<string, unknown>;
    if (secretKeys.length > 0 && standIns.length === 0) {
      const config = { ...(own.config as object | undefined), ...said };
      this.#write(file, stringify({ ...own, secretsprovider, encryptedkey, config }));
      return this.passphrase;
    }
    const sealer = this.#sealer(file);
    const seal = (key: string) => ({ secure: sealer.seal(values[key] ?? "") });
    const sealed = Object.fromEntries(secretKeys.map((key) => [key, seal(key)]));
    const config = { ...(own.config as object | undefined), ...said, ...sealed };
    this.#write(file, stringify({ ...own, encryptionsalt: sealer.salt, config }));
    return REHEARSAL_PASSPHRASE;
  }

  /** The key of the last run's file: Pulumi's state is sealed with it. */
  #sealer(file: string): Sealer {
    const path = join(this.cwd, file);
    const former = existsSync(path) ? (parse(readFileSync(path, "utf8")) as { encryptionsalt?: string }) : {};
    try {
      return Sealer.fromPassphrase(REHEARSAL_PASSPHRASE, former.encryptionsalt);
    } catch {
      return Sealer.fromPassphrase(REHEARSAL_PASSPHRASE);
    }
  }

  /** The environment of this process without what it says about other Pulumi projects, accounts and proxies. */
  #environment(passphrase: string): NodeJS.ProcessEnv {
    const kept = Object.entries(process.env).filter(
      ([name]) => SWITCHES.has(name) || !/^(PULUMI|AWS|CLOUDFLARE|GITHUB)_/.test(name),
    );
    return {
      ...Object.fromEntries(kept),
      NO_PROXY: "127.0.0.1,localhost",
      no_proxy: "127.0.0.1,localhost",
      PULUMI_HOME: this.#home,
      PULUMI_BACKEND_URL: `file://${this.#state.split(sep).join("/")}`,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    };
  }

  #write(name: string, text: string): void {
    writeFileSync(join(this.cwd, name), MARK + text, { mode: 0o600 });
  }
}

/**
 * Of Pulumi's own variables, those that tell the engine to write its state once at the end of a run and not at each
 * step: a third quicker, and a killed run is forgotten.
 */
const SWITCHES = new Set(["PULUMI_EXPERIMENTAL", "PULUMI_SKIP_CHECKPOINTS"]);

/** Without quotes, Pulumi takes an instant for a date and hands it over in a form of its own. */
function inQuotes(text: string): Scalar {
  return Object.assign(new Scalar(text), { type: Scalar.QUOTE_DOUBLE });
}

/** How one file requires another: relative, without extension, and with slashes everywhere. */
function moduleFrom(folder: string, file: string): string {
  return relative(folder, file.replace(/\.ts$/, "")).split(sep).join("/");
}

/** The manifest with the loader of TypeScript where it stands: a rehearsal's folder is not the project's. */
function located(manifest: Project["manifest"]): Project["manifest"] {
  const { options, ...runtime } = (manifest.runtime ?? {}) as { options?: { nodeargs?: unknown } };
  if (typeof options?.nodeargs !== "string") return manifest;
  const loader = JSON.stringify(join(ROOT, "typescript.cjs").split(sep).join("/"));
  const nodeargs = options.nodeargs.replace("./typescript.cjs", loader);
  return { ...manifest, runtime: { ...runtime, options: { ...options, nodeargs } } };
}
