const FILES = 20;
const BYTES = 5_000_000;
const REDIRECTS = 5;
const ANSWER_TIME = 20_000;

/**
 * The scripts and styles of the public start pages that carry values of this environment: built for it, they would
 * be wrong in the next. Names only, never a value. Pages behind a login are not seen.
 */
exports.bakedIn = async ({ sites, values, runtimeScripts }, { fetch }) => {
  const hosts = sites.flatMap(({ host, aliases }) => [host, ...aliases]);
  const found = new Map();
  for (const { application, host } of sites.filter(({ login }) => !login)) {
    const page = await startPage(new URL(`https://${host}/`), fetch);
    const own = new Set(runtimeScripts[application] ?? []);
    const files = page === undefined ? [] : linked(page).filter(({ pathname }) => !own.has(pathname));
    for (const url of files.slice(0, FILES)) {
      const carries = carried((await text(url, fetch))?.body ?? "", hosts, values[application] ?? {});
      if (carries.length > 0)
        found.set(`${application} ${url.pathname}`, { application, file: url.pathname, carries });
    }
  }
  return [...found.values()];
};

/** What `/` leads to on the same host. */
async function startPage(url, fetch) {
  let at = url;
  for (let redirects = 0; redirects <= REDIRECTS; redirects++) {
    const answer = await text(at, fetch);
    if (answer?.location === undefined) return answer && { url: at, html: answer.body };
    at = new URL(answer.location, at);
    if (at.origin !== url.origin) return undefined;
  }
  return undefined;
}

/** The scripts and styles of a page that come from its own origin, each once. */
function linked({ url, html }) {
  const scripts = [...html.matchAll(/<script\b[^>]*>/gi)].map(([tag]) => attribute(tag, "src"));
  const styles = [...html.matchAll(/<link\b[^>]*>/gi)]
    .filter(([tag]) => /stylesheet|modulepreload/i.test(attribute(tag, "rel") ?? ""))
    .map(([tag]) => attribute(tag, "href"));
  const urls = [...scripts, ...styles].flatMap((link) =>
    link !== undefined && URL.canParse(link, url) ? [new URL(link, url)] : [],
  );
  const own = urls.filter(({ origin }) => origin === url.origin);
  return [...new Map(own.map((each) => [each.pathname, each])).values()];
}

function attribute(tag, name) {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, "i").exec(tag);
  return (found?.[1] ?? found?.[2] ?? found?.[3])?.replaceAll("&amp;", "&");
}

function carried(body, hosts, values) {
  // A slash may be escaped in a script.
  const plain = body.replaceAll("\\/", "/");
  const names = Object.keys(values).filter((name) => plain.includes(values[name]));
  return [...(hosts.some((host) => wordOf(host).test(plain)) ? ["host"] : []), ...names.sort()];
}

/** The host as a whole: shop.example is no part of office.shop.example. */
function wordOf(host) {
  return new RegExp(`(?<![\\w.@-])${host.replaceAll(".", "\\.")}(?![\\w-]|\\.\\w)`, "i");
}

/** The beginning of what a URL answers, or where it leads; undefined where it does not answer. */
async function text(url, fetch) {
  const signal = AbortSignal.timeout(ANSWER_TIME);
  const response = await fetch(url.href, { redirect: "manual", signal }).catch(() => undefined);
  const location = response?.headers.get("location");
  if (location && response.status >= 300 && response.status < 400) return { location };
  if (!response?.ok) return undefined;
  const chunks = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > BYTES) break;
  }
  return { body: Buffer.concat(chunks).toString("utf8") };
}
