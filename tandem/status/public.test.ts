import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createServer, type Server } from "node:tls";
import { shownCertificate } from "./addresses";
import { zonePlan } from "./zone-plan";

describe("the certificate that a host shows", () => {
  const folder = mkdtempSync(join(tmpdir(), "tls-"));
  const [keyFile, certFile] = [join(folder, "key"), join(folder, "cert")];
  let server: Server;
  let port = 0;

  before(async () => {
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    const names = ["-subj", "/O=Made here/CN=shop.example", "-addext", "subjectAltName=DNS:shop.example"];
    const files = ["-keyout", keyFile, "-out", certFile];
    execFileSync("openssl", ["req", "-x509", ...curve, "-nodes", "-days", "40", ...names, ...files], {
      stdio: "ignore",
    });
    server = createServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) });
    server.on("tlsClientError", () => {});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  test("has an issuer and an end", async () => {
    const ca = readFileSync(certFile, "utf8");
    const { issuer, until, fault } = await shownCertificate({
      host: "shop.example",
      port,
      address: "127.0.0.1",
      ca,
    });
    assert.equal(issuer, "Made here shop.example");
    assert.equal(Math.round((Date.parse(until) - Date.now()) / 86_400_000), 40);
    assert.equal(fault, undefined);
  });

  test("is looked at where nobody trusts it, and says why", async () => {
    const { issuer, fault } = await shownCertificate({ host: "shop.example", port, address: "127.0.0.1" });
    assert.equal(issuer, "Made here shop.example");
    assert.match(String(fault), /SELF_SIGNED/);
  });

  test("of another name is not trusted", async () => {
    const ca = readFileSync(certFile, "utf8");
    const { fault } = await shownCertificate({ host: "other.example", port, address: "127.0.0.1", ca });
    assert.match(String(fault), /ERR_TLS_CERT_ALTNAME_INVALID|altnames/);
  });
});

describe("the zone's plan", () => {
  const answers = (answer: Readonly<Record<string, [number, object]>>) => async (url: string) => {
    const [status, json] = answer[url.split("/zones/z").at(1) ?? ""] ?? [404, {}];
    return { status, json: async () => json };
  };

  test("has a day on which it is renewed, where it costs", async () => {
    const get = answers({
      "": [200, { result: { plan: { name: "Pro Website", legacy_id: "pro" } } }],
      "/subscription": [200, { result: { current_period_end: "2026-12-31T00:00:00Z" } }],
    });
    assert.deepEqual(await zonePlan("z", "t", get), {
      value: { name: "Pro Website", renewed: { value: "2026-12-31T00:00:00Z" } },
    });
  });

  test("does not end where it is free", async () => {
    const get = answers({ "": [200, { result: { plan: { name: "Free Website", legacy_id: "free" } } }] });
    assert.deepEqual(await zonePlan("z", "t", get), {
      value: { name: "Free Website", renewed: { value: undefined } },
    });
  });

  test("is not known without a token, or with one that may not", async () => {
    assert.match(JSON.stringify(await zonePlan("z", undefined)), /CLOUDFLARE_API_TOKEN only.*"failed":false/);
    const get = answers({ "": [403, { result: null }] });
    assert.deepEqual(await zonePlan("z", "t", get), { unknown: "the token may not read it", failed: true });
  });
});
