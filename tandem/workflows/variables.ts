import { read } from "../../components/workflows/variables";
import { expression } from "../../components/workflows/workflow";
import type { EnvironmentName } from "../../config/settings";

/**
 * Names of what the stack's own workflows read. People set these in the stack's repository: the stack cannot
 * hand itself the keys it is run with. docs/real-clouds.md says what each of them has to be allowed to.
 */

/** The branch that is applied. */
export const BRANCH = "main";

/** Where the state is. Until it is said, nothing that needs an account runs. */
export const BACKEND = "PULUMI_BACKEND_URL";

/** The secret with the webhook for failed runs, of the repository. */
export const WEBHOOK = "NOTICE_WEBHOOK";

/** The secret with the mail server for failed runs, of the repository; where `notices.smtp` is said. */
export const SMTP = "NOTICE_SMTP";

/** The GitHub environment of what looks at both environments and changes none: without reviewers, {@link BRANCH} only. */
export const WATCH = "watch";

/** The role that changes an environment: a variable of the GitHub environment of that name. */
export const UP_ROLE = "UP_ROLE_ARN";

/** The role that pull requests take on: a variable of the repository, the stack's output `previewRole`. */
export const previewRole = (stack: EnvironmentName): string => `PREVIEW_ROLE_ARN_${stack.toUpperCase()}`;

/** The role that refreshes without writing: a variable of the GitHub environment {@link WATCH}. */
export const watchRole = (stack: EnvironmentName): string => `WATCH_ROLE_ARN_${stack.toUpperCase()}`;

/** Condition of a job that needs an account. */
export const CONFIGURED = `vars.${BACKEND} != ''`;

/** What opens the state. The passphrase is empty where a key management service opens it. */
export const STATE = {
  PULUMI_BACKEND_URL: read(BACKEND),
  PULUMI_CONFIG_PASSPHRASE: expression("secrets.PULUMI_CONFIG_PASSPHRASE"),
} as const;

/** For changes: secrets of the GitHub environments `sandbox` and `prod`. */
export const WRITING = {
  CLOUDFLARE_API_TOKEN: expression("secrets.CLOUDFLARE_API_TOKEN"),
  GITHUB_TOKEN: expression("secrets.STACK_GITHUB_TOKEN"),
} as const;

/** For looking at everything that stands: secrets of the GitHub environment {@link WATCH}. */
export const WATCHING = {
  CLOUDFLARE_API_TOKEN: expression("secrets.CLOUDFLARE_READ_TOKEN"),
  GITHUB_TOKEN: expression("secrets.STACK_GITHUB_READ_TOKEN"),
} as const;

/** The job's own token: as much as the job's permissions, and no more. */
export const OWN_TOKEN = { GITHUB_TOKEN: expression("github.token") } as const;

/** For what a preview without a refresh asks: the read-only token is a secret of the repository too. */
export const PREVIEWING = {
  ...OWN_TOKEN,
  CLOUDFLARE_API_TOKEN: WATCHING.CLOUDFLARE_API_TOKEN,
} as const;
