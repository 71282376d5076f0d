import { createHash } from "node:crypto";
import type { CloudObject, Props, Rule, RuleContext, Rules } from "../types";
import { alive, arn, isDeleted, lookup, property, records, tagged, text, texts, uuid } from "./aws";

const CERTIFICATE = "aws:acm/certificate:Certificate";
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const YEAR = 365 * 24 * 60 * 60 * 1000;
/** Keys that ACM itself makes; the other ones come with imports. */
const REQUESTABLE = ["RSA_2048", "EC_prime256v1", "EC_secp384r1"];

const certificate: Rule = {
  id: (ctx) => arn(ctx, "acm", `certificate/${uuid(ctx.hex("certificate", 32))}`),
  outputs(ctx, inputs, id, previous) {
    const imported = isImport(inputs);
    return {
      ...tagged(ctx, inputs),
      arn: id,
      type: imported ? "IMPORTED" : "AMAZON_ISSUED",
      status: previous?.status ?? (imported ? "ISSUED" : "PENDING_VALIDATION"),
      keyAlgorithm: inputs.keyAlgorithm ?? "RSA_2048",
      subjectAlternativeNames: names(inputs),
      domainValidationOptions: imported ? [] : names(inputs).map((name) => validation(ctx, name)),
      notBefore: previous?.notBefore ?? ctx.now,
      notAfter: previous?.notAfter ?? new Date(Date.parse(ctx.now) + YEAR).toISOString(),
      pendingRenewal: false,
      renewalEligibility: "INELIGIBLE",
      renewalSummaries: [],
      validationEmails: [],
    };
  },
  refuseCreate(ctx, inputs) {
    if (isImport(inputs)) return;
    if (inputs.domainName === undefined)
      ctx.refuse("ValidationException", "a certificate needs a domainName");
    if (inputs.validationMethod === undefined && inputs.certificateAuthorityArn === undefined) {
      ctx.refuse("ValidationException", "a requested certificate needs a validationMethod, such as DNS");
    }
    const key = text(inputs.keyAlgorithm);
    if (key !== undefined && !REQUESTABLE.includes(key)) {
      ctx.refuse("ValidationException", `${key} is for imports; a request takes ${REQUESTABLE.join(", ")}`);
    }
  },
  refuseDelete(ctx, existing) {
    const users = ["aws:lb/listener:Listener", "aws:lb/listenerCertificate:ListenerCertificate"]
      .flatMap((type) => alive(ctx, type))
      .filter((o) => o.inputs.certificateArn === existing.id);
    if (users.length === 0) return;
    ctx.refuse("ResourceInUseException", `the certificate is in use by ${users.map((o) => o.id).join(", ")}`);
  },
};

/** Its id is the certificate's: the provider's own id, the time of issue, would be the same for several. */
const certificateValidation: Rule = {
  id: (ctx, inputs) => `${text(inputs.certificateArn) ?? "certificate"}#${ctx.hex("validation", 6)}`,
  outputs: (ctx) => ({ region: ctx.region }),
  refuseCreate(ctx, inputs) {
    const wanted = text(inputs.certificateArn);
    if (wanted === undefined) return;
    const found =
      certificateOf(ctx, wanted) ??
      ctx.refuse("ResourceNotFoundException", `there is no certificate ${wanted}`);
    if (found.outputs.type !== "AMAZON_ISSUED") {
      ctx.refuse("ValidationException", "an imported certificate needs no validation");
    }
    refuseMissingNames(ctx, found, inputs);
    const missing = missingRecords(ctx, found);
    if (missing.length === 0) return;
    ctx.refuse(
      "ValidationTimedOut",
      `the certificate ${wanted} was not issued within 75 minutes: no DNS record ${missing.join(", nor ")}`,
    );
  },
  after(ctx, object) {
    const found = certificateOf(ctx, object.inputs.certificateArn);
    if (found) found.outputs = { ...found.outputs, status: "ISSUED" };
  },
};

export const rules: Rules = {
  [CERTIFICATE]: certificate,
  "aws:acm/certificateValidation:CertificateValidation": certificateValidation,
};

export function certificateOf(ctx: RuleContext, value: unknown): CloudObject | undefined {
  return lookup(ctx, CERTIFICATE, "arn", value);
}

/** A certificate is issued once all of its validation records were there at one time. */
export function isIssued(ctx: RuleContext, found: CloudObject): boolean {
  return found.outputs.status === "ISSUED" || missingRecords(ctx, found).length === 0;
}

function isImport(inputs: Props): boolean {
  return inputs.privateKey !== undefined || inputs.privateKeyWo !== undefined;
}

function names(inputs: Props): readonly string[] {
  const main = text(inputs.domainName);
  return [...new Set([...(main === undefined ? [] : [main]), ...texts(inputs.subjectAlternativeNames)])];
}

/** A name and its wildcard share one record, which depends on account and domain only. */
function validation(ctx: RuleContext, name: string): Props {
  const domain = name.replace(/^\*\./, "");
  const digest = createHash("sha256").update(`${ctx.account} ${domain}`).digest("hex");
  return {
    domainName: name,
    resourceRecordName: `_${digest.slice(0, 32)}.${domain}.`,
    resourceRecordType: "CNAME",
    resourceRecordValue: `_${digest.slice(32, 64)}.acm-validations.aws.`,
  };
}

function missingRecords(ctx: RuleContext, found: CloudObject): readonly string[] {
  const there = ctx.all(RECORD).filter((o) => !isDeleted(o));
  const isThere = (option: Props) =>
    there.some(
      (o) =>
        bare(property(o, "name")) === bare(option.resourceRecordName) &&
        bare(o.inputs.content) === bare(option.resourceRecordValue),
    );
  const options = records(found.outputs.domainValidationOptions).filter((option) => !isThere(option));
  return options.map((o) => `${o.resourceRecordName} ${o.resourceRecordType} ${o.resourceRecordValue}`);
}

function refuseMissingNames(ctx: RuleContext, found: CloudObject, inputs: Props): void {
  if (!Array.isArray(inputs.validationRecordFqdns)) return;
  const given = texts(inputs.validationRecordFqdns).map(bare);
  // A name that a preview does not know yet may be the one.
  if (given.length < inputs.validationRecordFqdns.length) return;
  const wanted = records(found.outputs.domainValidationOptions).map((o) => bare(o.resourceRecordName));
  const missing = wanted.filter((name) => !given.includes(name));
  if (missing.length > 0) {
    ctx.refuse("ValidationException", `validationRecordFqdns lacks ${[...new Set(missing)].join(", ")}`);
  }
}

/** DNS names and targets are the same with and without the dot at the end. */
function bare(name: unknown): string {
  return String(name ?? "")
    .replace(/\.$/, "")
    .toLowerCase();
}
