import { read } from "./variables";
import type { ActionStep } from "./workflow";

/** The job's token is left out of the working copy, where a build could read it. */
export const checkout: ActionStep = {
  name: "Check out",
  uses: "actions/checkout",
  with: { "persist-credentials": false },
  "timeout-minutes": 5,
};

export const signIn: ActionStep = {
  name: "Sign in to the registry",
  uses: "aws-actions/amazon-ecr-login",
  with: { "mask-password": true },
  "timeout-minutes": 3,
};

/** Takes on an AWS role for the rest of the job; the variables say which. */
export function assumeRole(role: string, region: string): ActionStep {
  return {
    name: `Take on ${role}`,
    uses: "aws-actions/configure-aws-credentials",
    with: { "role-to-assume": read(role), "aws-region": read(region) },
    "timeout-minutes": 3,
  };
}
