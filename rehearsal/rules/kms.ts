import type { CloudObject, Rule, RuleContext, Rules } from "../types";
import {
  alive,
  arn,
  freshUuid,
  isHere,
  isOwn,
  nameIn,
  nameOf,
  number,
  refuseTakenName,
  regionalId,
  tagged,
  text,
} from "./aws";
import { refuseMalformed } from "./policy-document";

const KEY = "aws:kms/key:Key";

const key: Rule = {
  id: (ctx) => freshUuid(ctx),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    keyId: id,
    arn: arn(ctx, "kms", `key/${id}`),
    isEnabled: inputs.isEnabled ?? true,
    keyUsage: inputs.keyUsage ?? "ENCRYPT_DECRYPT",
    customerMasterKeySpec: inputs.customerMasterKeySpec ?? "SYMMETRIC_DEFAULT",
    multiRegion: inputs.multiRegion ?? false,
  }),
  refuseWrite(ctx, inputs) {
    refuseMalformed(ctx, inputs.policy, "MalformedPolicyDocumentException");
    const spec = text(inputs.customerMasterKeySpec) ?? "SYMMETRIC_DEFAULT";
    if (inputs.enableKeyRotation === true && spec !== "SYMMETRIC_DEFAULT") {
      ctx.refuse("UnsupportedOperationException", `a ${spec} key has no automatic rotation`);
    }
    if (spec === "SYMMETRIC_DEFAULT" && ![undefined, "ENCRYPT_DECRYPT"].includes(text(inputs.keyUsage))) {
      ctx.refuse(
        "ValidationException",
        `a symmetric key encrypts and decrypts, it cannot ${inputs.keyUsage}`,
      );
    }
  },
  /** Never at once: the key can be rescued for as long as its deletion window. */
  keepsAfterDelete(ctx, existing) {
    const days = number(existing.inputs.deletionWindowInDays) ?? 30;
    existing.contents = { ...existing.contents, deletedAt: ctx.now, deletionWindowInDays: days };
    return true;
  },
};

const alias: Rule = {
  id: (ctx, inputs) => regionalId(ctx, nameOf(ctx, inputs)),
  outputs(ctx, inputs, id) {
    const target = keyOf(ctx, inputs.targetKeyId);
    return {
      region: ctx.region,
      name: nameIn(id),
      arn: arn(ctx, "kms", nameIn(id)),
      targetKeyId: target?.id ?? inputs.targetKeyId,
      targetKeyArn: target?.outputs.arn ?? arn(ctx, "kms", `key/${inputs.targetKeyId}`),
    };
  },
  refuseWrite(ctx, inputs) {
    const wanted = text(inputs.targetKeyId);
    if (wanted === undefined || (wanted.startsWith("arn:") && !isOwn(ctx, wanted))) return;
    const target = keyOf(ctx, wanted);
    if (target !== undefined) return;
    const pending = ctx.all(KEY).some((o) => [o.id, o.outputs.arn].includes(wanted));
    if (pending) ctx.refuse("KMSInvalidStateException", `the key ${wanted} is pending deletion`);
    ctx.refuse("NotFoundException", `there is no key ${wanted} in ${ctx.region}`);
  },
  refuseCreate(ctx, inputs) {
    if (text(inputs.name)?.startsWith("alias/aws/")) {
      ctx.refuse("NotAuthorizedException", "names that begin with alias/aws/ belong to AWS");
    }
    refuseTakenName(ctx, inputs, "name", "AlreadyExistsException");
  },
};

export const rules: Rules = { [KEY]: key, "aws:kms/alias:Alias": alias };

function keyOf(ctx: RuleContext, reference: unknown): CloudObject | undefined {
  const wanted = text(reference);
  return alive(ctx, KEY).find(
    (o) => wanted !== undefined && isHere(ctx, o) && [o.id, o.outputs.arn].includes(wanted),
  );
}
