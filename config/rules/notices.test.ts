import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError } from "../mistakes";
import { parse } from "../parse";
import { raw } from "../testing";

const read = (notices: object) => parse(raw({ shared: { notices } })).notices;

function refused(notices: object): string {
  try {
    read(notices);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error(`nothing is refused: ${JSON.stringify(notices)}`);
}

test("without a word on it, messages are Slack's and name nobody", () => {
  const { format, mentions, channel, smtp } = read({});
  assert.deepEqual([format, mentions, channel, smtp], ["slack", [], undefined, undefined]);
});

/** What each service takes, and what it does not. */
const MENTIONS = {
  slack: [
    ["everyone", "user:U012AB3CD", "group:S012AB3CD"],
    ["user:ana", "group:U012AB3CD"],
  ],
  mattermost: [
    ["everyone", "user:ana.b", "group:ops"],
    ["user:Ana", "user:ana@shop.example"],
  ],
  discord: [
    ["everyone", "user:80351110224678912", "group:165511591545143296"],
    ["user:ana", "group:1"],
  ],
  teams: [["user:ana@shop.example"], ["everyone", "group:ops", "user:ana"]],
  json: [["everyone", "user:ana", "group:ops@shop"], []],
} as const;

for (const [format, [right, wrong]] of Object.entries(MENTIONS))
  test(`${format}: mentions that it can do pass, others are refused each with its path`, () => {
    assert.deepEqual(read({ format, mentions: [...right] }).mentions, right);
    for (const mention of wrong) {
      const message = refused({ format, mentions: [...right, mention] });
      assert.match(message, new RegExp(`Pulumi\\.yaml {2}notices\\.mentions\\.${right.length}\n`));
      assert.match(message, new RegExp(`found {4}"${mention}"\n.*allowed {2}with format ${format} \\S`));
      assert.match(message, /remedy {3}\S/);
    }
  });

test("what no service knows is refused by its form", () => {
  for (const mention of ["all", "user:", "user:<!channel>", "team:ops"])
    assert.match(
      refused({ mentions: [mention] }),
      /notices\.mentions\.0[\s\S]*everyone, user:<id> or group:<id>/,
    );
});

test("a channel is said where a webhook may choose it", () => {
  for (const format of ["slack", "mattermost", "json"])
    assert.equal(read({ format, channel: "#deploys" }).channel, "#deploys");
  for (const format of ["teams", "discord"])
    assert.match(
      refused({ format, channel: "#deploys" }),
      /notices\.channel\n {4}found {4}"#deploys"\n {4}allowed {2}nothing with format \w+.*\n {4}remedy {3}remove channel/,
    );
});

test("the mail server is a given secret, and a name that is none is refused", () => {
  assert.equal(read({ smtp: "MAP_KEY" }).smtp, "MAP_KEY");
  assert.match(
    refused({ smtp: "MAP_KEI" }),
    /notices\.smtp[\s\S]*given secrets: MAP_KEY[\s\S]*did you mean MAP_KEY/,
  );
  assert.match(refused({ smtp: "SECRET_KEY" }), /notices\.smtp/);
});
