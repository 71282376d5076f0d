import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { exampleDeclared } from "./declared.test-helper";
import { mermaid } from "./picture";
import { ROOT } from "./project";

test("the picture has a box for each part, with its size, and arrows between parts only", async () => {
  const { sandbox } = await exampleDeclared("oc-pizza");
  const lines = mermaid(sandbox.stack).split("\n");
  const boxes = lines.filter((line) => line.includes("["));
  const sizes = boxes.map((line) => Number(/<br\/>(\d+) resource/.exec(line)?.[1]));
  const names = boxes.map((line) => /\["(.+)<br/.exec(line)?.[1]);
  assert.equal(lines[0], "flowchart LR");
  for (const name of ["Network", "Database main", "Application web", "Bucket media", "Edge", "Backups"])
    assert.ok(names.includes(name), `${name} in ${names.join(", ")}`);
  const resources = sandbox.stack.resources.filter(({ custom }) => custom);
  assert.equal(
    sizes.reduce((sum, size) => sum + size, 0),
    resources.length,
  );
  const arrow = /^ {2}(n\d+) --> (n\d+)$/;
  const arrows = lines.filter((line) => line.includes("-->"));
  assert.ok(arrows.length > 10);
  for (const line of arrows) {
    const [, from, to] = arrow.exec(line) ?? [];
    assert.ok(from && to && from !== to, line);
  }
  assert.equal(new Set(arrows).size, arrows.length);
});

test("the README shows the picture as it is today", async () => {
  const { prod } = await exampleDeclared("oc-pizza");
  const shown = /```mermaid\n([\s\S]+?)\n```/.exec(readFileSync(join(ROOT, "README.md"), "utf8"))?.[1];
  assert.equal(shown, mermaid(prod.stack), "npx tandem map --example oc-pizza prints it");
});
