import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { Miniflare, type Request, Response } from "miniflare";

/** The bucket, as S3 answers to whoever may read objects and not list them. */
class Bucket {
  readonly files = new Map<string, { readonly body: string; readonly headers: Record<string, string> }>();
  readonly asked: string[] = [];
  state: "well" | "busy" | "silent" = "well";

  put(key: string, body: string, headers: Record<string, string> = {}): void {
    this.files.set(`/${key}`, { body, headers });
  }

  /** Uploads a release, file by file, and switches to it: a page, its style and what it says is not found. */
  publish(release: string, previous: string | null = null, at = new Date()): void {
    this.upload(release, { "index.html": page(release), [`style.${release}.css`]: `/* ${release} */` });
    this.upload(release, { "about/index.html": page(release), "404.html": `nothing in ${release}` });
    this.switchTo(release, previous, at);
  }

  upload(release: string, files: Record<string, string>): void {
    for (const [path, body] of Object.entries(files))
      this.put(`releases/${release}/${path}`, body, {
        "Cache-Control": "public, max-age=0, must-revalidate",
      });
  }

  switchTo(release: string, previous: string | null = null, at = new Date()): void {
    this.put("current.json", JSON.stringify({ release, previous, at: at.toISOString() }));
  }

  answer(request: Request): Response {
    const { pathname } = new URL(request.url);
    this.asked.push(`${request.method} ${decodeURIComponent(pathname)}`);
    if (this.state === "busy") return new Response("<Error>SlowDown</Error>", { status: 503 });
    if (this.state === "silent") throw new Error("no route to the bucket");
    const file = this.files.get(pathname);
    if (request.headers.get("Referer") !== "read-key" || file === undefined)
      return new Response("<Error>AccessDenied</Error>", { status: 403 });
    const { body, headers } = file;
    const etag = `"${createHash("md5").update(body).digest("hex")}"`;
    const all = {
      "Content-Type": "text/html",
      ETag: etag,
      "x-amz-request-id": "7",
      Server: "S3",
      ...headers,
    };
    if (request.headers.get("If-None-Match") === etag)
      return new Response(null, { status: 304, headers: all });
    const part = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get("Range") ?? "");
    if (part !== null && Number(part[1]) >= body.length)
      return new Response("<Error/>", {
        status: 416,
        headers: { "Content-Range": `bytes */${body.length}` },
      });
    if (part !== null)
      return new Response(body.slice(Number(part[1]), Number(part[2]) + 1), {
        status: 206,
        headers: { ...all, "Content-Range": `bytes ${part[1]}-${part[2]}/${body.length}` },
      });
    return new Response(request.method === "HEAD" ? null : body, {
      headers: { ...all, "Content-Length": String(body.length) },
    });
  }
}

const page = (release: string) => `page of ${release}, <link href="/style.${release}.css">`;

let bucket = new Bucket();

/** The text as it is uploaded, in the runtime that Cloudflare runs; its newest date, not the one of today. */
const worker = (name: string, noindex: string) => ({
  name,
  modules: true as const,
  scriptPath: join(__dirname, "site-worker.js"),
  compatibilityDate: "2025-09-01",
  bindings: { HOST: "site.example", NOINDEX: noindex, ORIGIN: "https://bucket.test", READ_KEY: "read-key" },
  outboundService: (request: Request) => bucket.answer(request),
});
// Without `cf`, it would ask Cloudflare where this machine stands.
const edge = new Miniflare({ cf: false, workers: [worker("prod", "off"), worker("sandbox", "on")] });
after(() => edge.dispose());

const POINTER = "https://bucket.test/current.json";

let count = 0;
/** The edge remembers by release: each test has its own. */
const fresh = () => `r${++count}`;

/** What the edge has kept. Miniflare's own types want those of Cloudflare's runtime, which are not installed. */
async function keptCopies() {
  const { default: copies } = (await edge.getCaches()) as unknown as {
    default: { match(url: string): Promise<Response | undefined>; delete(url: string): Promise<boolean> };
  };
  return copies;
}

