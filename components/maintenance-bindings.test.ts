import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../config/parse";
import { raw } from "../config/testing";
import { applicationBindings, closable, page, rangeOf, shownHosts } from "./maintenance-bindings";

const applications = (changes: object) => parse(raw({ shared: { applications: changes } })).applications;

for (const [text, first, last] of [
  ["192.0.2.7", "c0000207", "c0000207"],
  ["192.0.2.7/24", "c0000200", "c00002ff"],
  ["198.51.100.0/22", "c6336400", "c63367ff"],
  ["10.0.0.0/8", "0a000000", "0affffff"],
  ["128.0.0.0/1", "80000000", "ffffffff"],
  ["::ffff:192.0.2.7", "c0000207", "c0000207"],
  ["2001:db8::1", `20010db8${"0".repeat(23)}1`, `20010db8${"0".repeat(23)}1`],
  ["2001:db8:a::/47", `20010db8000a${"0".repeat(20)}`, `20010db8000b${"f".repeat(20)}`],
] as const)
  test(`${text} is the range from ${first} to ${last}`, () => {
    assert.deepEqual(rangeOf(text), [first, last]);
  });

test("every host of an application is closed with it, aliases too; what nobody reaches is not asked about", () => {
  const found = closable(applications({ hidden: { processes: { worker: {} } } }));
  assert.deepEqual(Object.keys(found), ["web"]);
  assert.deepEqual(found.web?.hosts, { "shop.example": "/", "www.shop.example": "/" });
});

test("the button looks at no host behind a login", () => {
  const office = { processes: { web: { host: "office.shop.example" } }, editors: ["ann@shop.example"] };
  assert.deepEqual(shownHosts(applications({ "back-office": office })), {
    web: "shop.example",
    "back-office": undefined,
  });
});

test("each application is a binding of its own, and the page is one", () => {
  const office = { processes: { web: { host: "office.shop.example" } } };
  assert.deepEqual(
    applicationBindings(applications({ "back-office": office })).map(({ name, type }) => [name, type]),
    [
      ["APPLICATION_WEB", "json"],
      ["APPLICATION_BACK_OFFICE", "json"],
      ["PAGE", "plain_text"],
    ],
  );
});

test("what is longer than Cloudflare takes in a binding is refused before anything is touched", () => {
  const long = "日".repeat(400);
  const allow = Array.from({ length: 40 }, (_, index) => `2001:db8:${index}::/48`);
  const maintenance = { text: { fr: long, en: long }, allow };
  assert.throws(
    () => applicationBindings(applications({ web: { maintenance } })),
    /web for its maintenance takes \d{4} bytes; allowed: 5120\. Shorten/,
  );
  assert.ok(Buffer.byteLength(page()) < 5120);
});
