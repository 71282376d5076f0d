import * as pulumi from "@pulumi/pulumi";
import type { Passport } from "../components/environment";

/**
 * What the sandbox says that it runs. Read before anything is declared, so that a promotion without a
 * passport touches nothing.
 *
 * @throws RunError where the sandbox has no passport.
 */
export async function sandboxPassport(project: string): Promise<Passport> {
  const name = `${pulumi.getOrganization()}/${project}/sandbox`;
  const { value } = await new pulumi.StackReference("sandbox", { name }).getOutputDetails("passport");
  if (value === undefined)
    throw new pulumi.RunError(
      `The sandbox (${name}) has no passport, so there is nothing to promote; nothing was touched.\n` +
        "  remedy   pulumi up --stack sandbox, then this again",
    );
  return value as Passport;
}
