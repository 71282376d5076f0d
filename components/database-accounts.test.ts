import assert from "node:assert/strict";
import { test } from "node:test";
import { accounts, secondUser } from "./database-accounts";

const of = (generation: number, retired: boolean) => {
  const { own, second, current } = accounts({ generation, retired });
  return { own, second, current: `${current.second ? "second" : "own"} ${current.password}`.trim() };
};

test("generations alternate; the user before keeps its password until it is retired", () => {
  assert.deepEqual(of(1, true), { own: "", second: undefined, current: "own" });
  assert.deepEqual(of(2, false), { own: "", second: "-2", current: "second -2" });
  assert.deepEqual(of(2, true), { own: "-2-withdrawn", second: "-2", current: "second -2" });
  assert.deepEqual(of(3, false), { own: "-3", second: "-2", current: "own -3" });
  assert.deepEqual(of(3, true), { own: "-3", second: undefined, current: "own -3" });
  assert.deepEqual(of(4, false), { own: "-3", second: "-4", current: "second -4" });
});

test("a rotation never changes the password of the user that is in use", () => {
  for (let generation = 1; generation < 9; generation += 1) {
    const [now, next] = [
      accounts({ generation, retired: true }),
      accounts({ generation: generation + 1, retired: false }),
    ];
    assert.equal(now.current.second ? next.second : next.own, now.current.password);
  }
});

test("the second user's name fits MySQL", () => {
  assert.equal(secondUser("a".repeat(16)).length, 18);
});
