import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { type ReportLanguage, reportForm, USER_REPORT } from "./reports";

interface Field {
  readonly type: string;
  readonly id?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly validations?: { readonly required: boolean };
}

const GITHUBS_OWN = ["bug", "documentation", "duplicate", "enhancement", "good first issue"].concat(
  "help wanted",
  "invalid",
  "question",
  "wontfix",
);

const bodyOf = (language: ReportLanguage): Field[] => parse(reportForm(language)).body;

for (const [language, never] of [
  ["en", /Never paste a password.*personal/s],
  ["fr", /jamais de mot de passe.*personnelle/s],
] as const) {
  test(`the form (${language}) asks what happened, where, when and with what, and warns first`, () => {
    const [warning, ...questions] = bodyOf(language);
    assert.equal(warning?.type, "markdown");
    assert.match(String(warning?.attributes.value), never);
    assert.deepEqual(
      questions.map(({ id, validations }) => [id, validations?.required]),
      [
        ["what", true],
        ["where", true],
        ["when", true],
        ["browser", false],
      ],
    );
    for (const { attributes } of questions) assert.ok(attributes.label && attributes.description);
  });

  test(`the form (${language}) has what GitHub demands of one`, () => {
    const form = parse(reportForm(language));
    assert.ok(form.name.length >= 3 && form.description.length >= 3);
    assert.deepEqual(form.labels, [USER_REPORT.name]);
    const labels = bodyOf(language).flatMap(({ attributes: { label } }) => label ?? []);
    assert.equal(new Set(labels).size, labels.length);
  });
}

test("the label is one that a new repository does not have, with what GitHub takes for a colour and a text", () => {
  assert.ok(!GITHUBS_OWN.includes(USER_REPORT.name));
  assert.match(USER_REPORT.color, /^[0-9a-f]{6}$/);
  assert.ok(USER_REPORT.description.length <= 100);
});
