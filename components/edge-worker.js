/**
 * Stands between a visitor and the origin, on every route of an environment. It adds the key without which
 * the origin answers 403, so that nobody reaches it around the edge, not even another customer of Cloudflare.
 * While an application is in maintenance it answers in its place and asks the origin nothing.
 *
 * Bindings: ORIGIN_KEY (secret) and NOINDEX ("on" where search engines must stay away). For maintenance
 * APPLICATION_<KEY> each (see components/maintenance-bindings.ts), PAGE (the page with its {{gaps}}), SWITCHES
 * (where the switches are read) and MAINTENANCE_KEY (secret: what all signatures are made with).
 */
export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const application = applicationOf(url.hostname, env);
    if (application === undefined) return marked(await forward(request, env), env);
    if (url.pathname === PASS_PATH) return pass(url, env);

    const probe = await isProbe(url, env);
    const until = await plannedEnd(application, env);
    if (until === undefined || (await isAdmitted(request, url, application, env))) {
      const asked = probe ? new Request(new URL(application.hosts[url.hostname], url), request) : request;
      return marked(await forward(asked, env), env);
    }
    if (probe) return new Response("maintenance\n", { headers: { "Cache-Control": "no-store" } });
    return marked(closed(request, url, application, until, env), env);
  },
};

const PASS_PATH = "/.well-known/tandem/pass";
const PROBE_PATH = "/.well-known/tandem/health/";
const PASS_COOKIE = "__Host-tandem-pass";

const SECOND = 1000;
/** How long an answer about a switch holds, in seconds. */
const SWITCH_TTL = 15;
/** How long a switch may take to answer, in milliseconds: visitors wait for it. */
const PATIENCE = 1000;

function forward(request, env) {
  const forwarded = new Request(request);
  // Set, not added: what a visitor sends under this name never reaches the origin.
  forwarded.headers.set("X-Origin-Key", env.ORIGIN_KEY);
  return fetch(forwarded);
}

function marked(response, env) {
  // 101 hands over a socket, which a copied response would lose.
  if (env.NOINDEX !== "on" || response.status === 101) return response;
  const copy = new Response(response.body, response);
  copy.headers.set("X-Robots-Tag", "noindex, nofollow");
  return copy;
}

function applicationOf(host, env) {
  return Object.entries(env)
    .filter(([name]) => name.startsWith("APPLICATION_"))
    .map(([, application]) => application)
    .find(({ hosts }) => Object.hasOwn(hosts, host));
}

/** When the maintenance of this moment is to end, in milliseconds; undefined where there is none. */
async function plannedEnd({ key, from, until }, env) {
  const switched = await switchedUntil(key, env);
  const now = Date.now();
  const coded = until !== undefined && !(Date.parse(from) > now) ? Date.parse(until) : Number.NaN;
  const ends = [switched, coded].filter((end) => end > now);
  return ends.length > 0 ? Math.max(...ends) : undefined;
}

/** Until when nobody asks for switches that did not answer: no visitor after the first one waits for them. */
let silentUntil = 0;

/** What the switch says, NaN where it says nothing: then the configuration alone decides. */
async function switchedUntil(key, env) {
  if (env.SWITCHES === undefined || Date.now() < silentUntil) return Number.NaN;
  try {
    const answer = await fetch(`${env.SWITCHES}/maintenance/${key}.json`, {
      headers: { Referer: await signature("switches", env) },
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
      // S3 answers 403 where nothing lies, to whoever may not list.
      cf: {
        cacheEverything: true,
        cacheTtlByStatus: { "200-299": SWITCH_TTL, "403-404": SWITCH_TTL, "500-599": 0 },
      },
    });
    if (answer.status >= 500) throw new Error(`the switches answered ${answer.status}`);
    return answer.status === 200 ? untilIn(await answer.text()) : Number.NaN;
  } catch {
    silentUntil = Date.now() + SWITCH_TTL * SECOND;
    return Number.NaN;
  }
}

function untilIn(text) {
  try {
    const { until } = JSON.parse(text);
    return typeof until === "string" ? Date.parse(until) : Number.NaN;
  } catch {
    return Number.NaN;
  }
}

/** The monitor's own address: well during maintenance, and otherwise what the process says of itself. */
async function isProbe({ pathname }, env) {
  return pathname.startsWith(PROBE_PATH) && isSigned("health", pathname.slice(PROBE_PATH.length), env);
}

async function isAdmitted(request, { hostname }, { allow }, env) {
  const address = hexadecimal(request.headers.get("CF-Connecting-IP") ?? "");
  // Hexadecimal digits of one length compare as the numbers do.
  const within = ([first, last]) => address.length === first.length && first <= address && address <= last;
  return allow.some(within) || (await isPass(passIn(request), hostname, env));
}

/** An address as 8 or 32 hexadecimal digits. Cloudflare writes it: it is one. */
function hexadecimal(address) {
  if (!address.includes(":"))
    return address
      .split(".")
      .map((part) => Number(part).toString(16).padStart(2, "0"))
      .join("");
  const [head, tail] = address.split("::").map((side) => (side === "" ? [] : side.split(":")));
  const zeros = tail === undefined ? [] : Array(8 - head.length - tail.length).fill("0");
  return [...head, ...zeros, ...(tail ?? [])].map((group) => group.toLowerCase().padStart(4, "0")).join("");
}

