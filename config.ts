import * as pulumi from "@pulumi/pulumi";
import { PREVIOUS } from "./config/former-key";
import { parse } from "./config/parse";
import { type ProgramIdentity, programIdentity } from "./config/program";
import type { Settings } from "./config/settings";

// Exported by the SDK but marked internal, so its declarations leave it out; pulumi.Config cannot say it.
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };

/** An environment's settings and the given secrets' values, by name. */
export interface Configuration {
  readonly settings: Settings;
  readonly given: Readonly<Record<string, pulumi.Output<string>>>;
  /** Values before the last rotation of those given secrets that still accept one, by name. */
  readonly previous: Readonly<Record<string, pulumi.Output<string>>>;
  /** Which program this is: what the sandbox proved and what production runs have to be the same. */
  readonly program: ProgramIdentity;
  /** The present instant, ISO 8601. A rehearsal has its own clock. */
  readonly now: string;
}

/** Where a rehearsal says what time it is in its clouds. */
const REHEARSED_NOW = "rehearsal:now";

/**
 * The door: the one place that reads Pulumi's configuration.
 *
 * @throws ConfigurationError with every mistake, before any resource is declared.
 */
export function load(): Configuration {
  const values = pulumi.runtime.allConfig();
  const now = values[REHEARSED_NOW] ?? new Date().toISOString();
  const settings = parse({
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    values,
    encrypted: isConfigSecret,
    now,
  });
  const config = new pulumi.Config();
  const given = Object.entries(settings.secrets).flatMap(([name, { kind }]) =>
    kind === "given" ? [name] : [],
  );
  const former = given.flatMap((name) => {
    const value = config.getSecret(`${name}${PREVIOUS}`);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    settings,
    given: Object.fromEntries(given.map((name) => [name, config.requireSecret(name)])),
    previous: Object.fromEntries(former),
    program: programIdentity(),
    now,
  };
}
