import assert from "node:assert/strict";
import { test } from "node:test";
import type { Passport } from "../components/passport";
import { difference, listed, released } from "./promotion-words";

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

const running: Passport = {
  id: "r-000000000000",
  environment: "sandbox",
  release: { web: digest("a"), office: digest("b") },
  configuration: {},
  program: { files: "0123456789ab", commit: "c".repeat(40) },
  migrations: { web: "0007_old" },
  verification: { at: "2026-11-20T08:05:09.000Z", urls: ["https://sandbox.shop.example"], baked: [] },
};
const wanted: Passport = {
  ...running,
  id: "r-111111111111",
  release: { web: digest("d"), office: digest("b"), map: digest("e") },
  program: { files: "0123456789ab" },
  migrations: { web: "0008_new" },
};

test("a promotion reads as what changes: images in short, program, who looked, and migrations", () => {
  assert.equal(
    difference(wanted, running),
    `  map         not released -> sha256:eeeeeeeeeeee
  office      sha256:bbbbbbbbbbbb (as it is)
  web         sha256:aaaaaaaaaaaa -> sha256:dddddddddddd
  program     0123456789ab at commit cccccccccccc -> 0123456789ab
  verified    2026-11-20 08:05 UTC by https://sandbox.shop.example
  migrations  web: 0007_old -> 0008_new`,
  );
});

test("the first promotion has nothing to be compared with", () => {
  const { verification: _, ...unseen } = running;
  assert.equal(
    difference({ ...unseen, migrations: {}, release: {} }, undefined),
    "  program   none -> 0123456789ab at commit cccccccccccc\n  verified  never",
  );
  assert.equal(released({ ...running, release: {} }), "no application yet");
});

test("the kept passports are listed with what they run and when they were verified", () => {
  assert.equal(
    listed([wanted, { ...running, release: { web: digest("a") } }]),
    "  r-111111111111  web sha256:dddddddddddd  office sha256:bbbbbbbbbbbb  map sha256:eeeeeeeeeeee  " +
      "verified 2026-11-20 08:05 UTC  (runs now)\n" +
      "  r-000000000000  web sha256:aaaaaaaaaaaa  verified 2026-11-20 08:05 UTC",
  );
});
