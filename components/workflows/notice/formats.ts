import type { NoticesSettings } from "../../../config/schema";

/** What stands behind a webhook. */
export type Format = NoticesSettings["format"];

/** How a service wants its messages. */
interface Service {
  /** jq: from what is told to the body of the request. */
  readonly body: string;
  /** A mention in the service's own way of writing. @default it has a place for them outside the text */
  readonly mention?: (kind: string, id: string) => string;
  /** What stands beside the text, so that the mentions ping and nothing else does. */
  readonly pings?: (mentions: readonly Mention[]) => unknown;
  /** The channel's name in the service's own way of writing. */
  readonly channel?: (name: string) => string;
}

interface Mention {
  readonly kind: string;
  readonly id: string;
}

const TEXT = `([env.MENTIONS, .words, .url] | map(select(. != null)) | join(" "))`;
const CHANNEL = "(if env.CHANNEL == null then {} else { channel: env.CHANNEL } end)";
const ids = (mentions: readonly Mention[], wanted: string) =>
  mentions.filter(({ kind }) => kind === wanted).map(({ id }) => id);
/** Teams looks for this text in the card, and in the list of those who are mentioned. */
const at = (id: string) => `<at>${id}</at>`;

const SERVICES: Readonly<Record<Format, Service>> = {
  slack: {
    body: `{ text: ${TEXT} } + ${CHANNEL}`,
    mention: (kind, id) =>
      kind === "everyone" ? "<!channel>" : kind === "user" ? `<@${id}>` : `<!subteam^${id}>`,
  },
  mattermost: {
    body: `{ text: ${TEXT} } + ${CHANNEL}`,
    mention: (kind, id) => (kind === "everyone" ? "@channel" : `@${id}`),
    channel: (name) => name.replace(/^#/, ""),
  },
  discord: {
    body: `{ content: ${TEXT}, allowed_mentions: (env.PINGS | fromjson) }`,
    mention: (kind, id) => (kind === "everyone" ? "@everyone" : kind === "user" ? `<@${id}>` : `<@&${id}>`),
    pings: (mentions) => ({
      parse: ids(mentions, "everyone").length > 0 ? ["everyone"] : [],
      users: ids(mentions, "user"),
      roles: ids(mentions, "group"),
    }),
  },
  // A card, which is all that a Workflows webhook takes. Its text knows no addresses: a button has it.
  teams: {
    body: `{
      type: "message",
      attachments: [{
        contentType: "application/vnd.microsoft.card.adaptive",
        content: {
          type: "AdaptiveCard",
          version: "1.4",
          body: [{
            type: "TextBlock",
            wrap: true,
            text: ([env.MENTIONS, .words] | map(select(. != null)) | join(" "))
          }],
          actions: [{ type: "Action.OpenUrl", title: "The run", url: .url }],
          msteams: { entities: (env.PINGS | fromjson) }
        }
      }]
    }`,
    mention: (_, id) => at(id),
    pings: (mentions) =>
      ids(mentions, "user").map((id) => ({ type: "mention", text: at(id), mentioned: { id, name: id } })),
  },
  // A relay of one's own makes its own words.
  json: {
    body: `{ repository, workflow, branch, failed, timedOut, url, channel: env.CHANNEL, mentions: (env.PINGS | fromjson) }`,
    pings: (mentions) => mentions.map(({ kind, id }) => (kind === "everyone" ? kind : `${kind}:${id}`)),
  },
};

/** A message: the jq program that makes it, and the variables from the configuration that the program reads. */
export interface Message {
  readonly body: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The message of a service, with who is mentioned and where it goes. */
export function messageFor(
  format: Format,
  { channel, mentions = [] }: { channel?: string | undefined; mentions?: readonly string[] | undefined },
): Message {
  const service = SERVICES[format];
  const named = mentions.map((mention) => {
    const [kind = "", id = ""] = mention.split(":");
    return { kind, id };
  });
  const written = named.map(({ kind, id }) => service.mention?.(kind, id)).join(" ");
  return {
    body: service.body,
    env: {
      ...(written === "" ? {} : { MENTIONS: written }),
      ...(service.pings ? { PINGS: JSON.stringify(service.pings(named)) } : {}),
      ...(channel === undefined ? {} : { CHANNEL: service.channel?.(channel) ?? channel }),
    },
  };
}
