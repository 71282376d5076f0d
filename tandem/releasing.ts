import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EnvironmentName } from "../config/settings";
import { CommandError, EXIT } from "./errors";
import { type Project, settingsOf } from "./project";
import { configValue, writeConfig } from "./stack-file";

/** New images for one run. They stand in the stack's file while it lasts: afterwards the sandbox remembers them. */
export interface Releasing {
  /** Puts them in. */
  readonly lay: () => void;
  /** Leaves the file as people wrote it. */
  readonly lift: () => void;
}

/**
 * @param words `application=digest`
 * @throws CommandError where a word is none, or the images cannot be released in this way
 */
export function releasing(project: Project, stack: EnvironmentName, words: readonly string[]): Releasing {
  if (stack !== "sandbox")
    throw wrong(
      `--release and --stack ${stack}`,
      "the sandbox: production takes what it proved (npx tandem promote)",
    );
  const asked = read(words);
  const file = join(project.folder, `Pulumi.${stack}.yaml`);
  const standing = (configValue(project, stack, "release") ?? {}) as Readonly<Record<string, string>>;
  refuseUnknown(Object.keys(asked), Object.keys(settingsOf(project, stack).applications));
  refuseSaidTwice(asked, standing);
  const text = readFileSync(file, "utf8");
  const lift = () => writeFileSync(file, text);
  const interrupted = (signal: NodeJS.Signals) => {
    lift();
    // Where something else ends in order, it goes on to do so; otherwise this would go on as if nothing had been.
    if (process.listenerCount(signal) === 0) process.exit(INTERRUPTED);
  };
  return {
    lay: () => {
      for (const signal of SIGNALS) process.once(signal, interrupted);
      writeConfig(project, stack, { release: { ...standing, ...asked } });
    },
    lift: () => {
      for (const signal of SIGNALS) process.off(signal, interrupted);
      lift();
    },
  };
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** What a shell says of a program that was interrupted. */
const INTERRUPTED = 130;

function read(words: readonly string[]): Record<string, string> {
  const asked: Record<string, string> = {};
  for (const word of words) {
    const [, application, digest] = /^([a-z][a-z0-9-]*)=(sha256:[0-9a-f]{64})$/.exec(word) ?? [];
    if (application === undefined || digest === undefined)
      throw wrong(
        `--release "${word}"`,
        "<application>=sha256:<64 hexadecimal digits>, as the build's summary shows it",
      );
    if (application in asked) throw wrong(`--release ${application}, twice`, "each application once");
    asked[application] = digest;
  }
  return asked;
}

function refuseUnknown(asked: readonly string[], known: readonly string[]): void {
  const unknown = asked.filter((application) => !known.includes(application));
  if (unknown.length > 0)
    throw wrong(
      `--release ${unknown.join(", ")}`,
      `one of the applications: ${[...known].sort().join(", ")}`,
    );
}

/** The next run would take the file's word again, and nobody would have asked for that. */
function refuseSaidTwice(
  asked: Readonly<Record<string, string>>,
  standing: Readonly<Record<string, string>>,
): void {
  const twice = Object.keys(asked).filter(
    (key) => standing[key] !== undefined && standing[key] !== asked[key],
  );
  if (twice.length === 0) return;
  throw wrong(
    `--release ${twice.join(", ")}, which Pulumi.sandbox.yaml releases too: the next run would go back to that`,
    `one of the two. The sandbox remembers what it runs: npx pulumi config rm --stack sandbox --path release.${twice[0]}`,
  );
}

const wrong = (what: string, allowed: string) =>
  new CommandError(`${what}; allowed: ${allowed}.`, EXIT.usage);
