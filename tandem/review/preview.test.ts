import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { told } from "../way";
import { fromPreview } from "./preview";

const read = (file: string) => readFileSync(join(__dirname, file), "utf8");

test("both forms of a preview say the same", () => {
  const whole = fromPreview("prod", read("deleted-database.preview.test-input.json"));
  const streamed = fromPreview("prod", read("deleted-database.preview.test-input.jsonl"));
  const steps = ({ steps }: typeof whole) =>
    told(steps)
      .map(({ op, name, changed = [] }) => [op, name, ...changed].join(" "))
      .sort();
  assert.deepEqual(steps(whole), [
    "create media",
    "delete main",
    "update history instanceClass",
    "update task policy",
    "update told displayName",
    "update web retentionInDays",
  ]);
  assert.deepEqual(steps(streamed), steps(whole));
  const known = new Map(streamed.after.map((seen) => [seen.urn, seen]));
  for (const seen of whole.after) assert.deepEqual(known.get(seen.urn), seen);
  assert.deepEqual([whole.partial, streamed.partial], [true, false], "only one says what stays as it is");
});

test("what a preview holds before and after is known, with secrets masked", () => {
  const { before, after } = fromPreview("prod", read("deleted-database.preview.test-input.json"));
  const databases = (all: typeof before) => all.filter(({ type }) => type === "aws:rds/instance:Instance");
  assert.deepEqual(
    databases(before)
      .map(({ name }) => name)
      .sort(),
    ["history", "main"],
  );
  assert.deepEqual(
    databases(after).map(({ name, inputs }) => [name, inputs.instanceClass, inputs.password]),
    [["history", "db.t4g.medium", "[secret]"]],
  );
});

test("a failed preview has its reasons, without what must not be shown", () => {
  const text = read("protected-database.preview.test-input.json");
  const { failures } = fromPreview("prod", text, (message) =>
    message.includes("database") || message.includes("main") ? "redacted" : message,
  );
  assert.deepEqual(failures, [
    {
      urn: "urn:pulumi:prod::shop::tandem:hosting:Database$aws:rds/instance:Instance::main",
      message: "redacted",
    },
  ]);
});

test("what is no preview is refused", () => {
  assert.throws(
    () => fromPreview("sandbox", "error: no stack named"),
    /sandbox is not what pulumi preview --json/,
  );
});
