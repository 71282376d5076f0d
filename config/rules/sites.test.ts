import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError } from "../mistakes";
import { parse } from "../parse";
import { RIGHT, raw } from "../testing";

const host = "blog.shop.example";
const site = (changes: object) => ({ shared: { sites: { blog: { host, ...changes } } } });
const pages = (changes: object) => site({ target: "pages", ...changes });

const message = (changes: object): string => {
  try {
    parse(raw(changes));
    return "";
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return error.message;
  }
};

/** What is wrong, the configuration that has it, and what the message must say: path, allowed, remedy. */
const WRONG: readonly (readonly [string, object, ...RegExp[]])[] = [
  [
    "a site outside the zone",
    site({ host: "blog.test" }),
    /sites\.blog\.host/,
    /shop\.example or a host below it/,
  ],
  ["an alias outside the zone", site({ aliases: ["blog.test"] }), /sites\.blog\.aliases\.0/, /"blog\.test"/],
  [
    "a site on an application's host",
    site({ host: "shop.example" }),
    /sites\.blog\.host/,
    /applications\.web\.processes\.web\.host has this one/,
  ],
  [
    "an alias that is another site's host",
    { shared: { sites: { blog: { host }, docs: { host: "docs.shop.example", aliases: [host] } } } },
    /sites\.docs\.aliases\.0/,
    /sites\.blog\.host has this one/,
  ],
  ["a bucket that compiles", site({ pipeline: "native" }), /sites\.blog\.pipeline/, /say target: pages/],
  ["Pages without a token", pages({}), /sites\.blog\.token/, /a Cloudflare token/, /or say pipeline: native/],
  [
    "a token that is not declared",
    pages({ token: "PAGES_TOKEN" }),
    /sites\.blog\.token/,
    /given secrets: MAP_KEY/,
    /declare PAGES_TOKEN/,
  ],
  [
    "a token that is made up",
    pages({ token: "SECRET_KEY" }),
    /sites\.blog\.token/,
    /one of the given secrets/,
  ],
  ["a token that nothing uses", site({ token: "MAP_KEY" }), /sites\.blog\.token/, /remove token/],
  [
    "a token beside the host's own pipeline",
    pages({ pipeline: "native", token: "MAP_KEY" }),
    /sites\.blog\.token/,
    /remove token/,
  ],
  [
    "two homes",
    site({ gitlab: "agency/site", repository: "site" }),
    /sites\.blog\.repository/,
    /remove repository or gitlab/,
  ],
  [
    "GitLab and the host's own pipeline",
    pages({ gitlab: "agency/site", pipeline: "native" }),
    /sites\.blog\.pipeline/,
    /remove pipeline, or gitlab/,
  ],
  ["mails that nobody writes to", site({ mails: ["a@b.fr"] }), /sites\.blog\.mails/, /under notices/],
  [
    "a base URL of one's own",
    site({ variables: { BASE_URL: "https://x.test" } }),
    /sites\.blog\.variables/,
    /remove BASE_URL/,
  ],
  [
    "a secret in clear",
    site({ variables: { CMS_TOKEN: "hush-hush" } }),
    /sites\.blog\.variables\.CMS_TOKEN/,
    /compiled without secrets/,
  ],
  ["an unknown key", site({ compil: "hugo" }), /sites\.blog\.compil/, /did you mean compile/],
  ["an unknown target", site({ target: "netlify" }), /sites\.blog\.target/, /bucket/],
];

for (const [what, changes, ...words] of WRONG)
  test(`${what} is refused with its path and its remedy`, () => {
    const found = message(changes);
    for (const word of words) assert.match(found, word);
    assert.doesNotMatch(found, /hush-hush/);
  });

const SOUND: readonly (readonly [string, object])[] = [
  ["in a bucket", site({ aliases: ["www.blog.shop.example"], compile: "hugo" })],
  ["on Pages, uploaded by a workflow", pages({ token: "MAP_KEY" })],
  ["on Pages, compiled by Pages", pages({ pipeline: "native", mails: ["a@b.fr"] })],
  ["from GitLab, in a bucket", site({ gitlab: "agency/site" })],
  ["from GitLab, on Pages: GitLab keeps the token", pages({ gitlab: "agency/site" })],
];

for (const [what, changes] of SOUND)
  test(`a site ${what} is right`, () => {
    assert.equal(message(changes), "");
  });

test("a system of sites alone needs no network and no process", () => {
  const { backupRegion, zone, github, notices } = RIGHT.shared;
  const { "shop:MAP_KEY": _, ...values } = raw().values;
  const shared = { backupRegion, zone, github, notices, sites: { blog: { host } } };
  const settings = parse({ ...raw(), values: { ...values, "shop:shared": JSON.stringify(shared) } });
  assert.deepEqual(Object.keys(settings.sites), ["blog"]);
  assert.equal(settings.network, undefined);
});
