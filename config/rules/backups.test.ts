import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../parse";
import { raw } from "../testing";

const backups = (said: object) => raw({ shared: { backups: said } });

for (const [what, said, ...expected] of [
  [
    "an action that is none",
    { anonymise: { main: { person: { mail: "hsah" } } } },
    /person\.mail/,
    /keep, null, hash, mail, name, text, or \{ value/,
  ],
  [
    "a table's word that is none",
    { anonymise: { main: { person: "delete" } } },
    /drop, empty, or what becomes of every column/,
  ],
  ["a name that needs quoting", { anonymise: { main: { "a'b": "drop" } } }, /table's or column's name/],
  [
    "a database that is not there",
    { anonymise: { mian: { person: "drop" } } },
    /anonymise\.mian/,
    /one of the databases: main/,
  ],
  [
    "memory that Fargate has not",
    { dumps: { cpu: 256, memory: 4096 } },
    /dumps\.memory/,
    /512, 1024, 2048 MiB/,
  ],
  [
    "an image that changes by itself",
    { dumps: { images: { client: "mysql:8" } } },
    /images\.client/,
    /full version or digest/,
  ],
  [
    "a table of rules that no task can carry",
    {
      anonymise: {
        main: Object.fromEntries(
          Array.from({ length: 300 }, (_, table) => [
            `shop_table_${table}`,
            { identifier: "keep", given_name: "name", mail_address: "mail", telephone: "hash", note: "text" },
          ]),
        ),
      },
    },
    /anonymise\.main/,
    /rules of \d+ bytes/,
    /64 KiB/,
  ],
  ["a disk that is too small", { dumps: { disk: 5 } }, /dumps\.disk/, /at least 21 GiB/],
] as const)
  test(`${what} is refused with what is allowed`, () => {
    assert.throws(
      () => parse(backups(said)),
      (error: Error) => {
        for (const words of expected) assert.match(error.message, words);
        return true;
      },
    );
  });

test("what becomes of each column is read, and a bare null of YAML is the word", () => {
  const { anonymise } = parse(
    backups({
      anonymise: {
        main: { person: { mail: "mail", note: null, on: { value: true }, n: { value: 3 } }, log: "empty" },
      },
    }),
  ).backups;
  assert.deepEqual(anonymise.main, {
    person: {
      mail: { action: "mail" },
      note: { action: "null" },
      on: { action: "value", value: "1" },
      n: { action: "value", value: "3" },
    },
    log: "empty",
  });
});
