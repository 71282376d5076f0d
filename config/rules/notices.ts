import { type Checkable, mistakeAt } from "../checkable";
import type { Mistake } from "../mistakes";
import { shown } from "../mistakes";
import type { Settings } from "../settings";

type Format = Settings["notices"]["format"];

/** Whom a service can name in a message that comes through a webhook, and how it calls them. */
interface Naming {
  /** Whether its webhooks may post into another channel. */
  readonly channel: boolean;
  readonly mention: RegExp;
  /** In words, with an example. */
  readonly allowed: string;
}

const NAMINGS: Readonly<Record<Format, Naming>> = {
  slack: {
    channel: true,
    mention: /^(everyone|user:[UW][A-Z0-9]+|group:S[A-Z0-9]+)$/,
    allowed: "everyone, user:<member ID, such as U012AB3CD> or group:<user group's ID, such as S012AB3CD>",
  },
  mattermost: {
    channel: true,
    mention: /^(everyone|(user|group):[a-z0-9][a-z0-9._-]*)$/,
    allowed: "everyone, user:<username> or group:<group's name>, in lower case",
  },
  discord: {
    channel: false,
    mention: /^(everyone|(user|group):\d{15,20})$/,
    allowed: "everyone, user:<user ID> or group:<role ID>, of 15 to 20 digits",
  },
  teams: {
    channel: false,
    mention: /^user:[A-Za-z0-9._-]+@[A-Za-z0-9.-]+$/,
    allowed: "user:<mail address>: its webhooks name single people only",
  },
  json: { channel: true, mention: /./, allowed: "anything: the relay decides" },
};

/** What the service behind the webhook cannot do is refused: a mention that names nobody would be no notice. */
export function noticeMistakes(checkable: Checkable): Mistake[] {
  const { format, channel, mentions } = checkable.settings.notices;
  const naming = NAMINGS[format];
  const wrongChannel =
    channel === undefined || naming.channel
      ? []
      : [
          mistakeAt(checkable, ["notices", "channel"], {
            found: shown(channel),
            allowed: `nothing with format ${format}: its webhooks post into one channel each`,
            remedy: "remove channel, and make the webhook in the channel that is meant",
          }),
        ];
  const wrongMentions = mentions.flatMap((mention, index) =>
    naming.mention.test(mention)
      ? []
      : [
          mistakeAt(checkable, ["notices", "mentions", index], {
            found: shown(mention),
            allowed: `with format ${format} ${naming.allowed}`,
            remedy: `name them as ${format} does, or remove the mention`,
          }),
        ],
  );
  return [...wrongChannel, ...wrongMentions];
}
