/**
 * What runs at Cloudflare for a static site: it serves the release that the bucket's pointer names, out of a
 * bucket that answers nobody else. Plain JavaScript: this text is uploaded as it stands.
 *
 * In the bucket lie `releases/<id>/<path>` and `current.json`, which is written last and in one piece:
 * `{"release": "<id>", "previous": "<id>" or null, "at": "<when it was written>"}`.
 *
 * Bindings: HOST (the site's own host: any other is sent there), NOINDEX (`on` sends search engines away), ORIGIN
 * (the bucket's address) and READ_KEY (secret: what the bucket wants to hear). Where only aliases lead here, as of
 * a site that stands elsewhere, the last two are missing and never looked at.
 */
export default {
  async fetch(request, env, context) {
    const answer = await answerTo(request, env, context).catch((error) => {
      if (error instanceof Unreachable) return plain(502, "This site cannot be reached at the moment.\n");
      throw error;
    });
    answer.headers.set("X-Content-Type-Options", "nosniff");
    answer.headers.set("Referrer-Policy", "strict-origin-when-cross-origin");
    if (env.NOINDEX === "on") answer.headers.set("X-Robots-Tag", "noindex, nofollow");
    return answer;
  },
};

/** The bucket does not answer, or not with what it is asked for. */
class Unreachable extends Error {}

/** How long an edge location goes by what the pointer said, in seconds. */
const POINTER_TTL = 10;
/** How long it is remembered for the case that the bucket is silent, in seconds: a week. */
const LAST_TTL = 604_800;
/** How long a file is kept: its address has the release in it, so that it never changes. A month. */
const FILE_TTL = 2_592_000;
/** The largest file that is kept, in bytes. */
const LARGEST = 25_000_000;
/** How long the bucket may take to begin an answer, in milliseconds. */
const PATIENCE = 5000;
/** How long a page that was loaded before a switch still finds its assets, in milliseconds: an hour. */
const FAREWELL = 3_600_000;

const REVALIDATE = "public, max-age=0, must-revalidate";

async function answerTo(request, env, context) {
  const { method } = request;
  if (method !== "GET" && method !== "HEAD")
    return plain(405, "Only GET and HEAD.\n", { Allow: "GET, HEAD" });
  const { protocol, hostname, pathname, search } = new URL(request.url);
  const own = `https://${env.HOST}`;
  if (protocol !== "https:" || hostname !== env.HOST)
    return moved(`${own}${pathname}${search}`, "public, max-age=3600");

  const pointer = await pointerOf(env, context);
  if (pointer === undefined)
    return plain(503, "This site has not been published yet.\n", { "Retry-After": "60" });
  const site = { request, env, context };
  const key = keyOf(pathname);
  if (key === undefined) return notFound(pointer, site);
  const file = await fileOf(pointer.release, key, site);
  if (file !== undefined) return served(file, pointer.release, method);
  if (!pathname.endsWith("/") && (await isFile(pointer.release, `${key}/index.html`, site)))
    return moved(`${own}${pathname}/${search}`, REVALIDATE, pointer.release);
  const former = hasFarewell(pointer, key) ? await fileOf(pointer.previous, key, site) : undefined;
  return former === undefined ? notFound(pointer, site) : served(former, pointer.previous, method);
}

/** A path as the bucket's keys are written; undefined where no file can lie. */
function keyOf(pathname) {
  try {
    const names = pathname.slice(1).split("/").map(decodeURIComponent);
    const hollow = names.slice(0, -1).includes("");
    // A name that has a slash in it would reach another directory, or another release.
    const strange = names.some((name) => name === "." || name === ".." || /[/\\\p{Cc}]/u.test(name));
    if (hollow || strange) return undefined;
    const last = names.at(-1) === "" ? "index.html" : names.at(-1);
    return [...names.slice(0, -1), last].map(encodeURIComponent).join("/");
  } catch {
    // A percent sign that begins nothing.
    return undefined;
  }
}

/** Assets only: a page that is gone is gone at once. */
function hasFarewell({ previous, at }, key) {
  return previous !== undefined && /\.(?!html?$)[^./]+$/i.test(key) && Date.now() - Date.parse(at) < FAREWELL;
}

/** What the site serves now; undefined before its first release. */
async function pointerOf(env, context) {
  const address = `${env.ORIGIN}/current.json`;
  const fresh = await caches.default.match(address);
  if (fresh !== undefined) return pointerIn(await fresh.text());
  const keep = (where, text, seconds) =>
    context.waitUntil(caches.default.put(where, new Response(text, { headers: keptFor(seconds) })));
  try {
    const answer = await ask(address, "GET", {}, env);
    if (answer.status !== 200) return undefined;
    const text = await answer.text();
    keep(`${address}?last`, text, LAST_TTL);
    keep(address, text, POINTER_TTL);
    return pointerIn(text);
  } catch {
    const last = await caches.default.match(`${address}?last`);
    if (last === undefined) throw new Unreachable();
    const text = await last.text();
    // The next visitors do not wait for the silence to end.
    keep(address, text, POINTER_TTL);
    return pointerIn(text);
  }
}

