import assert from "node:assert/strict";
import { test } from "node:test";
import type { Props } from "../types";
import { isIssued, rules } from "./acm";
import { FakeCloud, refusal } from "./context.test-helper";

const CERTIFICATE = "aws:acm/certificate:Certificate";
const VALIDATION = "aws:acm/certificateValidation:CertificateValidation";
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const LISTENER = "aws:lb/listener:Listener";
const REQUEST = {
  domainName: "shop.example",
  subjectAlternativeNames: ["*.shop.example"],
  validationMethod: "DNS",
};

function authority() {
  const cloud = new FakeCloud({ ...rules, [RECORD]: {}, [LISTENER]: {} });
  const certificate = cloud.create(CERTIFICATE, REQUEST);
  const [option = {}, wildcard = {}] = certificate.outputs.domainValidationOptions as Props[];
  return { cloud, certificate, option, wildcard };
}

test("apex and wildcard share one validation record", () => {
  const { option, wildcard } = authority();
  assert.match(String(option.resourceRecordName), /^_[0-9a-f]{32}\.shop\.example\.$/);
  assert.equal(wildcard.resourceRecordName, option.resourceRecordName);
});

test("a certificate is issued only when its validation record exists, with or without the last dot", () => {
  const { cloud, certificate, option } = authority();
  const validate = () => cloud.create(VALIDATION, { certificateArn: certificate.id });
  assert.throws(validate, refusal("ValidationTimedOut", /_[0-9a-f]{32}\.shop\.example/));
  const name = String(option.resourceRecordName).slice(0, -1);
  const record = cloud.create(RECORD, { name, type: "CNAME", content: "elsewhere.example" });
  assert.throws(validate, refusal("ValidationTimedOut"));
  cloud.update(record, { content: String(option.resourceRecordValue).slice(0, -1) });
  validate();
  assert.equal(certificate.outputs.status, "ISSUED");
  cloud.remove(record);
  assert.ok(isIssued(cloud.context(CERTIFICATE, "x", {}), certificate), "once issued it stays issued");
});

test("names that are given for the validation must cover every domain", () => {
  const { cloud, certificate } = authority();
  const inputs = { certificateArn: certificate.id, validationRecordFqdns: ["_x.shop.example"] };
  assert.throws(() => cloud.create(VALIDATION, inputs), refusal("ValidationException", /lacks/));
});

test("a validation of a certificate that does not exist is refused", () => {
  const inputs = { certificateArn: "arn:aws:acm:eu-west-3:111122223333:certificate/none" };
  assert.throws(() => authority().cloud.create(VALIDATION, inputs), refusal("ResourceNotFoundException"));
});

test("an imported certificate is issued and needs no validation", () => {
  const { cloud } = authority();
  const imported = cloud.create(CERTIFICATE, { privateKey: "key", certificateBody: "body" }, "b");
  assert.equal(imported.outputs.status, "ISSUED");
  const create = () => cloud.create(VALIDATION, { certificateArn: imported.id });
  assert.throws(create, refusal("ValidationException", /imported/));
});

test("a request names how it is validated, and a key that ACM makes", () => {
  const { cloud } = authority();
  const request = (inputs: object) => () =>
    cloud.create(CERTIFICATE, { domainName: "a.example", ...inputs }, "b");
  assert.throws(request({}), refusal("ValidationException", /validationMethod/));
  const old = { validationMethod: "DNS", keyAlgorithm: "RSA_1024" };
  assert.throws(request(old), refusal("ValidationException", /RSA_2048/));
});

test("a certificate that a listener uses is kept", () => {
  const { cloud, certificate } = authority();
  cloud.create(LISTENER, { certificateArn: certificate.id });
  assert.throws(() => cloud.remove(certificate), refusal("ResourceInUseException"));
});
