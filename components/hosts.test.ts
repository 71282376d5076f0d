import assert from "node:assert/strict";
import { test } from "node:test";
import { application } from "../config/schema/application";
import { allRoutes, probedUrl } from "./hosts";

const applications = {
  "back-office": application.parse({
    editors: ["ann@shop.example"],
    processes: { web: { host: "back-office.shop.example" } },
  }),
  web: application.parse({
    processes: {
      worker: { command: "work" },
      web: { host: "shop.example", aliases: ["www.shop.example"], healthPath: "/health" },
    },
  }),
};
const { web } = applications;
const all = () => true;

test("the outside asks where the first public process says that it is well, never behind a login", () => {
  assert.equal(probedUrl(applications, all), "https://shop.example/health");
});

for (const [why, asleep, released] of [
  ["has no image yet", web, (key: string) => key !== "web"],
  ["is switched off", { ...web, enabled: false }, all],
  [
    "runs no copy",
    {
      ...web,
      processes: application.parse({ processes: { web: { host: "shop.example", count: 0 } } }).processes,
    },
    all,
  ],
] as const)
  test(`an application that ${why} is not asked`, () => {
    assert.equal(probedUrl({ ...applications, web: asleep }, released), undefined);
  });

test("a route is known by whose it is: hosts that two processes exchange leave every route as it is", () => {
  const routes = (one: string, other: string) =>
    allRoutes({
      web: application.parse({
        processes: { web: { host: one, aliases: ["old.shop.example"] }, worker: {} },
      }),
      office: application.parse({ processes: { web: { host: other } } }),
    });
  assert.deepEqual(routes("a.shop.example", "b.shop.example"), [
    "web_web",
    "web_web old.shop.example",
    "office_web",
  ]);
  assert.deepEqual(routes("b.shop.example", "a.shop.example"), routes("a.shop.example", "b.shop.example"));
});
