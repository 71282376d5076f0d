import type { CloudObject, Props, Rule, RuleContext, Rules } from "../types";
import { alive, globalArn, isOwn, nameOf, property, record, records, text, texts } from "./aws";
import { policySize, principals, refuseMalformed } from "./policy-document";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/policy:Policy";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const GITHUB = "token.actions.githubusercontent.com";

/** IAM's quotas, in characters without white space (IAM user guide, "IAM and AWS STS quotas"). */
const MANAGED_SIZE = 6144;
const INLINE_SIZE = 10240;

const role: Rule = {
  id: (ctx, inputs) => nameOf(ctx, inputs),
  outputs: (ctx, inputs, id, previous) => ({
    tagsAll: inputs.tags ?? {},
    name: id,
    path: inputs.path ?? "/",
    maxSessionDuration: inputs.maxSessionDuration ?? 3600,
    arn: globalArn(ctx, "iam", `role${inputs.path ?? "/"}${id}`),
    createDate: previous?.createDate ?? ctx.now,
    uniqueId: `AROA${ctx.hex("unique", 17).toUpperCase()}`,
  }),
  refuseWrite(ctx, inputs) {
    const trust = refuseMalformed(ctx, inputs.assumeRolePolicy, "MalformedPolicyDocument");
    for (const statement of trust) refuseTrust(ctx, statement);
    for (const each of records(inputs.inlinePolicies)) {
      refuseMalformed(ctx, each.policy, "MalformedPolicyDocument");
    }
  },
  refuseCreate(ctx, inputs) {
    refuseTakenIgnoringCase(ctx, inputs.name);
  },
  refuseDelete(ctx, existing) {
    if (existing.inputs.forceDetachPolicies === true) return;
    const attached = alive(ctx, ATTACHMENT).filter((o) => o.inputs.role === existing.id);
    // What somebody attached by hand is no resource: a drill may put it into the role's contents.
    const outside = texts(existing.contents?.attachedPolicies);
    const names = [...attached.map((o) => String(o.inputs.policyArn)), ...outside];
    if (names.length > 0 && existing.inputs.managedPolicyArns === undefined) {
      ctx.refuse("DeleteConflict", `the role ${existing.id} still has ${names.join(", ")} attached`);
    }
    const inline = alive(ctx, ROLE_POLICY).filter((o) => o.inputs.role === existing.id);
    if (inline.length > 0 && existing.inputs.inlinePolicies === undefined) {
      ctx.refuse("DeleteConflict", `the role ${existing.id} still has inline policies`);
    }
  },
};

const policy: Rule = {
  id: (ctx, inputs) => policyArn(ctx, inputs),
  outputs: (ctx, inputs, id) => ({
    tagsAll: inputs.tags ?? {},
    path: inputs.path ?? "/",
    name: id.slice(id.lastIndexOf("/") + 1),
    arn: id,
    policyId: `ANPA${ctx.hex("unique", 17).toUpperCase()}`,
    attachmentCount: alive(ctx, ATTACHMENT).filter((o) => o.inputs.policyArn === id).length,
  }),
  refuseWrite(ctx, inputs) {
    refuseMalformed(ctx, inputs.policy, "MalformedPolicyDocument");
    const size = policySize(inputs.policy);
    if (size > MANAGED_SIZE) {
      ctx.refuse(
        "LimitExceeded",
        `a managed policy has at most ${MANAGED_SIZE} characters, this one ${size}`,
      );
    }
  },
  refuseCreate(ctx, inputs) {
    refuseTakenIgnoringCase(ctx, inputs.name);
  },
  refuseDelete(ctx, existing) {
    const users = alive(ctx, ATTACHMENT).filter((o) => o.inputs.policyArn === existing.id);
    if (users.length === 0) return;
    const roles = users.map((o) => o.inputs.role).join(", ");
    ctx.refuse("DeleteConflict", `the policy ${existing.id} is attached to ${roles}`);
  },
};

const rolePolicy: Rule = {
  id: (ctx, inputs) => `${text(inputs.role) ?? "role"}:${nameOf(ctx, inputs)}`,
  outputs: (_ctx, _inputs, id) => ({ name: id.slice(id.indexOf(":") + 1) }),
  refuseWrite(ctx, inputs, existing) {
    refuseRole(ctx, inputs.role);
    refuseMalformed(ctx, inputs.policy, "MalformedPolicyDocument");
    const others = alive(ctx, ROLE_POLICY).filter(
      (o) => o.inputs.role === inputs.role && o.id !== existing?.id,
    );
    const size = others.reduce((sum, o) => sum + policySize(o.inputs.policy), policySize(inputs.policy));
    if (text(inputs.role) !== undefined && size > INLINE_SIZE) {
      ctx.refuse(
        "LimitExceeded",
        `a role's inline policies have at most ${INLINE_SIZE} characters, here ${size}`,
      );
    }
  },
};

