import assert from "node:assert/strict";
import crypto from "node:crypto";
import { test } from "node:test";
import { Sealer, WrongPassphrase } from "./seal";

// Made with Python's hashlib.pbkdf2_hmac and cryptography's AESGCM from the passphrase "correct horse".
const SALT = "v1:AAECAwQFBgc=:v1:AAECAwQFBgcICQoL:Lsv0Mq4P43OA9/CWlvPiZJXoK3BhFA==";
const SEALED = "v1:ZGVmZ2hpamtsbW5v:LNlNL9iUNfY3nk8iTPaXpbWjqQjq9VyUNgnWePo=";

test("what another implementation sealed is opened", () => {
  assert.equal(Sealer.fromPassphrase("correct horse", SALT).open(SEALED), "s3cret välue");
});

test("a new salt is Pulumi's form and opens what was sealed with it", () => {
  const sealer = Sealer.fromPassphrase("p");
  assert.match(sealer.salt, /^v1:[A-Za-z0-9+/]{11}=:v1:[A-Za-z0-9+/]{16}:[A-Za-z0-9+/]+=*$/);
  const sealed = sealer.seal("");
  assert.equal(Sealer.fromPassphrase("p", sealer.salt).open(sealed), "");
  assert.notEqual(sealer.seal("x"), sealer.seal("x"));
});

test("a wrong passphrase is told at once", () => {
  assert.throws(() => Sealer.fromPassphrase("wrong horse", SALT), WrongPassphrase);
});

test("a text that was changed, or is none, is refused", () => {
  const sealer = Sealer.fromPassphrase("correct horse", SALT);
  const flipped = SEALED.slice(0, -4) + (SEALED.endsWith("AAA=") ? "BBB=" : "AAA=");
  assert.throws(() => sealer.open(flipped), WrongPassphrase);
  assert.throws(() => sealer.open("v1:AAAA:AAAA"), WrongPassphrase);
  assert.throws(() => sealer.open("plain"), /must have the form/);
  assert.throws(() => Sealer.fromPassphrase("p", "v1:AAAA"), /not of the form/);
});

test("a key is derived once for a passphrase and salt", (t) => {
  const derive = t.mock.method(crypto, "pbkdf2Sync");
  const fresh = Sealer.fromPassphrase("another horse").salt;
  for (let i = 0; i < 20; i++) Sealer.fromPassphrase("another horse", fresh);
  assert.equal(derive.mock.callCount(), 1);
});