async function forgetPointer(): Promise<void> {
  await (await keptCopies()).delete(POINTER);
}

beforeEach(async () => {
  bucket = new Bucket();
  await forgetPointer();
  await (await keptCopies()).delete(`${POINTER}?last`);
});

async function ask(path: string, init: Record<string, unknown> = {}, name = "prod") {
  const site = (await edge.getWorker(name)) as unknown as {
    fetch(url: string, init: Record<string, unknown>): Promise<Response>;
  };
  const url = path.startsWith("http") ? path : `https://site.example${path}`;
  const answer = await site.fetch(url, { redirect: "manual", ...init });
  return { status: answer.status, headers: answer.headers, body: await answer.text() };
}

test("a directory answers with its index, a file with itself, each with the release's id", async () => {
  const release = fresh();
  bucket.publish(release);
  for (const path of ["/", "/index.html", "/about/", "/about/index.html", "/?utm=1"]) {
    const { status, headers, body } = await ask(path);
    assert.deepEqual([status, body], [200, page(release)], path);
    assert.equal(headers.get("x-site-release"), release);
    assert.equal(headers.get("content-type"), "text/html");
  }
  assert.equal((await ask(`/style.${release}.css`)).body, `/* ${release} */`);
});

test("a directory without its slash leads to it, with the query, and a file of that name goes first", async () => {
  const release = fresh();
  bucket.publish(release);
  bucket.upload(release, { "both/index.html": "directory", both: "file" });
  const { status, headers } = await ask("/about?lang=fr");
  assert.deepEqual([status, headers.get("location")], [301, "https://site.example/about/?lang=fr"]);
  assert.equal(headers.get("cache-control"), "public, max-age=0, must-revalidate");
  assert.equal((await ask("/both")).body, "file");
});

test("what is not there gets the release's own page, and no cache keeps it", async () => {
  const release = fresh();
  bucket.publish(release);
  const { status, headers, body } = await ask("/gone", { headers: { "If-None-Match": '"x"' } });
  assert.deepEqual([status, body], [404, `nothing in ${release}`]);
  assert.equal(headers.get("cache-control"), "no-store");
  assert.equal(headers.get("etag"), null);
  assert.equal(headers.get("x-site-release"), release);
});

test("a release without such a page says so in plain words", async () => {
  const release = fresh();
  bucket.switchTo(release);
  const { status, headers, body } = await ask("/gone");
  assert.deepEqual([status, headers.get("content-type")], [404, "text/plain; charset=utf-8"]);
  assert.match(body, /nothing at this address/);
  assert.equal(headers.get("cache-control"), "no-store");
});

test("nothing but GET and HEAD is answered, and the bucket hears nothing of it", async () => {
  bucket.publish(fresh());
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const { status, headers } = await ask("/", { method });
    assert.deepEqual([status, headers.get("allow")], [405, "GET, HEAD"], method);
  }
  assert.deepEqual(bucket.asked, []);
});

test("HEAD has the headers of GET and no body, asked for anew or kept at the edge", async () => {
  const release = fresh();
  bucket.publish(release);
  for (const kept of [false, true]) {
    if (kept) await ask("/");
    const { status, headers, body } = await ask("/", { method: "HEAD" });
    assert.deepEqual([status, body], [200, ""]);
    assert.equal(headers.get("x-site-release"), release);
    assert.equal(headers.get("content-type"), "text/html");
  }
  assert.deepEqual([(await ask("/gone", { method: "HEAD" })).status], [404]);
});

test("no path leads out of the release", async () => {
  const [release, secret] = [fresh(), fresh()];
  bucket.publish(release);
  bucket.upload(secret, { "draft.html": "not yet" });
  const ways = ["..", "%2e%2e", "a/../..", "..%2f..", "a%2F..%2F..", "..%5c..", ".%00./..", "%252e%252e"];
  const paths = ways.flatMap((way) => [
    `/${way}/releases/${secret}/draft.html`,
    `/${way}/${secret}/draft.html`,
  ]);
  for (const path of [...paths, "/%2e%2e%2fcurrent.json", "/about%2Findex.html", "/a//b", "/%", "/%ff"])
    assert.equal((await ask(path)).status, 404, path);
  const keys = bucket.asked.filter((asked) => asked !== "GET /current.json");
  assert.deepEqual(
    keys.filter((asked) => !asked.includes(` /releases/${release}/`) || asked.includes("/../")),
    [],
  );
});

