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

/** The repository secret with the mail server, `smtps://user:password@host:465`: one for each environment too. */
export const smtpSecretOf = (environment: string): string => `NOTICE_SMTP_${capitals(environment)}`;

/** The secret of the first GitHub environment with a token that may start the stack's own workflows. */
export const DISPATCH_TOKEN = "STACK_DISPATCH_TOKEN";

/** The bucket that a site's files are in. */
export const SITE_BUCKET = "SITE_BUCKET";

/** The address at which the public reaches a site. */
export const SITE_URL = "SITE_URL";

/** Where a site on Cloudflare Pages is uploaded to, and the secret of its GitHub environment that may. */
export const CLOUDFLARE_ACCOUNT = "CLOUDFLARE_ACCOUNT_ID";
export const PAGES_PROJECT = "PAGES_PROJECT";
export const CLOUDFLARE_TOKEN = "CLOUDFLARE_API_TOKEN";

/** The expression that reads a variable. */
export const read = (variable: string): string => expression(`vars.${variable}`);

const capitals = (key: string): string => key.toUpperCase().replaceAll("-", "_");
