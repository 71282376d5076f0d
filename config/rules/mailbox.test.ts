import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../parse";
import { raw } from "../testing";

const ELSEWHERE = ["team@elsewhere.example"];
const read = (addresses: object, more: object = {}) =>
  parse(raw({ shared: { mailbox: { addresses }, ...more } }));

test("where the mailbox receives the domain's mail, alarms go to one of its addresses or to another domain", () => {
  assert.ok(read({ team: ELSEWHERE }));
  assert.ok(read({ contact: ELSEWHERE }, { notices: { mails: ["Team@elsewhere.example"] } }));
  assert.ok(parse(raw()).notices.mails.includes("team@shop.example"), "without a mailbox, anything goes");
});

const contact = (address: string) => ({ applications: { web: { maintenance: { contact: address } } } });

for (const [what, addresses, more, ...messages] of [
  ["alarms that bounce", { tean: ELSEWHERE }, {}, /notices\.mails\.0/, /nearest is tean@shop\.example/],
  ["a mailbox without an address", {}, {}, /notices\.mails\.0/, /declare team/],
  [
    "a maintenance page that names nobody's address",
    { team: ELSEWHERE },
    contact("help@shop.example"),
    /web\.maintenance\.contact/,
  ],
  [
    "an address that leads to one that is not there",
    { team: ["all@shop.example"] },
    {},
    /mailbox\.addresses\.team\.0/,
    /declare all/,
  ],
] as const)
  test(`refused: ${what}`, () => {
    assert.throws(
      () => read(addresses, more),
      ({ message }: Error) => {
        for (const each of messages) assert.match(message, each);
        return true;
      },
    );
  });

test("a contact that is a page of the web is no mail address", () => {
  assert.ok(read({ team: ELSEWHERE }, contact("https://help.shop.example/@team")));
});
