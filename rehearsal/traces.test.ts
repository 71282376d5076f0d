import assert from "node:assert/strict";
import { basename } from "node:path";
import { test } from "node:test";
import { withoutSourceMaps } from "./traces";

const LINE = /traces\.test\.ts:(\d+):\d+/;

/** The line of the file that throws, as the error's trace has it. */
const lineOf = (error: unknown) => Number(LINE.exec(String((error as Error).stack))?.[1]);

async function failing(): Promise<never> {
  await new Promise((done) => setImmediate(done));
  throw new Error("as it happens");
}

test(`an error of such work leads to its line in ${basename(__filename)} all the same`, async () => {
  assert.ok(process.sourceMapsEnabled, "tests run with tsx");
  const [first, second] = await Promise.allSettled([withoutSourceMaps(failing), withoutSourceMaps(failing)]);
  for (const { status, reason } of [first, second] as PromiseRejectedResult[]) {
    assert.equal(status, "rejected");
    assert.equal(lineOf(reason), 13);
  }
  assert.ok(process.sourceMapsEnabled, "and so do errors afterwards");
});
