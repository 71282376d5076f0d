import * as pulumi from "@pulumi/pulumi";
import type { Passport } from "../components/passport";
import { ConfigurationError, type Mistake } from "../config/mistakes";
import type { Settings } from "../config/settings";

/**
 * What the sandbox says that it runs. Read before anything is declared, so that a promotion that must not
 * happen touches nothing.
 *
 * @throws RunError where the sandbox has no passport; ConfigurationError with every name that the sandbox's
 * applications receive and production's lack.
 */
export async function sandboxPassport(settings: Settings): Promise<Passport> {
  const name = `${pulumi.getOrganization()}/${settings.project}/sandbox`;
  const { value } = await new pulumi.StackReference("sandbox", { name }).getOutputDetails("passport");
  if (value === undefined)
    throw new pulumi.RunError(
      `The sandbox (${name}) has no passport, so there is nothing to promote; nothing was touched.\n` +
        "  remedy   pulumi up --stack sandbox, then this again",
    );
  const passport = value as Passport;
  const mistakes = lacks(passport, settings);
  if (mistakes.length > 0) throw new ConfigurationError(settings.environment, mistakes);
  return passport;
}

/** What the sandbox proved with and production would run without. */
export function lacks(
  { configuration }: Pick<Passport, "configuration">,
  settings: Settings,
): readonly Mistake[] {
  return Object.entries(configuration).flatMap(([application, names]) => {
    const own = settings.applications[application];
    const path = `applications.${application}`;
    if (own === undefined) return [lack(settings, path, "the application that the sandbox runs")];
    return names
      .filter((name) => !(name in own.variables) && !(name in own.secrets))
      .map((name) =>
        lack(settings, `${path}.variables.${name}`, `${name}, which the sandbox's ${application} receives`),
      );
  });
}

function lack({ environment }: Settings, path: string, what: string): Mistake {
  return {
    file: `Pulumi.${environment}.yaml`,
    path,
    allowed: what,
    remedy: "add it as a variable or secret here or to the shared part, or remove it from the sandbox",
  };
}
