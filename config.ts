import * as pulumi from "@pulumi/pulumi";
import { parse } from "./config/parse";
import type { Settings } from "./config/settings";

// Exported by the SDK but marked internal, so its declarations leave it out; pulumi.Config cannot say it.
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };

/** An environment's settings and the given secrets' values, by name. */
export interface Configuration {
  readonly settings: Settings;
  readonly given: Readonly<Record<string, pulumi.Output<string>>>;
}

/**
 * The door: the one place that reads Pulumi's configuration.
 *
 * @throws ConfigurationError with every mistake, before any resource is declared.
 */
export function load(): Configuration {
  const settings = parse({
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    values: pulumi.runtime.allConfig(),
    encrypted: isConfigSecret,
  });
  const config = new pulumi.Config();
  const given = Object.entries(settings.secrets).filter(([, { kind }]) => kind === "given");
  return {
    settings,
    given: Object.fromEntries(given.map(([name]) => [name, config.requireSecret(name)])),
  };
}
