import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Miniflare, type RequestInit, Response } from "miniflare";
import { type ClosableApplication, page, rangeOf } from "./maintenance-bindings";
import { passLink, signature } from "./maintenance-pass";

const KEY = "k".repeat(48);
const HOUR = 3_600_000;
const inFuture = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();

const closed = (key: string, more: Partial<ClosableApplication> = {}): ClosableApplication => ({
  key,
  hosts: { [`${key}.example`]: "/health?deep=1" },
  text: {},
  allow: [],
  until: inFuture(HOUR),
  ...more,
});
const { until: _, ...switchable } = closed("switched", {
  hosts: { "switched.example": "/up", "www.switched.example": "/up" },
});

const SECONDS = 3;
const END = Math.ceil(Date.now() / 1000) * 1000 + SECONDS * 1000;

const APPLICATIONS: readonly ClosableApplication[] = [
  switchable,
  closed("planned", {
    from: inFuture(-HOUR),
    contact: "aide@planned.example",
    text: { fr: "Retour à 10 h.\nMerci !", en: "Back at 10." },
    allow: ["192.0.2.7", "198.51.100.0/22", "2001:db8:a::/47"].map(rangeOf),
  }),
  closed("french", { text: { fr: "Fermé" }, contact: "https://status.example/?a=1&b=2" }),
  closed("later", { from: inFuture(HOUR), until: inFuture(2 * HOUR) }),
  closed("over", { until: inFuture(-1000) }),
  closed("ending", { until: new Date(END).toISOString() }),
  closed("long", { until: inFuture(72 * HOUR) }),
  closed("short", { until: inFuture(30_000) }),
  closed("told", { retryAfter: 120 }),
  closed("evil", {
    text: { en: `<script>alert(1)</script>"'&{{title}}$&$1` },
    contact: `https://evil.example/"><img src=x>`,
  }),
];

const bindings = (noindex: string) => ({
  ...Object.fromEntries(APPLICATIONS.map((one) => [`APPLICATION_${one.key.toUpperCase()}`, one])),
  PAGE: page(),
  SWITCHES: "https://switches.example",
  MAINTENANCE_KEY: KEY,
  ORIGIN_KEY: "the-key",
  NOINDEX: noindex,
});

/** What the origin and the switches answer; each test says its own. */
let origin: () => Response = () => new Response("the application");
let switches: (path: string, referer: string | null) => Response = () => new Response("", { status: 403 });
let reached: { url: string; method: string; key: string | null }[] = [];

const worker = {
  modules: true as const,
  script: readFileSync(join(__dirname, "edge-worker.js"), "utf8"),
  compatibilityDate: "2025-09-01",
  compatibilityFlags: ["global_fetch_private_origin"],
  outboundService: (request: { url: string; method: string; headers: Headers }) => {
    const { hostname, pathname } = new URL(request.url);
    if (hostname === "switches.example") return switches(pathname, request.headers.get("referer"));
    reached.push({ url: request.url, method: request.method, key: request.headers.get("x-origin-key") });
    return origin();
  },
};
const runtime = new Miniflare({
  cf: false,
  workers: [
    { ...worker, name: "edge", bindings: bindings("off") },
    // Whoever could not ask the switches leaves them alone for a while: apart from the others.
    { ...worker, name: "cut-off", bindings: bindings("on") },
  ],
} as unknown as ConstructorParameters<typeof Miniflare>[0]);
after(() => runtime.dispose());

async function ask(url: string, init: RequestInit = {}, name = "edge") {
  reached = [];
  const edge = (await runtime.getWorker(name)) as unknown as { fetch: typeof runtime.dispatchFetch };
  const response = await edge.fetch(url, { redirect: "manual", ...init });
  return { response, body: await response.text(), reached };
}
const from = (address: string) => ({ headers: { "CF-Connecting-IP": address } });
const header = (name: string, value: string) => ({ headers: { [name]: value } });