test("no path leads to another host", async () => {
  const release = fresh();
  bucket.publish(release);
  bucket.upload(release, { "evil.test/index.html": "x" });
  for (const path of ["//evil.test", "/%2fevil.test", "/\\evil.test"])
    assert.equal((await ask(`https://site.example${path}`)).headers.get("location"), null, path);
  assert.equal((await ask("/evil.test")).headers.get("location"), "https://site.example/evil.test/");
});

test("names with spaces, signs and accents are found", async () => {
  const release = fresh();
  bucket.publish(release);
  bucket.put(`releases/${release}/${encodeURIComponent("ça & là+1 #2.html")}`, "found");
  const { status, body } = await ask("/%C3%A7a%20&%20l%C3%A0+1%20%232.html");
  assert.deepEqual([status, body], [200, "found"]);
});

for (const kept of [false, true])
  test(`conditions and ranges pass through ${kept ? "from the edge's own copy" : "to the bucket"}`, async () => {
    const release = fresh();
    bucket.publish(release);
    const { etag, length } = {
      etag: (await ask("/about/")).headers.get("etag"),
      length: page(release).length,
    };
    assert.ok(etag);
    if (kept) await ask("/");
    for (const condition of [etag, `W/${etag}`]) {
      const same = await ask("/", { headers: { "If-None-Match": condition } });
      assert.deepEqual([same.status, same.body, same.headers.get("x-site-release")], [304, "", release]);
    }
    const part = await ask("/", { headers: { Range: "bytes=0-6" } });
    assert.deepEqual([part.status, part.body], [206, "page of"]);
    assert.equal(part.headers.get("content-range"), `bytes 0-6/${length}`);
    const beyond = await ask("/", { headers: { Range: `bytes=${length}-${length + 5}` } });
    assert.deepEqual([beyond.status, beyond.body], [416, ""]);
    assert.equal(beyond.headers.get("cache-control"), "no-store");
    const whole = await ask("/", { headers: { Range: "bytes=0-6", "If-Range": '"other"' } });
    assert.deepEqual([whole.status, whole.body], [200, page(release)]);
  });

test("browsers hear what was uploaded about caching, from the bucket and from the edge", async () => {
  const release = fresh();
  bucket.publish(release);
  const forever = "public, max-age=31536000, immutable";
  bucket.put(`releases/${release}/app.0a1b2c3d.js`, "code", { "Cache-Control": forever });
  for (const _ of ["from the bucket", "from the edge"]) {
    assert.equal((await ask("/app.0a1b2c3d.js")).headers.get("cache-control"), forever);
    assert.equal((await ask("/")).headers.get("cache-control"), "public, max-age=0, must-revalidate");
  }
  assert.equal(bucket.asked.filter((asked) => asked.endsWith("app.0a1b2c3d.js")).length, 1);
});

test("every answer tells browsers what not to guess, and nothing of the bucket or its key", async () => {
  bucket.publish(fresh());
  for (const [path, init] of [["/"], ["/about"], ["/gone"], ["/", { method: "POST" }]] as const) {
    const { headers } = await ask(path, init);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("referrer-policy"), "strict-origin-when-cross-origin");
    assert.equal(headers.get("x-robots-tag"), null);
    assert.deepEqual(
      [...headers.keys()].filter((name) => /^(x-amz|server|x-said)/.test(name)),
      [],
    );
    assert.doesNotMatch(JSON.stringify([...headers]), /read-key|bucket\.test/);
  }
});

test("search engines are sent away where noindex is on, from files, errors and redirects", async () => {
  bucket.publish(fresh());
  for (const path of ["/", "/about", "/gone", "https://www.site.example/"])
    assert.equal((await ask(path, {}, "sandbox")).headers.get("x-robots-tag"), "noindex, nofollow", path);
});

