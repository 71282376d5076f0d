import { Environment } from "../components/environment";
import type { Configuration } from "../config";
import { sandboxPassport } from "./passport";
import { postureOf } from "./postures";

/** The environment that serves users: it runs what the sandbox's passport names, and never anything else. */
export async function prod({ settings, given }: Configuration): Promise<Environment> {
  const { release } = await sandboxPassport(settings);
  return new Environment("environment", { settings, given, posture: postureOf("prod"), release });
}
