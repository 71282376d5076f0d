import assert from "node:assert/strict";
import { test } from "node:test";
import { subnetCidrs, zoneLetters } from "./subnets";

for (const [cidr, zones, publics, privates] of [
  ["10.20.0.0/16", 2, ["10.20.0.0/20", "10.20.16.0/20"], ["10.20.128.0/20", "10.20.144.0/20"]],
  [
    "10.20.0.0/16",
    3,
    ["10.20.0.0/20", "10.20.16.0/20", "10.20.32.0/20"],
    ["10.20.128.0/20", "10.20.144.0/20", "10.20.160.0/20"],
  ],
  ["172.31.128.0/17", 2, ["172.31.128.0/21", "172.31.136.0/21"], ["172.31.192.0/21", "172.31.200.0/21"]],
  ["10.0.252.0/22", 2, ["10.0.252.0/26", "10.0.252.64/26"], ["10.0.254.0/26", "10.0.254.64/26"]],
  ["223.255.0.0/16", 2, ["223.255.0.0/20", "223.255.16.0/20"], ["223.255.128.0/20", "223.255.144.0/20"]],
] as const)
  test(`${cidr} over ${zones} zones splits into even public and private subnets`, () => {
    assert.deepEqual(subnetCidrs(cidr, zones), { public: [...publics], private: [...privates] });
  });

for (let prefix = 16; prefix <= 22; prefix++)
  test(`subnets of a /${prefix} have one size, lie inside it and never overlap`, () => {
    const { public: publics, private: privates } = subnetCidrs(`10.16.0.0/${prefix}`, 3);
    const spans = [...publics, ...privates].map((cidr) => {
      const [a = 0, b = 0, c = 0, d = 0] = cidr.split(/[./]/).map(Number);
      assert.ok(cidr.endsWith(`/${prefix + 4}`));
      const start = ((a * 256 + b) * 256 + c) * 256 + d;
      return { start, end: start + 2 ** (28 - prefix) };
    });
    const first = (10 * 256 + 16) * 65_536;
    for (const [index, { start, end }] of spans.entries()) {
      assert.ok(start >= first && end <= first + 2 ** (32 - prefix));
      assert.ok(index === 0 || start >= (spans[index - 1]?.end ?? 0));
    }
  });

test("a third zone moves no subnet of the first two", () => {
  const two = subnetCidrs("10.20.0.0/18", 2);
  const three = subnetCidrs("10.20.0.0/18", 3);
  assert.deepEqual(three.public.slice(0, 2), two.public);
  assert.deepEqual(three.private.slice(0, 2), two.private);
});

for (const cidr of ["10.0.0.0/15", "10.0.0.0/23", "10.0.0.0"])
  test(`${cidr} is refused with the range that is allowed`, () => {
    assert.throws(() => subnetCidrs(cidr, 2), /from \/16 to \/22/);
  });

test("zones are the first letters that the region opens to every account", () => {
  assert.deepEqual(zoneLetters("eu-west-3", 2), ["a", "b"]);
  assert.deepEqual(zoneLetters("eu-west-3", 3), ["a", "b", "c"]);
  assert.deepEqual(zoneLetters("ca-central-1", 3), ["a", "b", "d"]);
});