/** Takes a signed link for a cookie, so that whoever follows it sees the site as it is behind the page. */
async function pass({ hostname, searchParams }, env) {
  const value = `${searchParams.get("until")}.${searchParams.get("signature")}`;
  if (!(await isPass(value, hostname, env)))
    return new Response("This link is not valid, or no longer.\n", {
      status: 403,
      headers: { "Cache-Control": "no-store" },
    });
  const seconds = Number(searchParams.get("until")) - Math.floor(Date.now() / SECOND);
  const attributes = `Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${seconds}`;
  return new Response(null, {
    status: 302,
    headers: {
      Location: "/",
      "Set-Cookie": `${PASS_COOKIE}=${value}; ${attributes}`,
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
    },
  });
}

function passIn(request) {
  const cookies = (request.headers.get("Cookie") ?? "").split(";").map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(`${PASS_COOKIE}=`))?.slice(PASS_COOKIE.length + 1) ?? "";
}

/** A pass is for one host and ends: `<unix seconds>.<signature>`. */
async function isPass(value, host, env) {
  const [, until, signed] = /^(\d{1,12})\.([0-9a-f]{64})$/.exec(value) ?? [];
  if (until === undefined || Number(until) * SECOND <= Date.now()) return false;
  return isSigned(`pass ${host} ${until}`, signed, env);
}

const bytes = (text) => new TextEncoder().encode(text);

const keyOf = ({ MAINTENANCE_KEY }) =>
  crypto.subtle.importKey("raw", bytes(MAINTENANCE_KEY), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ]);

async function signature(text, env) {
  const signed = new Uint8Array(await crypto.subtle.sign("HMAC", await keyOf(env), bytes(text)));
  return [...signed].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** `verify` takes as long whichever digit is wrong. */
async function isSigned(text, signed, env) {
  if (!/^[0-9a-f]{64}$/.test(signed)) return false;
  const given = Uint8Array.from(signed.match(/../g), (digits) => Number.parseInt(digits, 16));
  return crypto.subtle.verify("HMAC", await keyOf(env), given, bytes(text));
}

/** Never 200, whatever asks: a sender of webhooks would take it for delivered. */
function closed(request, url, application, until, env) {
  const left = Math.ceil((until - Date.now()) / SECOND);
  const [type, body] = wantsJson(request, url)
    ? ["application/json", JSON.stringify({ error: "maintenance", until: new Date(until).toISOString() })]
    : ["text/html; charset=utf-8", page(request, url, application, until, env)];
  return new Response(request.method === "HEAD" ? null : body, {
    status: 503,
    headers: {
      "Content-Type": type,
      "Retry-After": String(application.retryAfter ?? Math.min(Math.max(left, 60), 86_400)),
      "Cache-Control": "no-store",
      Vary: "Accept, Accept-Language, Content-Type",
      "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      "X-Content-Type-Options": "nosniff",
      // By it the check of a deployment knows that the site is closed on purpose.
      "X-Tandem-Maintenance": application.key,
    },
  });
}

function wantsJson({ headers }, { pathname }) {
  const [accept, sent] = ["Accept", "Content-Type"].map((name) => headers.get(name) ?? "");
  const json = /\bjson\b/i;
  return (
    /^\/api(\/|$)/i.test(pathname) || json.test(sent) || (json.test(accept) && !/\bhtml\b/i.test(accept))
  );
}

const WORDS = {
  fr: {
    title: "Site en maintenance",
    text: "Une opération de maintenance est en cours. Merci de revenir un peu plus tard.",
    back: "Retour prévu :",
    contact: "Nous contacter :",
  },
  en: {
    title: "Down for maintenance",
    text: "We are working on this site. Please come back a little later.",
    back: "Expected back:",
    contact: "Contact:",
  },
};

function page(request, { hostname }, { text, contact }, until, env) {
  const lang = languageOf(request.headers.get("Accept-Language") ?? "");
  const words = WORDS[lang];
  // A text that the team wrote in one language only is read in it: a screen reader is told which.
  const textLang = text[lang] === undefined ? (Object.keys(text)[0] ?? lang) : lang;
  const gaps = {
    lang,
    title: words.title,
    host: escaped(hostname),
    textLang,
    text: escaped(text[textLang] ?? words.text),
    back: words.back,
    until: new Date(until).toISOString(),
    when: escaped(localTime(until, lang, request.cf?.timezone)),
    contact: contact === undefined ? "" : `<p><span>${words.contact}</span> ${link(contact)}</p>`,
  };
  return env.PAGE.replace(/\{\{(\w+)\}\}/g, (_, gap) => gaps[gap]);
}

/** Of the two languages the one that is liked better. */
function languageOf(accepted) {
  const liked = accepted.split(",").map((range) => {
    const [tag, ...parameters] = range
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
    return { language: tag.split("-")[0], weight: Number(weight) };
  });
  const known = liked.filter(({ language, weight }) => Object.hasOwn(WORDS, language) && weight > 0);
  return known.sort((one, other) => other.weight - one.weight)[0]?.language ?? "en";
}

/** On the visitor's own clock, as far as the edge knows where they are. */
function localTime(instant, lang, timeZone = "UTC") {
  const parts = { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" };
  try {
    return new Intl.DateTimeFormat(lang, { ...parts, timeZone, timeZoneName: "short" }).format(instant);
  } catch {
    // A zone that this runtime does not know.
    return localTime(instant, lang);
  }
}

function link(contact) {
  const address = contact.startsWith("https://") ? contact : `mailto:${contact}`;
  return `<a href="${escaped(address)}">${escaped(contact)}</a>`;
}

function escaped(text) {
  const names = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => names[character]);
}
