import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../parse";
import { raw } from "../testing";

const S3IC = { bucket: "media", prefix: "s3ic/", every: "8d" };
const job = (inputs: object) => ({ application: "web", command: "check", inputs });
const OBJECT = { question: "Which?" };
const read = (intake: object, jobs: object = {}) => parse(raw({ shared: { intake, jobs } }));

test("what arrives needs a bucket, a folder and how often it comes; the rest has its defaults", () => {
  assert.deepEqual(read({ s3ic: S3IC }).intake, {
    s3ic: { bucket: "media", prefix: "s3ic/", every: 8 * 86_400, minimumBytes: 1, checksum: "none" },
  });
  assert.deepEqual(parse(raw()).intake, {});
});

test("a job may check it, with other inputs that have defaults", () => {
  const jobs = { look: job({ OBJECT, YEAR: { question: "Which?", default: "2026" } }) };
  assert.equal(read({ s3ic: { ...S3IC, check: "look" } }, jobs).intake.s3ic?.check, "look");
});

for (const [what, intake, jobs, ...messages] of [
  ["a bucket that is not there", { s3ic: { ...S3IC, bucket: "attic" } }, {}, /s3ic\.bucket/, /media/],
  ["a folder without its end", { s3ic: { ...S3IC, prefix: "s3ic" } }, {}, /with \/ at its end/],
  ["the whole bucket", { s3ic: { ...S3IC, prefix: "/" } }, {}, /s3ic\.prefix/],
  ["a folder with a wildcard", { s3ic: { ...S3IC, prefix: "*/" } }, {}, /s3ic\.prefix/],
  ["no cadence", { s3ic: { bucket: "media", prefix: "s3ic/" } }, {}, /s3ic\.every/],
  ["a cadence of minutes", { s3ic: { ...S3IC, every: "5m" } }, {}, /at least 1h/],
  ["an unknown checksum", { s3ic: { ...S3IC, checksum: "md5" } }, {}, /s3ic\.checksum/],
  [
    "a folder in another's",
    { s3ic: S3IC, older: { ...S3IC, prefix: "s3ic/2025/" } },
    {},
    /older\.prefix/,
    /intake\.s3ic has "s3ic\/"/,
  ],
  ["a check that is no job", { s3ic: { ...S3IC, check: "look" } }, {}, /s3ic\.check/, /"look"/],
  [
    "a check that takes no object",
    { s3ic: { ...S3IC, check: "look" } },
    { look: job({}) },
    /a job without the input OBJECT/,
  ],
  [
    "a check that asks for more",
    { s3ic: { ...S3IC, check: "look" } },
    { look: job({ OBJECT, YEAR: { question: "Which?" } }) },
    /also asks for YEAR/,
  ],
] as const)
  test(`refused: ${what}`, () => {
    assert.throws(
      () => read(intake, jobs),
      ({ message }: Error) => messages.every((each) => each.test(message)),
    );
  });
