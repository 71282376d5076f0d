import type { NoticesSettings } from "../../config/schema";
import { messageFor } from "./notice/formats";
import { noticeScript } from "./notice/script";
import { type Story, variablesOf } from "./notice/story";
import { smtpSecretOf, webhookSecretOf } from "./variables";
import { expression, job, type RunStep, type ToldWorkflow, type Workflow } from "./workflow";

/** Where a notice goes. A secret that is missing is named in the run's summary. */
export interface NoticeTarget {
  /** Name of the repository secret that holds the webhook's URL. @default no webhook is asked */
  readonly webhookSecret?: string | undefined;
  /** What stands behind the webhook. @default slack */
  readonly format?: NoticesSettings["format"] | undefined;
  /** @default the webhook's own */
  readonly channel?: string | undefined;
  /** `everyone`, `user:<id>` or `group:<id>`. @default nobody */
  readonly mentions?: readonly string[] | undefined;
  /** The repository secret with the mail server, and who gets the mail. @default no mail is sent */
  readonly mail?: { readonly secret: string; readonly to: readonly string[] } | undefined;
}

/** Where the notices of an environment's workflows go. */
export const noticeTarget = (environment: string, notices: NoticesSettings): NoticeTarget =>
  targetOf({ webhook: webhookSecretOf(environment), smtp: smtpSecretOf(environment) }, notices);

/** Where notices go, with these names of secrets. Where neither way is configured, the missing webhook is told. */
export function targetOf(
  names: { readonly webhook: string; readonly smtp: string },
  { webhook, format, channel, mentions, smtp, mails }: NoticesSettings,
): NoticeTarget {
  return {
    ...(webhook === undefined && smtp !== undefined ? {} : { webhookSecret: names.webhook }),
    format,
    ...(channel === undefined ? {} : { channel }),
    mentions,
    ...(smtp === undefined ? {} : { mail: { secret: names.smtp, to: mails } }),
  };
}

/**
 * The workflow with a last job that tells when another one failed, and only then.
 *
 * It is a job and not a step because a job that fails while it is set up runs none of its steps.
 * `!cancelled()` is a status function, without which GitHub would add `success()` and the job would never run;
 * it also keeps a run silent that somebody cancelled, failed before or not. In any other run, a job that ended
 * as `cancelled` has run out of time.
 *
 * It has no environment: one with reviewers would make the notice wait for them. So its secrets are the
 * repository's, under names of their own for each environment.
 */
export function withFailureNotice(workflow: Workflow, target: NoticeTarget): ToldWorkflow {
  if ("notice" in workflow.jobs)
    throw new Error(
      `workflow "${workflow.name}" has a job "notice": the name is taken by its failure notice`,
    );
  const notice = job({
    name: "tell of a failure",
    needs: Object.keys(workflow.jobs),
    if: expression(
      "!cancelled() && (contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled'))",
    ),
    "runs-on": "ubuntu-24.04",
    permissions: {},
    steps: [tell(target, THIS_RUN)],
  });
  return { ...workflow, jobs: { ...workflow.jobs, notice } };
}

/** The address of a run of this repository. */
export const runAddress = (run: string): string =>
  `${expression("github.server_url")}/${expression("github.repository")}/actions/runs/${expression(run)}`;

const THIS_RUN: Story = {
  repository: expression("github.repository"),
  workflow: expression("github.workflow"),
  branch: expression("github.ref_name"),
  url: runAddress("github.run_id"),
  needs: expression("toJSON(needs)"),
};

/**
 * The step that tells. It says who, where and what, and nothing that somebody else wrote freely: no title, no
 * commit message, no output of a job. It always ends well.
 */
export function tell(target: NoticeTarget, story: Story): RunStep {
  const { webhookSecret, format = "slack", mail } = target;
  const message = messageFor(format, target);
  return {
    name: "Tell that it failed",
    // In each way four tries of 20 seconds, and the waits between them.
    "timeout-minutes": 5,
    env: {
      ...variablesOf(story),
      ...(webhookSecret === undefined
        ? {}
        : { ...message.env, WEBHOOK: expression(`secrets.${webhookSecret}`) }),
      ...(mail === undefined
        ? {}
        : { MAILS: mail.to.join(", "), SMTP: expression(`secrets.${mail.secret}`) }),
    },
    run: noticeScript({
      webhook: webhookSecret === undefined ? undefined : { secret: webhookSecret, body: message.body },
      mail,
    }),
  };
}
