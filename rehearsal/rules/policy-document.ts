import type { Props, RuleContext } from "../types";
import { isOwn, json, lookup, record, records, text } from "./aws";

/** The statements of a policy document; undefined when the text is no such document. */
export function statements(document: unknown): readonly Props[] | undefined {
  const parsed = typeof document === "string" ? json(document) : document;
  const found = record(parsed).Statement;
  const list = Array.isArray(found) ? records(found) : records([found]);
  return list.length > 0 && list.every((each) => each.Effect === "Allow" || each.Effect === "Deny")
    ? list
    : undefined;
}

/** Refuses a policy that the service could not read. An unknown or absent policy is left alone. */
export function refuseMalformed(ctx: RuleContext, document: unknown, code: string): readonly Props[] {
  if (text(document) === undefined) return [];
  const found = statements(document);
  if (found !== undefined) return found;
  return ctx.refuse(
    code,
    "the policy is no JSON document with statements whose Effect is Allow or Deny; build it with JSON.stringify",
  );
}

/** Characters of a policy as IAM counts them: white space is free. */
export function policySize(document: unknown): number {
  return (text(document) ?? "").replace(/\s/g, "").length;
}

/** The values of one kind of principal (`Service`, `AWS`, `Federated`) in a statement. */
export function principals(statement: Props, kind: string): readonly string[] {
  if (statement.Principal === "*") return ["*"];
  return many(record(statement.Principal)[kind]);
}

/** True when an Allow statement names everybody and no condition narrows it. */
export function admitsEverybody(list: readonly Props[]): boolean {
  return list.some(
    (each) =>
      each.Effect === "Allow" && each.Condition === undefined && principals(each, "AWS").includes("*"),
  );
}

/** True when an Allow statement names the service (or everybody) as its principal. */
export function admitsService(document: unknown, service: string): boolean {
  return (statements(document) ?? []).some((each) => {
    const named = [...principals(each, "Service"), ...principals(each, "AWS")];
    return each.Effect === "Allow" && (named.includes(service) || named.includes("*"));
  });
}

/** Refuses a role that does not exist or whose trust policy does not name the service that is to use it. */
export function refuseUntrusted(ctx: RuleContext, roleArn: unknown, service: string, code: string): void {
  const wanted = text(roleArn);
  // Service-linked roles are made by AWS itself, and another account's roles cannot be seen.
  if (wanted === undefined || !isOwn(ctx, wanted) || wanted.includes(":role/aws-service-role/")) return;
  const role = lookup(ctx, "aws:iam/role:Role", "arn", wanted);
  if (role === undefined) ctx.refuse(code, `the role ${wanted} does not exist`);
  if (!admitsService(role.inputs.assumeRolePolicy, service)) {
    ctx.refuse(
      code,
      `the role ${wanted} cannot be assumed by ${service}: name it in the role's trust policy`,
    );
  }
}

function many(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((each) => typeof each === "string");
}
