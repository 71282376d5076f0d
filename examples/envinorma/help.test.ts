import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { source as axe } from "axe-core";
import { type Browser, chromium } from "playwright-core";
import { openProject, settingsOf } from "../../tandem/project";

/** The help site as its workflow compiles it: by the example's own command, with its variables and its address. */
const settings = settingsOf(openProject("envinorma"), "prod");
const help = settings.sites.help;
const folder = mkdtempSync(join(tmpdir(), "help-"));
const compiled = (page: string) => join(folder, help?.output ?? "", page);
const CONTACT = help?.variables.CONTACT ?? "";

function compile(variables: Readonly<Record<string, string>>) {
  const env = { PATH: process.env.PATH, ...variables };
  return spawnSync("bash", ["-e", "-c", help?.compile ?? ""], { cwd: folder, env, encoding: "utf8" });
}

before(() => {
  cpSync(join(__dirname, "help"), folder, { recursive: true });
  const { status, stderr } = compile({ ...help?.variables, BASE_URL: `https://${help?.host}` });
  assert.equal(status, 0, stderr);
});
after(() => rmSync(folder, { recursive: true }));

test("the address that it names is one that the mailbox receives mail at", () => {
  const local = CONTACT.replace(`@${settings.zone.name}`, "");
  assert.ok(local in (settings.mailbox?.addresses ?? {}), CONTACT);
});

for (const [page, lang, url] of [
  ["index.html", "fr", "https://aide.envinorma.example/"],
  ["en/index.html", "en", "https://aide.envinorma.example/en/"],
] as const)
  test(`${page} says its language, its address and whom to write to, and leaves nothing to be put in`, () => {
    const text = readFileSync(compiled(page), "utf8");
    assert.match(text, new RegExp(`<html lang="${lang}">`));
    assert.ok(text.includes(`<link rel="canonical" href="${url}">`));
    assert.ok(text.includes(`<a href="mailto:${CONTACT}">${CONTACT}</a>`));
    assert.doesNotMatch(text, /@[A-Z_]+@/);
  });

test("without an address for questions nothing is compiled", () => {
  const { status, stderr } = compile({ BASE_URL: "https://x.example" });
  assert.notEqual(status, 0);
  assert.match(stderr, /CONTACT: is the address for questions/);
});

const BROWSERS = [process.env.CHROMIUM ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser"];
const executablePath = BROWSERS.find((path) => path !== "" && existsSync(path));
const skip = executablePath === undefined && "no browser here: apt-get install chromium, or set CHROMIUM";

describe("in a browser", { skip }, () => {
  let browser: Browser;
  before(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? "", args: ["--no-sandbox"] });
  });
  after(() => browser.close());

  for (const page of ["index.html", "en/index.html", "404.html"])
    test(`${page} shuts nobody out: on a small screen, in light and dark, by keyboard`, async () => {
      const shown = await browser.newPage({ viewport: { width: 320, height: 640 } });
      await shown.goto(pathToFileURL(compiled(page)).href);
      // A path from the site's own top means nothing in a file.
      await shown.addStyleTag({ path: compiled("style.css") });
      await shown.evaluate(axe);
      for (const colorScheme of ["light", "dark"] as const) {
        await shown.emulateMedia({ colorScheme });
        const { violations } = (await shown.evaluate("axe.run()")) as { violations: { id: string }[] };
        assert.deepEqual(
          violations.map(({ id }) => id),
          [],
        );
      }
      assert.ok(Number(await shown.evaluate("document.documentElement.scrollWidth")) <= 320);
      await shown.keyboard.press("Tab");
      const first = await shown.evaluate("document.activeElement.getAttribute('href')");
      if (page !== "404.html") assert.match(String(first), /^#/, "the first stop leads past the navigation");
      await shown.close();
    });
});