describe("a closed application", () => {
  test("answers 503, says when to come back, is kept by no cache, and asks the origin nothing", async () => {
    origin = () => {
      throw new Error("the origin is down");
    };
    const { response, body, reached } = await ask("https://planned.example/cart?id=1");
    assert.equal(response.status, 503);
    const seconds = Number(response.headers.get("retry-after"));
    assert.ok(seconds > 3500 && seconds <= 3600, String(seconds));
    assert.equal(response.headers.get("cache-control"), "no-store");
    assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
    assert.equal(response.headers.get("x-tandem-maintenance"), "planned");
    assert.match(String(response.headers.get("content-security-policy")), /default-src 'none'/);
    assert.match(body, /^<!doctype html>\n<html lang="en">/);
    assert.deepEqual(reached, []);
    origin = () => new Response("the application");
  });

  for (const [host, least, most] of [
    ["short", 60, 60],
    ["long", 86_400, 86_400],
    ["told", 120, 120],
  ] as const)
    test(`clients of ${host}.example come back after ${least} s`, async () => {
      const seconds = Number((await ask(`https://${host}.example/`)).response.headers.get("retry-after"));
      assert.ok(seconds >= least && seconds <= most, String(seconds));
    });

  for (const [language, lang, words] of [
    ["fr-FR,fr;q=0.9,en;q=0.8", "fr", /Site en maintenance.*Retour à 10 h\.\nMerci !.*Retour prévu :/s],
    ["en-GB,en;q=0.9", "en", /Down for maintenance.*Back at 10\..*Expected back:/s],
    ["de, fr;q=0.5, en;q=0.2", "fr", /Site en maintenance/],
    ["fr;q=0, en;q=0.1", "en", /Down for maintenance/],
    ["de", "en", /Down for maintenance/],
    ["constructor, *;q=0.1", "en", /Down for maintenance/],
    ["", "en", /Down for maintenance/],
  ] as const)
    test(`whoever reads "${language}" gets the page in ${lang}`, async () => {
      const { body, response } = await ask("https://planned.example/", header("Accept-Language", language));
      assert.match(body, new RegExp(`<html lang="${lang}">`));
      assert.match(body, words);
      assert.match(String(response.headers.get("vary")), /Accept-Language/);
    });

  test("a text in one language only is marked as such, for screen readers", async () => {
    const { body } = await ask("https://french.example/", header("Accept-Language", "en"));
    assert.match(body, /<html lang="en">[\s\S]*<p class="text" lang="fr">Fermé<\/p>/);
  });

  test("the page names whom to ask, with a link", async () => {
    assert.match(
      (await ask("https://planned.example/")).body,
      /Contact:<\/span> <a href="mailto:aide@planned\.example">aide@planned\.example<\/a>/,
    );
    assert.match(
      (await ask("https://french.example/")).body,
      /<a href="https:\/\/status\.example\/\?a=1&amp;b=2">/,
    );
  });

  test("the page stands alone: title, one heading, a main landmark, and nothing from elsewhere", async () => {
    const { body } = await ask("https://told.example/", { cf: { timezone: "Europe/Paris" } });
    assert.match(body, /<title>Down for maintenance - told\.example<\/title>/);
    assert.equal(body.match(/<h1>/g)?.length, 1);
    assert.equal(body.match(/<main>/g)?.length, 1);
    assert.match(body, /prefers-color-scheme: dark/);
    assert.doesNotMatch(body, /<script|<img|<link|src=|url\(|@import|\{\{/);
    assert.match(
      body,
      /<time datetime="\d{4}-\d\d-\d\dT[\d:.]+Z">[^<]*GMT\+[12]<\/time>/,
      "on the visitor's clock",
    );
    const nowhere = await ask("https://told.example/", { cf: { timezone: "Moon/Crater" } });
    assert.match(nowhere.body, /[^<]*UTC<\/time>/);
  });

  test("what the team wrote stays text, whatever stands in it", async () => {
    const { body } = await ask("https://evil.example/");
    assert.match(body, /&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;&amp;\{\{title\}\}\$&amp;\$1/);
    assert.doesNotMatch(body, /<script|<img/);
  });

  for (const [what, path, init] of [
    ["asks for JSON", "/", header("Accept", "application/json")],
    ["asks for a kind of JSON", "/", header("Accept", "application/vnd.api+json, */*;q=0.1")],
    ["calls the API", "/api/v1/orders", {}],
    ["sends JSON", "/hooks", { method: "POST", body: "{}", headers: { "content-type": "application/json" } }],
  ] as const)
    test(`whoever ${what} gets JSON`, async () => {
      const { response, body } = await ask(`https://planned.example${path}`, init);
      assert.equal(response.status, 503);
      assert.equal(response.headers.get("content-type"), "application/json");
      const said = JSON.parse(body);
      assert.deepEqual(Object.keys(said), ["error", "until"]);
      assert.equal(said.error, "maintenance");
      assert.ok(Date.parse(said.until) > Date.now());
    });

  test("a browser gets the page, although it takes JSON as well", async () => {
    const { body } = await ask("https://planned.example/", header("Accept", "text/html,application/json"));
    assert.match(body, /^<!doctype html>/);
    assert.match((await ask("https://planned.example/apiary")).body, /^<!doctype html>/);
  });

  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
    test(`a webhook's ${method} is never taken for delivered`, async () => {
      const body = method === "OPTIONS" ? {} : { body: "a=b" };
      const { response, reached } = await ask("https://planned.example/hook", { method, ...body });
      assert.equal(response.status, 503);
      assert.ok(response.headers.get("retry-after"));
      assert.deepEqual(reached, []);
    });

  test("HEAD says the same, without a body", async () => {
    const { response, body } = await ask("https://planned.example/", { method: "HEAD" });
    assert.deepEqual([response.status, body], [503, ""]);
    assert.ok(response.headers.get("retry-after"));
  });
});

describe("when", () => {
  test("an application is open before its maintenance and after it, and others always", async () => {
    for (const host of ["later", "over", "switched", "elsewhere"]) {
      const { response, body, reached } = await ask(`https://${host}.example/a?b=c`);
      assert.deepEqual([response.status, body], [200, "the application"], host);
      assert.deepEqual(reached, [{ url: `https://${host}.example/a?b=c`, method: "GET", key: "the-key" }]);
    }
  });

  test("a maintenance ends by itself, to the second", async () => {
    for (;;) {
      const before = Date.now();
      const { response } = await ask("https://ending.example/");
      const later = Date.now();
      if (later < END) assert.equal(response.status, 503);
      if (before >= END) {
        assert.equal(response.status, 200);
        break;
      }
      await sleep(later < END - 300 ? 100 : 20);
    }
  });
});

describe("the switch", () => {
  const on = (until: unknown) => () => Response.json({ until, since: inFuture(0), by: "ada" });
  const status = async (init: RequestInit = {}) =>
    (await ask("https://switched.example/", init)).response.status;

  test("closes every host of its application and no other's, until its instant", async () => {
    switches = (path) =>
      path === "/maintenance/switched.json" ? on(inFuture(HOUR))() : new Response("", { status: 403 });
    for (const host of ["switched.example", "www.switched.example"]) {
      const { response } = await ask(`https://${host}/`);
      assert.equal(response.status, 503);
      assert.ok(Number(response.headers.get("retry-after")) > 3500);
    }
    assert.equal((await ask("https://over.example/")).response.status, 200);
    switches = on(inFuture(-1));
    assert.equal(await status(), 200);
  });

  test("is asked with the key of its bucket, and with no other", async () => {
    const asked: unknown[] = [];
    switches = (...words) => {
      asked.push(words);
      return new Response("", { status: 404 });
    };
    assert.equal(await status(), 200);
    assert.deepEqual(asked, [["/maintenance/switched.json", signature(KEY, "switches")]]);
  });

  for (const [what, answer] of [
    ["no JSON", () => new Response("<Error/>")],
    ["null", () => new Response("null")],
    ["no instant", on("soon")],
    ["a number", on(9_999_999_999_999)],
    ["nothing of use", () => new Response("[]")],
  ] as const)
    test(`with ${what} in it changes nothing: the configuration decides`, async () => {
      switches = answer;
      assert.equal(await status(), 200);
      assert.equal((await ask("https://planned.example/")).response.status, 503);
    });

  for (const [what, answer] of [
    ["broken", () => new Response("", { status: 500 })],
    ["out of reach", (): Response => assert.fail("no way there")],
  ] as const)
    test(`${what}, it is no outage, and it is asked no more for a while`, async () => {
      let times = 0;
      switches = () => {
        times++;
        return answer();
      };
      for (let request = 0; request < 3; request++) {
        const { response, body } = await ask("https://switched.example/", {}, "cut-off");
        assert.deepEqual([response.status, body], [200, "the application"]);
      }
      assert.ok(times <= 1, String(times));
      assert.equal((await ask("https://planned.example/", {}, "cut-off")).response.status, 503);
    });
});

describe("who passes", () => {
  switches = () => new Response("", { status: 403 });

  for (const address of [
    "192.0.2.7",
    "198.51.100.0",
    "198.51.103.255",
    "2001:db8:a::1",
    "2001:DB8:B:0:ffff::",
  ])
    test(`${address} is on the list`, async () => {
      const { response, body } = await ask("https://planned.example/", from(address));
      assert.deepEqual([response.status, body], [200, "the application"]);
    });

  for (const address of ["192.0.2.8", "198.51.104.0", "198.51.99.255", "2001:db8:c::", "::c000:207", "", "x"])
    test(`"${address}" is not`, async () => {
      assert.equal((await ask("https://planned.example/", from(address))).response.status, 503);
    });

  const link = (milliseconds: number, host = "planned.example") =>
    passLink(KEY, host, new Date(Date.now() + milliseconds));

  test("a signed link becomes a cookie, with which its holder sees the site", async () => {
    const { response } = await ask(link(HOUR));
    assert.deepEqual([response.status, response.headers.get("location")], [302, "/"]);
    assert.equal(response.headers.get("cache-control"), "no-store");
    const cookie = String(response.headers.get("set-cookie"));
    const words =
      /^(__Host-tandem-pass=\d+\.[0-9a-f]{64}); Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=(\d+)$/;
    const [, pair = "", seconds] = words.exec(cookie) ?? assert.fail(cookie);
    assert.ok(Number(seconds) > 3590 && Number(seconds) <= 3600, seconds);
    const passed = await ask("https://planned.example/", header("Cookie", `a=b; ${pair}; c=d`));
    assert.deepEqual([passed.response.status, passed.body], [200, "the application"]);
    const elsewhere = await ask("https://french.example/", header("Cookie", pair));
    assert.equal(elsewhere.response.status, 503, "a pass is for one host");
  });

  for (const [what, url] of [
    ["expired", link(-1000)],
    ["for another host", link(HOUR, "french.example").replace("french", "planned")],
    ["forged", link(HOUR).replace(/[0-9a-f]$/, (digit) => (digit === "0" ? "1" : "0"))],
    ["lengthened", link(HOUR).replace(/until=\d+/, "until=99999999999")],
    ["without a signature", "https://planned.example/.well-known/tandem/pass?until=99999999999"],
    ["empty", "https://planned.example/.well-known/tandem/pass"],
  ] as const)
    test(`a link that is ${what} gives nothing`, async () => {
      const { response, reached } = await ask(url);
      assert.deepEqual([response.status, response.headers.get("set-cookie"), reached], [403, null, []]);
    });

  for (const cookie of [
    `__Host-tandem-pass=99999999999.${"0".repeat(64)}`,
    `__Host-tandem-pass=${Math.floor(Date.now() / 1000) - 1}.${signature(KEY, `pass planned.example ${Math.floor(Date.now() / 1000) - 1}`)}`,
    "__Host-tandem-pass=",
    "__Host-tandem-pass=99999999999.é",
  ])
    test(`the cookie ${cookie.slice(0, 40)} opens nothing`, async () => {
      const { response } = await ask("https://planned.example/", header("Cookie", cookie));
      assert.equal(response.status, 503);
    });
});

describe("the monitor", () => {
  const secret = `/.well-known/tandem/health/${signature(KEY, "health")}`;

  test("is kept quiet while an application is closed, and looks at the process when it is open", async () => {
    const quiet = await ask(`https://planned.example${secret}`);
    assert.deepEqual([quiet.response.status, quiet.reached], [200, []]);
    origin = () => new Response("", { status: 500 });
    const { response, reached } = await ask(`https://later.example${secret}`);
    assert.equal(response.status, 500);
    assert.equal(reached[0]?.url, "https://later.example/health?deep=1");
    origin = () => new Response("the application");
  });

  test("nobody else is told that all is well", async () => {
    const other = `/.well-known/tandem/health/${signature("another key", "health")}`;
    for (const path of [other, "/.well-known/tandem/health/", "/health?deep=1"])
      assert.equal((await ask(`https://planned.example${path}`)).response.status, 503, path);
  });
});

test("search engines are sent away from a closed sandbox too", async () => {
  const { response } = await ask("https://planned.example/", {}, "cut-off");
  assert.deepEqual([response.status, response.headers.get("x-robots-tag")], [503, "noindex, nofollow"]);
});
