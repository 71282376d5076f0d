import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { watch } from "./watch";

/** Looks that find or fail as they are told; the last one is interrupted. */
async function watched(...looks: readonly (number | Error)[]) {
  const shown: string[] = [];
  const befores: (number | undefined)[] = [];
  const controller = new AbortController();
  let looked = 0;
  await watch<number>({
    look: async (before) => {
      befores.push(before);
      const next = looks[looked] as number | Error;
      looked += 1;
      if (looked === looks.length) controller.abort();
      if (next instanceof Error) throw next;
      return next;
    },
    words: (found) => `found ${found}`,
    show: (text) => shown.push(text),
    interrupted: controller.signal,
    every: 1,
  });
  return { shown, befores };
}

describe("a watch", () => {
  test("shows each look, hands what was found to the next, and ends with an interrupt", async () => {
    const { shown, befores } = await watched(1, 2, 3);
    assert.deepEqual(
      shown.map((text) => text.split("\n")[0]),
      ["found 1", "found 2", "found 3"],
    );
    assert.match(shown[0] ?? "", /\n\nlooked at 20\S+Z, every 0\.001 s; Ctrl-C ends it\n$/);
    assert.deepEqual(befores, [undefined, 1, 2]);
  });

  test("keeps what it found while a look fails, says so, and goes on", async () => {
    const { shown } = await watched(1, new Error("no network"), 2);
    assert.match(shown[1] ?? "", /^found 1\n\nnot seen at \S+: no network\n/);
    assert.match(shown[2] ?? "", /^found 2\n\nlooked at/);
  });

  test("fails where its first look does", async () => {
    await assert.rejects(watched(new Error("not logged in")), /^Error: not logged in$/);
  });

  test("is ended in the middle of a pause", async () => {
    const controller = new AbortController();
    const ended = watch({
      look: async () => 1,
      words: String,
      show: () => controller.abort(),
      interrupted: controller.signal,
      every: 3_600_000,
    });
    await ended;
  });
});
