import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { source as axe } from "axe-core";
import { Miniflare } from "miniflare";
import { type Browser, chromium, type Page } from "playwright-core";
import { type ClosableApplication, page as source } from "./maintenance-bindings";

/** The page in a real browser, as the worker hands it out in workerd. Nothing leaves this machine. */
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const browserPath = [process.env.CHROMIUM ?? "", ...BROWSERS].find((path) => path !== "" && existsSync(path));
const skip = browserPath === undefined && "no browser here: apt-get install chromium, or set CHROMIUM";

const SCREENSHOTS = resolve(__dirname, "..", ".tandem", "screenshots");
const UNTIL = new Date(Date.now() + 2 * 3_600_000).toISOString();

const closed = (key: string, more: Partial<ClosableApplication> = {}): ClosableApplication => ({
  key,
  hosts: { [`${key}.example`]: "/" },
  text: {},
  allow: [],
  until: UNTIL,
  ...more,
});

const LONG = "a-very-long-name-of-a-host-that-does-not-fit-into-one-line";

const APPLICATIONS: readonly ClosableApplication[] = [
  closed("shop", {
    text: {
      fr: "Nous mettons à jour la boutique.\nVos commandes sont en sécurité, et la cuisine continue.",
      en: "We are updating the shop.\nYour orders are safe, and the kitchen goes on.",
    },
    contact: "bonjour@shop.example",
  }),
  closed("plain"),
  // What a team may write, and no line holds.
  closed(LONG, {
    text: { fr: "Anticonstitutionnellement".repeat(8) },
    contact: `https://status.example/${"incident-".repeat(18)}`,
  }),
];

const runtime = new Miniflare({
  modules: true,
  script: readFileSync(join(__dirname, "edge-worker.js"), "utf8"),
  compatibilityDate: "2025-09-01",
  cf: false,
  host: "127.0.0.1",
  bindings: {
    ...Object.fromEntries(APPLICATIONS.map((one, index) => [`APPLICATION_${index}`, { ...one }])),
    PAGE: source(),
    MAINTENANCE_KEY: "k".repeat(48),
    ORIGIN_KEY: "the-key",
    NOINDEX: "off",
  } as unknown as Record<string, string>,
});

let browser: Browser;
before(async () => {
  if (browserPath === undefined) return;
  const { port } = await runtime.ready;
  // Every name is this machine's, so that the page is read under its own host and nothing else is reached.
  const names = `--host-resolver-rules=MAP *.example 127.0.0.1:${port}, MAP * ~NOTFOUND`;
  browser = await chromium.launch({
    executablePath: browserPath,
    args: ["--no-sandbox", "--disable-background-networking", names],
  });
  mkdirSync(SCREENSHOTS, { recursive: true });
});
after(() => Promise.all([browser?.close(), runtime.dispose()]));

interface Opened {
  readonly page: Page;
  readonly asked: readonly string[];
  readonly complaints: readonly string[];
}

/** A page that was opened once, and all that it asked for and complained of. */
async function opened(host: string, locale: string): Promise<Opened> {
  const context = await browser.newContext({ locale, timezoneId: "Europe/Paris" });
  const page = await context.newPage();
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).origin));
  // That the answer is 503 is what it says of itself.
  page.on("console", (message) => /status of 503/.test(message.text()) || complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  const answer = await page.goto(`http://${host}.example/cart`);
  assert.equal(answer?.status(), 503);
  return { page, asked, complaints };
}

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe finds wrong, and what it cannot decide: a page as plain as this leaves nothing open. */
async function findings(page: Page): Promise<readonly string[]> {
  const { violations, incomplete } = (await page.evaluate("axe.run()")) as Record<
    "violations" | "incomplete",
    Finding[]
  >;
  return [...violations, ...incomplete].map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`);
}

/** Nobody is shut out, nothing is cut off, and nothing beside the page is asked for. */
async function holds({ page, asked, complaints }: Opened, host: string, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 720 });
  assert.deepEqual(await findings(page), []);
  const over = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
  assert.ok(Number(over) <= 0, `${over} px too wide`);
  assert.deepEqual([...new Set(asked)], [`http://${host}.example`]);
  assert.deepEqual(complaints, []);
}

const LANGUAGES = [
  ["fr", "fr-FR"],
  ["en", "en-GB"],
] as const;

describe("the maintenance page in a browser", { skip }, () => {
  for (const [lang, locale] of LANGUAGES)
    test(`shuts nobody out in ${lang}: on a small screen and a large one, in light and dark`, async () => {
      const shown = await opened("shop", locale);
      const { page } = shown;
      assert.equal(await page.getAttribute("html", "lang"), lang);
      await page.evaluate(axe);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await holds(shown, "shop", 320);
        await holds(shown, "shop", 1280);
        await page.screenshot({ path: join(SCREENSHOTS, `maintenance-${lang}-${colorScheme}.png`) });
      }
      await page.context().close();
    });

  for (const [what, key] of [
    ["no text and no contact", "plain"],
    ["words and a name that no line holds, in one language only", LONG],
  ] as const)
    test(`holds ${what}`, async () => {
      const shown = await opened(key, "en-GB");
      await shown.page.evaluate(axe);
      await holds(shown, key, 320);
      await shown.page.context().close();
    });

  test("is read by a screen reader in the order in which it stands", async () => {
    const { page } = await opened("shop", "fr-FR");
    const read = await page.locator("body").ariaSnapshot();
    assert.match(
      read,
      /^- main:\n {2}- paragraph: shop\.example\n {2}- heading "Site en maintenance" \[level=1\]\n {2}- paragraph: Nous mettons.*\n {2}- paragraph:\n[\s\S]*- time: .+\n {2}- paragraph:\n[\s\S]*- link "bonjour@shop\.example"/,
    );
    await page.context().close();
  });

  test("the keyboard reaches every link, and shows where it is", async () => {
    for (const key of ["shop", LONG]) {
      const { page } = await opened(key, "en-GB");
      const links = (await page.evaluate("[...document.links].map(({ href }) => href)")) as string[];
      assert.equal(links.length, 1);
      for (const link of links) {
        await page.keyboard.press("Tab");
        const [focused, outline] = (await page.evaluate(
          "[document.activeElement.href, getComputedStyle(document.activeElement).outlineStyle]",
        )) as [string, string];
        assert.deepEqual([focused, outline], [link, "solid"]);
      }
      await page.context().close();
    }
  });

  test("stays readable where the browser takes the page's colours away", async () => {
    const { page } = await opened("shop", "en-GB");
    await page.emulateMedia({ forcedColors: "active" });
    await page.evaluate(axe);
    assert.deepEqual(await findings(page), []);
    await page.context().close();
  });
});
