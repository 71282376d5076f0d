import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { SMTPServer } from "smtp-server";
import { tell } from "../notice";
import { receiver, skip, telling } from "./telling.test-helper";

const STORY = { repository: "", workflow: "", branch: "", url: "", needs: "" };
const TO = ["team@shop.example", "boss@shop.example"];
const step = tell({ mail: { secret: "MAIL", to: TO } }, STORY);
const both = tell({ webhookSecret: "HOOK", mail: { secret: "MAIL", to: TO } }, STORY);

interface Mail {
  readonly from: string | undefined;
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly text: string;
}

/** A mail server with TLS, which takes one password; `refusals` counts down what it puts off until later. */
let mails: Mail[] = [];
let refusals = 0;
const failure = (code: number) => Object.assign(new Error("no"), { responseCode: code });
const server = new SMTPServer({
  secure: true,
  logger: false,
  onAuth: ({ username, password }, _, done) =>
    password === "p@ss word" ? done(null, { user: username }) : done(failure(535)),
  onMailFrom: (_, __, done) => {
    refusals -= 1;
    done(refusals >= 0 ? failure(451) : null);
  },
  onRcptTo: ({ address }, _, done) => done(address.startsWith("gone@") ? failure(550) : null),
  onData: (stream, { envelope, user }, done) => {
    let text = "";
    stream.on("data", (part) => {
      text += part;
    });
    stream.on("end", () => {
      const { mailFrom, rcptTo } = envelope;
      mails.push({
        from: mailFrom === false ? undefined : mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        user: user as string | undefined,
        text,
      });
      done(null);
    });
  },
});

let host: string;
let hooks: Awaited<ReturnType<typeof receiver>>;
before(async () => {
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  host = `127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  hooks = await receiver();
});
after(() => {
  server.close();
  hooks.close();
});

/** What was sent with these variables; the test's server has a certificate of its own making. */
async function sent(env: Readonly<Record<string, string>> = {}, who = "robot%40shop.example", told = step) {
  mails = [];
  const SMTP = `smtps://${who}:p%40ss%20word@${host}`;
  const outcome = await telling(told, { SMTP, ...env }, { curl: "--insecure" });
  return { ...outcome, mails };
}

/** A letter's headers in their order, and its body. */
function read(text: string) {
  const [head = "", ...body] = text.split("\r\n\r\n");
  const headers = head.split("\r\n").map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
  return { headers, body: Buffer.from(body.join(""), "base64").toString() };
}

const HEADERS = ["From", "To", "Date", "Subject", "MIME-Version", "Content-Type"];
const ALL = [...HEADERS, "Content-Transfer-Encoding", "Auto-Submitted"];

test("one letter in plain text goes to everybody, from the address that signs in", { skip }, async () => {
  const { status, summary, mails } = await sent();
  assert.equal(status, 0);
  assert.equal(summary, "This failure was told: the mail server took the mail.\n");
  assert.equal(mails.length, 1);
  const [{ from, to, user, text } = { text: "" }] = mails;
  assert.deepEqual([from, to, user], ["robot@shop.example", TO, "robot@shop.example"]);
  const { headers, body } = read(text);
  const { Date: date, ...others } = Object.fromEntries(headers);
  assert.deepEqual(others, {
    From: "robot@shop.example",
    To: "team@shop.example, boss@shop.example",
    Subject: "acme/shop: deploy sandbox failed",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "base64",
    "Auto-Submitted": "auto-generated",
  });
  assert.match(date ?? "", /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/);
  assert.equal(
    body,
    "acme/shop: deploy sandbox failed on main (build, copy (time-out))\r\nhttps://github.test/acme/shop/actions/runs/42\r\n",
  );
});

test("where the server's user is no address, the first of those who are told is the sender", {
  skip,
}, async () => {
  const { mails } = await sent({}, "apikey");
  assert.deepEqual([mails[0]?.from, mails[0]?.user], ["team@shop.example", "apikey"]);
  assert.match(mails[0]?.text ?? "", /^From: team@shop\.example\r\n/);
});

test("a branch adds no header, no receiver and no line", { skip }, async () => {
  const branch =
    "x\r\nBcc: mallory@evil.example\r\n\r\nHello\r\n.\r\nRCPT TO:<mallory@evil.example>\né".repeat(2);
  const { mails } = await sent({ BRANCH: branch, WORKFLOW: `${branch}\u{1F680}`, REPOSITORY: branch });
  assert.equal(mails.length, 1);
  const { headers, body } = read(mails[0]?.text ?? "");
  assert.deepEqual(
    headers.map(([name]) => name),
    ALL,
  );
  assert.deepEqual(mails[0]?.to, TO);
  assert.match(headers[3]?.[1] ?? "", /^[ -~]+$/);
  assert.match(body, /^[^\r\n]+\r\nhttps:[^\r\n]+\r\n$/);
  for (const line of (mails[0]?.text ?? "").split("\r\n")) assert.ok(line.length <= 998);
});

test("the server's address and password stand on no command line and are never printed", {
  skip,
}, async () => {
  const { words, summary, printed } = await sent();
  assert.match(words, /--config -/);
  assert.doesNotMatch(words + summary + printed, /p%40ss|p@ss|smtps:\/\/|127\.0\.0\.1/);
});

test("a refusal for a while is tried again, one for good is not", { skip }, async () => {
  refusals = 2;
  const later = await sent();
  assert.deepEqual([later.mails.length, later.words.trim().split("\n").length], [1, 3]);
  const wrong = await sent({ SMTP: `smtps://team:wrong@${host}` });
  assert.equal(wrong.summary, "Nobody was told of this failure: the mail server answered 535.\n");
  assert.equal(wrong.words.trim().split("\n").length, 1);
});

test("an address that is gone keeps nobody else from being told", { skip }, async () => {
  const { mails } = await sent({ MAILS: `gone@shop.example, ${TO[0]}` });
  assert.deepEqual(mails[0]?.to, [TO[0]]);
});

test("without the server the summary says which secret is missing, or that nobody answered", {
  skip,
}, async () => {
  const missing = await sent({ SMTP: "" });
  assert.equal(missing.summary, "Nobody was told of this failure: the repository secret MAIL is missing.\n");
  const down = await sent({ SMTP: "smtps://a:b@127.0.0.1:1" });
  assert.equal(down.summary, "Nobody was told of this failure: the mail server did not answer (000).\n");
  const clear = await sent({ SMTP: `http://${host}` });
  assert.deepEqual([clear.status, clear.mails.length], [0, 0]);
});

test("each way is taken by itself, and the summary says what came of both", { skip }, async () => {
  const gone = hooks.hook([404]);
  const one = await sent({ WEBHOOK: gone.url }, undefined, both);
  assert.deepEqual([one.status, one.mails.length, gone.bodies.length], [0, 1, 1]);
  assert.equal(
    one.summary,
    "This failure was told: the webhook answered 404; the mail server took the mail.\n",
  );
  const well = hooks.hook();
  const other = await sent({ WEBHOOK: well.url, SMTP: "" }, undefined, both);
  assert.deepEqual([other.mails.length, well.bodies.length], [0, 1]);
  assert.equal(
    other.summary,
    "This failure was told: the webhook answered 200; the repository secret MAIL is missing.\n",
  );
  const neither = await sent({ SMTP: "" }, undefined, both);
  assert.match(neither.summary, /^Nobody was told of this failure: .*HOOK is missing; .*MAIL is missing\.$/m);
});
