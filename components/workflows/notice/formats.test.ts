import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type NoticeTarget, tell } from "../notice";
import type { Format } from "./formats";
import { receiver, skip, telling } from "./telling.test-helper";

let server: Awaited<ReturnType<typeof receiver>>;
before(async () => {
  server = await receiver();
});
after(() => server.close());

const STORY = { repository: "", workflow: "", branch: "", url: "", needs: "" };

/** The one message that a service gets. */
async function message(target: NoticeTarget, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const { url, bodies } = server.hook();
  await telling(tell({ webhookSecret: "HOOK", ...target }, STORY), { WEBHOOK: url, ...env });
  assert.equal(bodies.length, 1);
  return JSON.parse(bodies[0] ?? "");
}

const URL = "https://github.test/acme/shop/actions/runs/42";
const WORDS = "acme/shop: deploy sandbox failed on main (build, copy (time-out))";
const ALL = ["everyone", "user:u1", "group:g1"];

const card = (text: string, entities: readonly object[]) => ({
  type: "message",
  attachments: [
    {
      contentType: "application/vnd.microsoft.card.adaptive",
      content: {
        type: "AdaptiveCard",
        version: "1.4",
        body: [{ type: "TextBlock", wrap: true, text }],
        actions: [{ type: "Action.OpenUrl", title: "The run", url: URL }],
        msteams: { entities },
      },
    },
  ],
});

const fields = {
  repository: "acme/shop",
  workflow: "deploy sandbox",
  branch: "main",
  failed: ["build"],
  timedOut: ["copy"],
  url: URL,
};

/** Who is told how, and what the service gets: plain, and with a channel and mentions. */
const FORMATS: Readonly<
  Record<Format, { plain: unknown; channel?: string; mentions: string[]; full: unknown }>
> = {
  slack: {
    plain: { text: `${WORDS} ${URL}` },
    channel: "#deploys",
    mentions: ALL,
    full: { text: `<!channel> <@u1> <!subteam^g1> ${WORDS} ${URL}`, channel: "#deploys" },
  },
  mattermost: {
    plain: { text: `${WORDS} ${URL}` },
    channel: "#deploys",
    mentions: ALL,
    full: { text: `@channel @u1 @g1 ${WORDS} ${URL}`, channel: "deploys" },
  },
  discord: {
    plain: { content: `${WORDS} ${URL}`, allowed_mentions: { parse: [], users: [], roles: [] } },
    mentions: ALL,
    full: {
      content: `@everyone <@u1> <@&g1> ${WORDS} ${URL}`,
      allowed_mentions: { parse: ["everyone"], users: ["u1"], roles: ["g1"] },
    },
  },
  teams: {
    plain: card(WORDS, []),
    mentions: ["user:ana@shop.example"],
    full: card(`<at>ana@shop.example</at> ${WORDS}`, [
      {
        type: "mention",
        text: "<at>ana@shop.example</at>",
        mentioned: { id: "ana@shop.example", name: "ana@shop.example" },
      },
    ]),
  },
  json: {
    plain: { ...fields, channel: null, mentions: [] },
    channel: "#deploys",
    mentions: ALL,
    full: { ...fields, channel: "#deploys", mentions: ALL },
  },
};

/** What a branch, a workflow or a job may be called by those who want more than a name. */
const NAMES = [
  "<!channel> <@U1> <!subteam^S1> @everyone @here <@&1> <at>ana</at>",
  '"}],"text":"x","mentions":["everyone"],"x":{"y":["',
  "`$(touch /tmp/told)` $HOME $" + "{{ secrets.HOOK }} $" + "{HOME}",
  "'; exit 1; echo '\\(env.WEBHOOK)\\\"\\u0040everyone",
  "one\ntwo\r\nBcc: mallory@evil.example\u001b[31m\u2028",
  "[run](https://evil.example) **bold** ~~no~~ ||hidden|| #1 https://evil.example",
  "\u{1F680}\u202e\u200b\uff20everyone \ufeff",
  "-d@/etc/passwd",
  "x".repeat(9000),
];

/** As many of them at once as a message shows of a name. */
const TRIED: string[] = [];
for (const name of NAMES) {
  const longer = `${TRIED.at(-1)}/${name}`;
  if (TRIED.length > 0 && longer.length <= 200) TRIED[TRIED.length - 1] = longer;
  else TRIED.push(name);
}

/** A value with every text left out: what a service sees of its structure. */
const shape = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(shape)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shape(one)]))
      : typeof value;

const texts = (value: unknown): string[] =>
  typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(texts)
      : [];

for (const [format, { plain, channel, mentions, full }] of Object.entries(FORMATS)) {
  const target = { format: format as Format };

  test(`${format}: what is told, where, and who is named`, { skip }, async () => {
    assert.deepEqual(await message(target), plain);
    assert.deepEqual(await message({ ...target, channel, mentions }), full);
  });

  test(`${format}: no name changes the structure, mentions anybody or links anywhere`, { skip }, async () => {
    const fixed = new Set(texts(plain));
    const told = await Promise.all(
      TRIED.map((name) =>
        message(target, {
          BRANCH: name,
          WORKFLOW: name,
          NEEDS: JSON.stringify({ [name]: { result: "failure" }, copy: { result: "cancelled" } }),
        }),
      ),
    );
    for (const one of told) {
      assert.deepEqual(shape(one), shape(plain));
      for (const text of texts(one).filter((each) => !fixed.has(each))) {
        assert.match(text.replace(URL, ""), /^[\p{L}\p{N} ._/+?(),:-]*$/u);
        assert.doesNotMatch(text.replace(URL, ""), /:\/\//);
        assert.ok(text.length < 1500);
      }
    }
    if (format === "discord")
      for (const one of told)
        assert.deepEqual((one as { allowed_mentions: unknown }).allowed_mentions, {
          parse: [],
          users: [],
          roles: [],
        });
  });
}

test("a name in another script is shown as it is, and what is left out shows as ?", { skip }, async () => {
  const { branch, workflow } = (await message(
    { format: "json" },
    { BRANCH: "correctif/été_2+b.c-日本 `x`", WORKFLOW: "déployer: prod" },
  )) as Record<string, string>;
  assert.deepEqual([branch, workflow], ["correctif/été_2+b.c-日本??x?", "déployer? prod"]);
});