const attachment: Rule = {
  id: (_, inputs) => `${text(inputs.role) ?? "role"}/${text(inputs.policyArn) ?? "policy"}`,
  outputs: () => ({}),
  refuseCreate(ctx, inputs) {
    refuseRole(ctx, inputs.role);
    const wanted = text(inputs.policyArn);
    // AWS's own policies (account "aws") exist everywhere.
    if (wanted === undefined || !isOwn(ctx, wanted)) return;
    if (!alive(ctx, POLICY).some((o) => o.id === wanted))
      ctx.refuse("NoSuchEntity", `no policy ${wanted} exists`);
  },
};

const provider: Rule = {
  id: (ctx, inputs) => globalArn(ctx, "iam", `oidc-provider/${host(inputs.url) ?? ctx.hex("url", 12)}`),
  outputs: (_, inputs, id) => ({
    tagsAll: inputs.tags ?? {},
    arn: id,
    thumbprintLists: inputs.thumbprintLists ?? [],
  }),
  refuseCreate(ctx, inputs) {
    const same = alive(ctx, PROVIDER).find(
      (o) => host(inputs.url) && host(o.inputs.url) === host(inputs.url),
    );
    if (same) ctx.refuse("EntityAlreadyExists", `the account already has a provider for ${host(inputs.url)}`);
  },
};

export const rules: Rules = {
  [ROLE]: role,
  [POLICY]: policy,
  [ROLE_POLICY]: rolePolicy,
  [ATTACHMENT]: attachment,
  [PROVIDER]: provider,
};

function host(url: unknown): string | undefined {
  return text(url)
    ?.replace(/^https:\/\//, "")
    .replace(/\/$/, "");
}

function policyArn(ctx: RuleContext, inputs: Props): string {
  return globalArn(ctx, "iam", `policy${inputs.path ?? "/"}${nameOf(ctx, inputs)}`);
}

function refuseTakenIgnoringCase(ctx: RuleContext, name: unknown): void {
  const wanted = text(name)?.toLowerCase();
  const isTaken = (o: CloudObject) => text(property(o, "name"))?.toLowerCase() === wanted;
  if (wanted !== undefined && alive(ctx, ctx.type).some(isTaken)) {
    ctx.refuse(
      "EntityAlreadyExists",
      `the name "${name}" is already in use (upper and lower case are the same)`,
    );
  }
}

function refuseRole(ctx: RuleContext, value: unknown): void {
  const name = text(value);
  if (name?.startsWith("arn:")) ctx.refuse("ValidationError", "give the role's name, not its ARN");
  if (name !== undefined && !alive(ctx, ROLE).some((o) => o.id === name)) {
    ctx.refuse("NoSuchEntity", `no role "${name}" exists`);
  }
}

/** A statement of a trust policy says who may assume the role; GitHub's tokens must be narrowed to somebody. */
function refuseTrust(ctx: RuleContext, statement: Props): void {
  if (statement.Principal === undefined) {
    ctx.refuse("MalformedPolicyDocument", "each statement of a trust policy names its Principal");
  }
  for (const each of principals(statement, "AWS")) {
    if (!each.includes(":role/") || !isOwn(ctx, each)) continue;
    if (!alive(ctx, ROLE).some((o) => o.outputs.arn === each)) {
      ctx.refuse("MalformedPolicyDocument", `the trust policy names ${each}, which does not exist`);
    }
  }
  const isGithub = principals(statement, "Federated").some((each) =>
    each.endsWith(`oidc-provider/${GITHUB}`),
  );
  if (!isGithub || statement.Effect !== "Allow") return;
  const keys = Object.values(record(statement.Condition)).flatMap((block) => Object.keys(record(block)));
  for (const claim of ["aud", "sub"]) {
    if (keys.includes(`${GITHUB}:${claim}`)) continue;
    ctx.refuse(
      "MalformedPolicyDocument",
      `a role that trusts GitHub's tokens needs a condition on ${GITHUB}:${claim}: without it any repository may assume it`,
    );
  }
}
