import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import nock from "nock";
import { commitsSince, reviewsOf } from "./commands/reviewed";
import { PullRequests, placeOf } from "./github";
import { marker } from "./review/comment";

const TOKEN = "t0ken-that-nobody-may-see";
const PLACE = placeOf({ GITHUB_REPOSITORY: "acme/shop", GITHUB_TOKEN: TOKEN });
const MARKER = marker("prod");
const BOT = "github-actions[bot]";
const COMMENTS = "/repos/acme/shop/issues/7/comments";

nock.disableNetConnect();
afterEach(() => nock.cleanAll());

/** GitHub as a workflow's token sees it, which may not ask who it is. */
const github = (me?: string) => {
  const api = nock("https://api.github.com", { reqheaders: { authorization: `token ${TOKEN}` } });
  api.get("/user").reply(me === undefined ? 403 : 200, me === undefined ? {} : { login: me });
  return api;
};

const written = (id: number, login: string, body: string) => ({
  id,
  body,
  user: { login },
  html_url: `https://github.test/${id}`,
});

/** Pages of comments, as GitHub links them. */
function pages(api: nock.Scope, ...all: readonly object[][]): void {
  all.forEach((page, index) => {
    const more = index + 1 < all.length;
    const link = `<https://api.github.com${COMMENTS}?per_page=100&page=${index + 2}>; rel="next"`;
    api
      .get(COMMENTS)
      .query(index === 0 ? { per_page: "100" } : { per_page: "100", page: String(index + 1) })
      .reply(200, page, more ? { link } : {});
  });
}

/** What others write, and what looks alike. */
const OTHERS = [
  written(1, "ana", `${MARKER}\nnot from a workflow`),
  written(2, BOT, `${marker("prod2")}\nof another project`),
  written(3, BOT, `see ${MARKER}`),
  written(4, "github-actions", `${MARKER}\na person who chose that name`),
];

test("the first review is a new comment, marked", async () => {
  const api = github();
  pages(api, OTHERS);
  api.post(COMMENTS, { body: `${MARKER}\nreview` }).reply(201, written(9, BOT, ""));
  const done = await (await PullRequests.at(PLACE)).put(7, MARKER, "review");
  assert.deepEqual(done, { url: "https://github.test/9", updated: false });
  assert.ok(api.isDone());
});

test("the next one rewrites it, on whatever page it stands; a text that is marked is not marked twice", async () => {
  const api = github();
  pages(api, OTHERS, OTHERS, [written(8, BOT, `${MARKER}\nformer`)]);
  api
    .patch("/repos/acme/shop/issues/comments/8", { body: `${MARKER}\nreview` })
    .reply(200, written(8, BOT, ""));
  const done = await (await PullRequests.at(PLACE)).put(7, MARKER, `${MARKER}\nreview`);
  assert.deepEqual(done, { url: "https://github.test/8", updated: true });
  assert.ok(api.isDone());
});

test("a person's token rewrites that person's comment", async () => {
  const api = github("ana");
  pages(api, OTHERS);
  assert.equal((await (await PullRequests.at(PLACE)).comment(7, MARKER))?.id, 1);
});

test("a comment that GitHub would not take is not sent", async () => {
  github();
  const pullRequests = await PullRequests.at(PLACE);
  await assert.rejects(
    pullRequests.put(7, MARKER, "x".repeat(65_536)),
    /has 655\d\d characters; GitHub takes 65536\. Nothing was posted/,
  );
});

for (const [status, message] of [
  [403, /refused commenting on pull request 7 \(403\).*pull-requests: write.*fork/],
  [404, /\(404\): there is no such repository, commit or pull request, or the token may not see it/],
  [502, /\(502\): try again later/],
] as const)
  test(`GitHub's ${status} is told in words, without the token`, async () => {
    const api = github();
    pages(api, []);
    api.post(COMMENTS).reply(status, { message: `no ${TOKEN}` });
    await assert.rejects((await PullRequests.at(PLACE)).put(7, MARKER, "review"), (error: Error) => {
      assert.match(error.message, message);
      assert.doesNotMatch(`${error.message}${error.stack}`, new RegExp(TOKEN));
      return true;
    });
  });

test("a GitHub that cannot be reached is told as that", async () => {
  const api = github();
  api.get(COMMENTS).query(true).replyWithError(`connect ${TOKEN}`);
  await assert.rejects((await PullRequests.at(PLACE)).comment(7, MARKER), /\(no answer\): it could not be/);
});

test("a token that is not valid is refused before anything is read", async () => {
  nock("https://api.github.com").get("/user").reply(401, {});
  await assert.rejects(PullRequests.at(PLACE), /\(401\): the token is not valid/);
});

test("without repository or token the message names the variable", () => {
  assert.throws(() => placeOf({ GITHUB_TOKEN: TOKEN }), /^CommandError: GITHUB_REPOSITORY/);
  assert.throws(() => placeOf({ GITHUB_REPOSITORY: "acme/shop" }), /^CommandError: GITHUB_TOKEN is missing/);
});

const SHA = (digit: string) => digit.repeat(40);

test("the reviews of what was merged are gathered, each once, and what has none is named", async () => {
  const api = github();
  const merged = (number: number, ref = "main", at: string | null = "2026-11-22") => ({
    number,
    merged_at: at,
    base: { ref },
  });
  const of = (digit: string, ...list: object[]) =>
    api.get(`/repos/acme/shop/commits/${SHA(digit)}/pulls?per_page=100`).reply(200, list);
  of("a", merged(7), merged(3, "main", null), merged(4, "release"));
  of("b", merged(7));
  of("c", merged(5));
  of("d");
  pages(api, [...OTHERS, written(8, BOT, `${MARKER}\nseven`)]);
  api.get("/repos/acme/shop/issues/5/comments?per_page=100").reply(200, OTHERS);
  const pullRequests = await PullRequests.at({ ...PLACE, branch: "main" });
  assert.deepEqual(await reviewsOf(["a", "b", "c", "d"].map(SHA), MARKER, pullRequests), {
    texts: [`${MARKER}\nseven`],
    silent: ["pull request 5", `commit ${"d".repeat(12)}`],
  });
  assert.ok(api.isDone());
});

test("the commits since an environment's own are those of the branch, the newest first", () => {
  const folder = mkdtempSync(join(tmpdir(), "history-"));
  const git = (...words: string[]) =>
    spawnSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.test", ...words], {
      cwd: folder,
      encoding: "utf8",
    }).stdout.trim();
  const commit = (name: string) => {
    git("commit", "--allow-empty", "--message", name);
    return git("rev-parse", "HEAD");
  };
  git("init", "--initial-branch", "main");
  const standing = commit("standing");
  git("switch", "--create", "branch");
  const aside = commit("aside");
  git("switch", "main");
  git("merge", "--no-ff", "--message", "merge", "branch");
  const merge = git("rev-parse", "HEAD");
  const last = commit("last");
  assert.deepEqual(commitsSince(standing, folder), [last, merge]);
  assert.deepEqual(commitsSince(last, folder), []);
  git("switch", "--detach", standing);
  assert.throws(() => commitsSince(aside, folder), /is no ancestor of what is checked out.*fetch-depth: 0/);
  assert.throws(() => commitsSince("", folder), /--since is "".*--accept-unreviewed/);
});
