import type { CloudObject, Props, Rule, RuleContext, Rules } from "../types";
import { alive, arn, isDeleted, isHere, nameOf, number, property, tagged, text, texts, uuid } from "./aws";
import { refuseMalformed } from "./policy-document";

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const DAY = 24 * 60 * 60 * 1000;

const secret: Rule = {
  id: (ctx, inputs) => arn(ctx, "secretsmanager", `secret:${nameOf(ctx, inputs)}-${suffix(ctx)}`),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    name: id.slice(id.indexOf(":secret:") + 8, -7),
    arn: id,
    recoveryWindowInDays: inputs.recoveryWindowInDays ?? 30,
  }),
  refuseWrite(ctx, inputs) {
    if (text(inputs.policy) !== "{}") refuseMalformed(ctx, inputs.policy, "MalformedPolicyDocumentException");
  },
  refuseCreate(ctx, inputs) {
    const name = text(inputs.name);
    const sameName = ctx.all(SECRET).filter((o) => isHere(ctx, o) && property(o, "name") === name);
    const reserved = sameName.find((o) => isDeleted(o) && releaseOf(o) > Date.parse(ctx.now));
    if (reserved) {
      const until = new Date(releaseOf(reserved)).toISOString();
      ctx.refuse(
        "InvalidRequestException",
        `the secret name "${name}" was deleted and stays reserved until ${until}: wait, restore it, or use namePrefix`,
      );
    }
    if (sameName.some((o) => !isDeleted(o))) {
      ctx.refuse("ResourceExistsException", `a secret named "${name}" exists already`);
    }
  },
  keepsAfterDelete(ctx, existing) {
    if (number(existing.outputs.recoveryWindowInDays) === 0) return false;
    existing.contents = { ...existing.contents, deletedAt: ctx.now };
    return true;
  },
};

const version: Rule = {
  id: (ctx, inputs) =>
    `${secretOf(ctx, inputs.secretId)?.id ?? inputs.secretId}|${uuid(ctx.hex("version", 32))}`,
  outputs: (ctx, inputs, id) => ({
    region: ctx.region,
    arn: id.split("|")[0],
    secretArn: id.split("|")[0],
    versionId: id.split("|")[1],
    versionStages: inputs.versionStages ?? ["AWSCURRENT"],
    hasSecretStringWo: inputs.secretStringWo !== undefined,
    // What is only written is never given back.
    secretStringWo: undefined,
  }),
  refuseWrite(ctx, inputs) {
    const values = ["secretString", "secretBinary", "secretStringWo"].filter(
      (name) => inputs[name] !== undefined,
    );
    if (values.length !== 1) {
      ctx.refuse(
        "InvalidParameterException",
        "a version has exactly one of secretString, secretBinary, secretStringWo",
      );
    }
    refuseNoSecret(ctx, inputs.secretId);
  },
  after(ctx, object) {
    if (!texts(object.outputs.versionStages).includes("AWSCURRENT")) return;
    for (const other of versionsOf(ctx, text(object.outputs.secretArn) ?? "")) {
      if (other.id === object.id) continue;
      const wasCurrent = texts(other.outputs.versionStages).includes("AWSCURRENT");
      other.outputs = { ...other.outputs, versionStages: wasCurrent ? ["AWSPREVIOUS"] : [] };
    }
  },
};

const secretPolicy: Rule = {
  id: (_, inputs) => text(inputs.secretArn) ?? "secret",
  outputs: (ctx) => ({ region: ctx.region }),
  refuseWrite(ctx, inputs) {
    refuseMalformed(ctx, inputs.policy, "MalformedPolicyDocumentException");
    refuseNoSecret(ctx, inputs.secretArn);
  },
};

export const rules: Rules = {
  [SECRET]: secret,
  [VERSION]: version,
  "aws:secretsmanager/secretPolicy:SecretPolicy": secretPolicy,
};

/** Why a task cannot read `arn[:key:stage:version]`; undefined when it can. Never tells the value. */
export function unreadable(ctx: RuleContext, reference: string): string | undefined {
  const parts = reference.split(":");
  const [key = "", stage = "", versionId = ""] = parts.slice(7);
  const found = secretOf(ctx, parts.slice(0, 7).join(":"));
  if (found === undefined) return `the secret ${parts.slice(0, 7).join(":")} does not exist`;
  const version = versionsOf(ctx, found.id).find((o) =>
    versionId === ""
      ? texts(o.outputs.versionStages).includes(stage || "AWSCURRENT")
      : o.outputs.versionId === versionId,
  );
  if (version === undefined)
    return `the secret ${found.id} has no version ${versionId || stage || "AWSCURRENT"}`;
  return key === "" || hasKey(version.inputs, key)
    ? undefined
    : `the secret ${found.id} has no JSON key "${key}"`;
}

function hasKey(inputs: Props, key: string): boolean {
  const value = text(inputs.secretString) ?? text(inputs.secretStringWo);
  try {
    return value === undefined || Object.hasOwn(JSON.parse(value), key);
  } catch {
    return false;
  }
}

function versionsOf(ctx: RuleContext, secretArn: string): readonly CloudObject[] {
  return alive(ctx, VERSION).filter((o) => o.outputs.secretArn === secretArn);
}

/** A secret goes by its ARN or by its name. */
function secretOf(ctx: RuleContext, reference: unknown): CloudObject | undefined {
  const wanted = text(reference);
  return alive(ctx, SECRET).find((o) => wanted !== undefined && [o.id, property(o, "name")].includes(wanted));
}

function refuseNoSecret(ctx: RuleContext, reference: unknown): void {
  const wanted = text(reference);
  if (wanted === undefined || secretOf(ctx, wanted) !== undefined) return;
  const deleted = ctx.all(SECRET).some((o) => o.id === wanted);
  if (deleted) ctx.refuse("InvalidRequestException", `the secret ${wanted} is scheduled for deletion`);
  ctx.refuse("ResourceNotFoundException", `there is no secret ${wanted}`);
}

function releaseOf(deleted: CloudObject): number {
  const days = number(property(deleted, "recoveryWindowInDays")) ?? 30;
  return Date.parse(String(deleted.contents?.deletedAt)) + days * DAY;
}

/** Secrets Manager ends each ARN with a hyphen and six characters of its own. */
function suffix(ctx: RuleContext): string {
  return ctx.hex("suffix", 6);
}
