import { pick } from "../components/collections";
import { Environment } from "../components/environment";
import type { Configuration } from "../config";
import type { Settings } from "../config/settings";
import { type Former, former } from "./former";
import { postureOf } from "./postures";

/** The environment that proves a release: it runs what it ran, and what its own configuration says anew. */
export async function sandbox(configuration: Configuration): Promise<Environment> {
  const { passport, secrets } = await former(configuration.settings);
  return new Environment("environment", {
    ...configuration,
    posture: postureOf("sandbox"),
    release: releaseOf(configuration.settings, passport),
    ages: secrets,
  });
}

/**
 * The images to run, by application. A release reaches the sandbox as a value of one run: the next run, for whatever
 * reason, stays at it without anybody having committed a digest.
 */
export function releaseOf(
  { applications, release }: Pick<Settings, "applications" | "release">,
  passport: Former["passport"],
): Readonly<Record<string, string>> {
  return { ...pick(passport?.release ?? {}, Object.keys(applications)), ...release };
}
