import assert from "node:assert/strict";
import { test } from "node:test";
import type { Passport, Verification } from "../components/passport";
import { report } from "../config/mistakes";
import { parse } from "../config/parse";
import { raw } from "../config/testing";
import { type Candidate, lacks, refusals, span, unknownPin } from "./refusals";

const settings = parse(raw());
const DIGEST = `sha256:${"a".repeat(64)}`;
const verification: Verification = { at: "2026-11-20T08:00:00.000Z", urls: [], baked: [] };
const proved: Passport = {
  id: "r-0123456789ab",
  environment: "sandbox",
  release: { web: DIGEST },
  configuration: { web: ["MAP_KEY", "SECRET_KEY"] },
  program: { files: "0123456789ab", commit: "c".repeat(40) },
  migrations: {},
  verification,
};
const candidate: Candidate = {
  passport: proved,
  settings,
  program: proved.program,
  now: "2026-11-22T08:00:00.000Z",
  pinned: false,
  running: false,
};

const said = (changes: Partial<Passport>, rest: Partial<Candidate> = {}) =>
  report("", refusals({ ...candidate, ...rest, passport: { ...proved, ...changes } })).trim();

const { verification: _, ...unverified } = proved;

test("a verified passport of this program is taken", () => {
  assert.equal(said({}), "");
});

test("a release that nobody has looked at is refused; where nothing is released there is nothing to look at", () => {
  const of = (passport: Passport) => refusals({ ...candidate, passport });
  assert.equal(
    report("", of(unverified)).trim(),
    `the sandbox's passport  verification
    found    none: nobody has looked at this release while it ran
    allowed  a release that the sandbox ran and verified within 7 days
    remedy   let the sandbox run (enabled: true), then npx tandem verify, then this again`,
  );
  assert.deepEqual(of({ ...unverified, release: {} }), []);
});

test("a verification that is too old is refused with its age and the limit; on the day itself it is not", () => {
  assert.equal(
    said({ verification: { ...verification, at: "2026-11-13T05:00:00.000Z" } }),
    `the sandbox's passport  verification.at
    found    2026-11-13T05:00:00.000Z, 9 days and 3 hours ago
    allowed  a verification that is at most 7 days old (promotion.maxAge)
    remedy   npx tandem verify, which looks at the sandbox once more, then this again`,
  );
  assert.equal(said({ verification: { ...verification, at: "2026-11-15T08:00:00.000Z" } }), "");
  const strict = parse(raw({ shared: { promotion: { maxAge: "90m" } } }));
  assert.match(said({}, { settings: strict }), /at most 1 hour and 30 minutes old/);
});

test("another program than the one that proved it is refused, with both commits", () => {
  assert.equal(
    said({}, { program: { files: "ba9876543210", commit: "d".repeat(40) } }),
    `the sandbox's passport  program
    found    program 0123456789ab at commit cccccccccccc
    allowed  program ba9876543210 at commit dddddddddddd, which is about to declare production
    remedy   pulumi up --stack sandbox with this program first, or check out ${"c".repeat(40)} here`,
  );
  const unnamed = said({ program: { files: "0123456789ab" } }, { program: { files: "ba9876543210" } });
  assert.match(unnamed, /found {4}program 0123456789ab\n/);
  assert.match(unnamed, /first$/);
});

test("a front end with the sandbox's values in it is refused, by application, file and names", () => {
  const baked = [
    { application: "web", file: "/static/app.js", carries: ["API_URL", "host"] },
    { application: "web", file: "/static/map.js", carries: ["MAP_KEY"] },
  ];
  const message = said({ verification: { ...verification, baked } });
  assert.match(message, /the sandbox's passport {2}verification\.baked\.web\n/);
  assert.match(message, /found {4}\/static\/app\.js carries the sandbox's API_URL, host\n/);
  assert.match(message, /found {4}\/static\/map\.js carries the sandbox's MAP_KEY\n/);
  assert.match(message, /applications\.web\.runtimeScripts/);
});

test("nothing is lacking where production has every name that the sandbox has", () => {
  assert.deepEqual(lacks({ configuration: { web: ["MAP_KEY", "SECRET_KEY"] } }, settings), []);
});

test("every name and every application that production lacks is told, with its path", () => {
  const found = lacks({ configuration: { web: ["API_URL", "MAP_KEY", "FLAG"], office: ["X"] } }, settings);
  assert.deepEqual(
    found.map(({ file, path }) => `${file} ${path}`),
    [
      "Pulumi.prod.yaml applications.web.variables.API_URL",
      "Pulumi.prod.yaml applications.web.variables.FLAG",
      "Pulumi.prod.yaml applications.office",
    ],
  );
});

/** Wrong in every way at once. */
const wrong: Partial<Passport> = {
  configuration: { web: ["FLAG"] },
  program: { files: "ba9876543210" },
  verification: {
    at: "2026-01-01T00:00:00.000Z",
    urls: [],
    baked: [{ application: "web", file: "/a.js", carries: ["host"] }],
  },
};

const paths = (rest: Partial<Candidate>) =>
  refusals({ ...candidate, passport: { ...proved, ...wrong }, ...rest }).map(({ path }) => path);

test("all that is wrong is told at once", () => {
  assert.deepEqual(paths({}), [
    "verification.at",
    "applications.web.variables.FLAG",
    "program",
    "verification.baked.web",
  ]);
});

test("the release that production runs already needs no new verification: configuration alone is no promotion", () => {
  assert.deepEqual(paths({ running: true }), [
    "applications.web.variables.FLAG",
    "program",
    "verification.baked.web",
  ]);
});

test("going back asks neither for verification, program nor front end, and still for every name", () => {
  assert.deepEqual(paths({ pinned: true }), ["applications.web.variables.FLAG"]);
});

test("an id that was not kept is told with those that were", () => {
  const pinned = { ...settings, passport: "r-ffffffffffff" };
  const { verification: __, ...unseen } = { ...proved, id: "r-ba9876543210" };
  assert.equal(
    unknownPin(pinned, [proved, unseen]).allowed,
    "one of r-0123456789ab (verified 2026-11-20), r-ba9876543210",
  );
  assert.equal(unknownPin(pinned, [proved]).found, '"r-ffffffffffff"');
  assert.equal(unknownPin(pinned, []).allowed, "nothing: no passport was kept yet");
});

test("a length of time reads as people say it", () => {
  assert.deepEqual([30, 60, 3600 * 5 + 120, 86_400, 86_400 * 40 + 3661].map(span), [
    "less than a minute",
    "1 minute",
    "5 hours and 2 minutes",
    "1 day",
    "40 days and 1 hour",
  ]);
});
