import * as pulumi from "@pulumi/pulumi";
import type { Passport } from "../components/passport";
import type { SecretAge } from "../components/secret-ages";
import type { Settings } from "../config/settings";

/** What this stack said at the end of its last `up`: the memory of a program that has none of its own. */
export interface Former {
  /** What this environment ran, and whether it was well. */
  readonly passport?: Passport;
  /** Passports that this environment took, the newest first. */
  readonly passports: readonly Passport[];
  /** Since when each secret has its generation, by name. */
  readonly secrets: Readonly<Record<string, SecretAge>>;
}

/** Reads this stack's own outputs; before its first `up` there are none. */
export async function former({ project, environment }: Settings): Promise<Former> {
  const name = `${pulumi.getOrganization()}/${project}/${environment}`;
  const own = new pulumi.StackReference("former", { name });
  const [passport, passports, secrets] = await Promise.all(
    ["passport", "passports", "secrets"].map(async (output) => (await own.getOutputDetails(output)).value),
  );
  return {
    ...(passport == null ? {} : { passport: passport as Passport }),
    passports: (passports ?? []) as readonly Passport[],
    secrets: (secrets ?? {}) as Readonly<Record<string, SecretAge>>,
  };
}