test("aliases and plain HTTP lead to the host for good, with path and query", async () => {
  bucket.publish(fresh());
  for (const from of ["https://www.site.example", "http://site.example", "http://www.site.example"]) {
    const { status, headers } = await ask(`${from}/a%20b/?q=1&r=%2F`);
    assert.deepEqual([status, headers.get("location")], [301, "https://site.example/a%20b/?q=1&r=%2F"], from);
  }
  assert.deepEqual(bucket.asked, []);
});

test("before the first release the site asks for patience", async () => {
  for (const pointer of [undefined, "", "{}", '{"release":"../secret"}']) {
    if (pointer !== undefined) bucket.put("current.json", pointer);
    await forgetPointer();
    const { status, headers, body } = await ask("/");
    assert.deepEqual(
      [status, headers.get("retry-after"), headers.get("cache-control")],
      [503, "60", "no-store"],
    );
    assert.match(body, /not been published yet/);
  }
});

test("the pointer is asked for once in ten seconds, and each file of a release once", async () => {
  const release = fresh();
  bucket.publish(release);
  for (let visit = 0; visit < 3; visit++) await ask("/");
  assert.deepEqual(bucket.asked, ["GET /current.json", `GET /releases/${release}/index.html`]);
  const kept = await (await keptCopies()).match(POINTER);
  assert.equal(kept?.headers.get("cache-control"), "public, max-age=10");
});

test("while a release is uploaded every answer is the old one's; after the switch, the new one's", async () => {
  const [before, next] = [fresh(), fresh()];
  bucket.publish(before);
  const told = async (...paths: string[]) => {
    await forgetPointer();
    const answers = await Promise.all(paths.map((path) => ask(path)));
    return [...new Set(answers.map(({ headers }) => headers.get("x-site-release")))];
  };
  const paths = ["/", "/about/", "/gone", `/style.${before}.css`];
  for (const file of ["index.html", "about/index.html", `style.${next}.css`]) {
    bucket.upload(next, { [file]: page(next) });
    assert.deepEqual(await told(...paths), [before], `with ${file}`);
    assert.equal((await ask(`/style.${next}.css`)).status, 404);
  }
  bucket.switchTo(next, before);
  assert.deepEqual(await told("/", "/about/", "/gone", `/style.${next}.css`), [next]);
  assert.equal((await ask("/")).body, page(next));
});

test("a page that was loaded before the switch finds its assets for an hour; a page that is gone is gone", async () => {
  const [before, next] = [fresh(), fresh()];
  bucket.publish(before);
  bucket.upload(before, { "old/index.html": "x", "old.html": "x" });
  bucket.publish(next, before);
  const asset = await ask(`/style.${before}.css`);
  assert.deepEqual([asset.status, asset.body], [200, `/* ${before} */`]);
  assert.equal(asset.headers.get("x-site-release"), before);
  for (const path of ["/old/", "/old", "/old.html"]) assert.equal((await ask(path)).status, 404, path);
  bucket.switchTo(next, before, new Date(Date.now() - 3_601_000));
  await forgetPointer();
  assert.equal((await ask(`/style.${before}.css`)).status, 404);
});

for (const state of ["busy", "silent"] as const)
  test(`while the bucket is ${state}, what the edge has is served and the rest is an honest, passing error`, async () => {
    const release = fresh();
    bucket.publish(release);
    await ask("/");
    bucket.state = state;
    await forgetPointer();
    assert.deepEqual([(await ask("/")).status, (await ask("/")).body], [200, page(release)]);
    const { status, headers } = await ask("/about/");
    assert.deepEqual([status, headers.get("cache-control")], [502, "no-store"]);
    bucket.state = "well";
    assert.equal((await ask("/about/")).status, 200);
  });

test("a bucket that was never heard of and is silent is a 502", async () => {
  bucket.state = "silent";
  const { status, headers } = await ask("/");
  assert.deepEqual([status, headers.get("cache-control")], [502, "no-store"]);
});
