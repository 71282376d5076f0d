import { Environment } from "../components/environment";
import type { Configuration } from "../config";
import { former } from "./former";
import { keptWith, passportToTake } from "./passport";
import { postureOf } from "./postures";

/** The environment that serves users: it runs what the sandbox's passport names, and never anything else. */
export async function prod(configuration: Configuration): Promise<Environment> {
  const { passports, secrets } = await former(configuration.settings);
  const passport = await passportToTake(configuration, passports);
  return new Environment("environment", {
    ...configuration,
    posture: postureOf("prod"),
    release: passport.release,
    ages: secrets,
    passports: keptWith(passport, passports),
  });
}
