import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";

interface Worker {
  fetch(request: Request, env: { ORIGIN_KEY: string; NOINDEX: string }): Promise<Response>;
}

/** The text itself is loaded, as Cloudflare does: what is tested is what is uploaded. */
async function load(): Promise<Worker> {
  const source = readFileSync(join(__dirname, "edge-worker.js"), "utf8");
  const url: string = `data:text/javascript,${encodeURIComponent(source)}`;
  return ((await import(url)) as { default: Worker }).default;
}

/** Passes one request through the worker, to an origin that answers `answer`. */
async function pass(
  t: TestContext,
  {
    request = new Request("https://shop.example/cart?id=1"),
    answer = new Response("hello"),
    noindex = "off",
  } = {},
) {
  const origin = t.mock.method(globalThis, "fetch", async () => answer);
  const response = await (await load()).fetch(request, { ORIGIN_KEY: "the-key", NOINDEX: noindex });
  const [call] = origin.mock.calls as unknown as { arguments: [Request] }[];
  assert.equal(origin.mock.callCount(), 1);
  return { response, received: call?.arguments[0] as Request };
}

test("the origin receives the request as it was, with the key", async (t) => {
  const request = new Request("https://shop.example/cart?id=1", {
    method: "POST",
    body: "item=7",
    headers: { cookie: "a=b" },
  });
  const { received, response } = await pass(t, { request });
  assert.equal(received.url, "https://shop.example/cart?id=1");
  assert.equal(received.method, "POST");
  assert.equal(received.headers.get("cookie"), "a=b");
  assert.equal(received.headers.get("x-origin-key"), "the-key");
  assert.equal(await received.text(), "item=7");
  assert.equal(await response.text(), "hello");
});

test("a key that a visitor sends is replaced", async (t) => {
  const request = new Request("https://shop.example/", { headers: { "x-origin-key": "guess" } });
  assert.equal((await pass(t, { request })).received.headers.get("x-origin-key"), "the-key");
});

test("no answer ever carries the key", async (t) => {
  for (const noindex of ["on", "off"]) {
    const { response } = await pass(t, { noindex });
    assert.equal(response.headers.get("x-origin-key"), null);
    t.mock.restoreAll();
  }
});

test("search engines are sent away where noindex is on, whatever the origin says", async (t) => {
  const answer = new Response("hello", {
    status: 404,
    headers: { "x-robots-tag": "all", "content-type": "text/plain" },
  });
  const { response } = await pass(t, { answer, noindex: "on" });
  assert.equal(response.headers.get("x-robots-tag"), "noindex, nofollow");
  assert.equal(response.headers.get("content-type"), "text/plain");
  assert.equal(response.status, 404);
  assert.equal(await response.text(), "hello");
});

test("answers are untouched where noindex is off", async (t) => {
  const answer = new Response("hello");
  assert.equal((await pass(t, { answer })).response, answer);
  assert.equal(answer.headers.get("x-robots-tag"), null);
});

test("redirects reach the visitor and are not followed", async (t) => {
  const answer = new Response(null, { status: 302, headers: { location: "/login" } });
  const request = new Request("https://shop.example/", { redirect: "manual" });
  const { response, received } = await pass(t, { answer, request, noindex: "on" });
  assert.equal(received.redirect, "manual");
  assert.deepEqual([response.status, response.headers.get("location")], [302, "/login"]);
});

test("a socket is handed over as it is", async (t) => {
  const answer = { status: 101, webSocket: {} } as unknown as Response;
  assert.equal((await pass(t, { answer, noindex: "on" })).response, answer);
});
