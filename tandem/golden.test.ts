import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ENVIRONMENTS } from "../config/settings";
import { declared } from "./declared";
import { goldenFile, inventory } from "./inventory";
import { examples, openProject } from "./project";

for (const example of examples())
  test(`${example} declares exactly what its golden inventories say`, async () => {
    const stacks = await declared(openProject(example));
    for (const environment of ENVIRONMENTS) {
      const golden: unknown = JSON.parse(readFileSync(goldenFile(example, environment), "utf8"));
      const lines: unknown = JSON.parse(JSON.stringify(inventory(stacks[environment].neutral)));
      assert.deepEqual(lines, golden, `${environment}: if this is meant, npm run golden, and read the diff`);
    }
  });
