import { Environment } from "../components/environment";
import type { Configuration } from "../config";
import { former } from "./former";
import { postureOf } from "./postures";

/** The environment that proves a release: what it runs is said by its own configuration. */
export async function sandbox(configuration: Configuration): Promise<Environment> {
  const { secrets } = await former(configuration.settings);
  return new Environment("environment", {
    ...configuration,
    posture: postureOf("sandbox"),
    release: configuration.settings.release,
    ages: secrets,
  });
}
