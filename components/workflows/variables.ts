import { expression } from "./workflow";

/**
 * Names of what the deploy workflows read and the delivery component sets, so that no workflow carries an
 * account, an address or a role. What only one environment's workflow reads is a variable of its GitHub
 * environment; what the next environment's workflow reads too is a variable of the repository.
 */

/** The environment's AWS region. */
export const REGION = "AWS_REGION";

/** The role that a workflow of this environment takes on. */
export const ROLE = "AWS_ROLE_ARN";

/** The address of an application's registry. */
export const registryOf = (application: string): string => `REGISTRY_${capitals(application)}`;

/** What an environment tells the one after it, so that that one can copy images. */
export const published = (environment: string) => ({
  region: `${capitals(environment)}_AWS_REGION`,
  role: `${capitals(environment)}_READER_ROLE_ARN`,
  registryOf: (application: string) => `${capitals(environment)}_${registryOf(application)}`,
});

/** The repository secret with the webhook's URL: one for each environment, since each has its own channel. */
export const webhookSecretOf = (environment: string): string => `NOTICE_WEBHOOK_${capitals(environment)}`;

/** The expression that reads a variable. */
export const read = (variable: string): string => expression(`vars.${variable}`);

const capitals = (key: string): string => key.toUpperCase().replaceAll("-", "_");
