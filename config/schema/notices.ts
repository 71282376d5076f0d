import { z } from "zod";
import { mail, variableName } from "../values";

/** Who is told when something failed, and where. */
export const notices = z.strictObject({
  /** Who is told by mail: of alarms always, of failed workflows where `smtp` is said. */
  mails: z.array(mail).min(1, "at least one address: silence is no notice"),
  /** A given secret with the webhook's URL, for failed workflows. @default mail only */
  webhook: variableName.optional(),
  /** What stands behind the webhook. `json` is a relay of one's own: it gets the fields and no words. */
  format: z.enum(["slack", "teams", "mattermost", "discord", "json"]).default("slack"),
  /** Another channel than the webhook's own, where it may choose: Mattermost, and Slack's older webhooks. */
  channel: z
    .string()
    .regex(/^[#@]?[\p{L}\p{N}._-]{1,80}$/u, "a channel's name, such as #deploys")
    .optional(),
  /**
   * Who is named, so that they are notified: `everyone`, `user:<id>` or `group:<id>`, with the id that the
   * service itself uses (Teams: the mail address). @default nobody
   */
  mentions: z
    .array(
      z
        .string()
        .regex(/^(everyone|(user|group):[A-Za-z0-9._@-]{1,100})$/, "everyone, user:<id> or group:<id>"),
    )
    .max(10)
    .default([]),
  /**
   * A given secret with the mail server, `smtps://user:password@host:465`. In the user's name an `@` is written `%40`,
   * as in any URL. @default workflows send no mail
   */
  smtp: variableName.optional(),
});
