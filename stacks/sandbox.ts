import { Environment } from "../components/environment";
import type { Configuration } from "../config";
import { postureOf } from "./postures";

/** The environment that proves a release: what it runs is said by its own configuration. */
export async function sandbox({ settings, given }: Configuration): Promise<Environment> {
  return new Environment("environment", {
    settings,
    given,
    posture: postureOf("sandbox"),
    release: settings.release,
  });
}