function pointerIn(text) {
  try {
    const { release, previous, at } = JSON.parse(text);
    if (!isId(release)) return undefined;
    return { release, previous: isId(previous) ? previous : undefined, at };
  } catch {
    return undefined;
  }
}

const isId = (id) => typeof id === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(id);

/** A file of a release, as a whole, in part, or as unchanged; undefined where it has none of this name. */
async function fileOf(release, key, { request, env, context }) {
  const address = `${env.ORIGIN}/releases/${release}/${key}`;
  const conditions = conditionsOf(request);
  const kept = await caches.default.match(new Request(address, { headers: conditions }));
  if (kept !== undefined) return kept;
  const answer = await ask(address, request.method, conditions, env);
  if (![200, 206, 304, 416].includes(answer.status)) return undefined;
  const isWhole = request.method === "GET" && answer.status === 200;
  if (isWhole && Number(answer.headers.get("Content-Length") ?? LARGEST) < LARGEST)
    context.waitUntil(keepFile(address, answer.clone()));
  return answer;
}

async function isFile(release, key, { env, context }) {
  const request = new Request(env.ORIGIN, { method: "HEAD" });
  return (await fileOf(release, key, { request, env, context })) !== undefined;
}

function keepFile(address, answer) {
  const headers = new Headers(answer.headers);
  const said = headers.get("Cache-Control");
  for (const [name, value] of Object.entries(keptFor(FILE_TTL))) headers.set(name, value);
  if (said !== null) headers.set(SAID, said);
  return caches.default.put(address, new Response(answer.body, { headers }));
}

const keptFor = (seconds) => ({ "Cache-Control": `public, max-age=${seconds}` });

/** What a kept file's Cache-Control says to browsers: the edge's own stands in its place. */
const SAID = "X-Said-Cache-Control";

/** What of a request the bucket answers for. */
function conditionsOf({ method, headers }) {
  // An edge that compresses an answer marks its tag as weak; the bucket compares to the letter.
  const tags = headers.get("If-None-Match")?.replaceAll(/(^|,\s*)W\//g, "$1");
  // Where the part depends on a condition, the whole is a right answer too, and never a wrong one.
  const isPart = method === "GET" && !headers.has("If-Range");
  const wanted = {
    "If-None-Match": tags,
    "If-Modified-Since": headers.get("If-Modified-Since"),
    Range: isPart ? headers.get("Range") : null,
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value != null));
}

/** Asks the bucket, a second time if need be: S3 now and then answers that it is too busy. */
async function ask(address, method, conditions, env) {
  for (let attempt = 1; attempt <= 2; attempt++) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const answer = await fetch(address, {
        method,
        headers: { ...conditions, Referer: env.READ_KEY },
        redirect: "manual",
        // What is kept, is kept here, and knowingly.
        cache: "no-store",
        signal: patience.signal,
      });
      if (answer.status === 304 || answer.status < 300 || (answer.status >= 400 && answer.status < 500))
        return answer;
    } catch {
      // Tried again, or told below.
    } finally {
      clearTimeout(timer);
    }
  }
  throw new Unreachable();
}

/** What a visitor gets to know of an answer: the bucket says more, about itself. */
const SHOWN = [
  "Accept-Ranges",
  "Cache-Control",
  "Content-Disposition",
  "Content-Encoding",
  "Content-Language",
  "Content-Length",
  "Content-Range",
  "Content-Type",
  "ETag",
  "Last-Modified",
];

function served(answer, release, method, status = answer.status) {
  const said = answer.headers.get(SAID) ?? answer.headers.get("Cache-Control") ?? REVALIDATE;
  const headers = new Headers({ "X-Site-Release": release });
  for (const name of SHOWN) if (answer.headers.has(name)) headers.set(name, answer.headers.get(name));
  headers.set("Cache-Control", status < 400 ? said : "no-store");
  // What a bucket writes about an error is in its own words.
  if (status === 416) for (const name of ["Content-Length", "Content-Type"]) headers.delete(name);
  const isBare = method === "HEAD" || status === 304 || status === 416;
  return new Response(isBare ? null : answer.body, { status, headers });
}

/** The release's own page for it, where it has one. */
async function notFound({ release }, { request: { method }, env, context }) {
  const request = new Request(env.ORIGIN);
  const page = await fileOf(release, "404.html", { request, env, context });
  if (page === undefined)
    return plain(404, "There is nothing at this address.\n", { "X-Site-Release": release });
  const answer = served(page, release, method, 404);
  for (const name of ["Accept-Ranges", "ETag", "Last-Modified"]) answer.headers.delete(name);
  return answer;
}

function moved(location, cacheControl, release) {
  const of = release === undefined ? {} : { "X-Site-Release": release };
  return new Response(null, {
    status: 301,
    headers: { Location: location, "Cache-Control": cacheControl, ...of },
  });
}

/** Words of our own: no browser and no cache keeps them. */
function plain(status, text, headers = {}) {
  return new Response(text, {
    status,
    headers: { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", ...headers },
  });
}
