import assert from "node:assert/strict";
import { ISSUER } from "./oidc";

/** What GitHub signs for a job. */
export interface Token {
  readonly sub: string;
  /** Whom it is made out for. @default AWS */
  readonly aud?: string;
}

/**
 * For tests: whether AWS would let a token take on a role with this trust policy. The policy may say less than IAM
 * can: one statement, and nothing but StringEquals over the two claims.
 */
export function admits(assumeRolePolicy: string, { sub, aud = "sts.amazonaws.com" }: Token): boolean {
  const [statement, ...more] = JSON.parse(assumeRolePolicy).Statement;
  assert.deepEqual(more, []);
  assert.equal(statement.Effect, "Allow");
  assert.equal(statement.Action, "sts:AssumeRoleWithWebIdentity");
  assert.deepEqual(Object.keys(statement.Condition), ["StringEquals"]);
  const wanted = statement.Condition.StringEquals as Record<string, string | string[]>;
  assert.deepEqual(Object.keys(wanted).sort(), [`${ISSUER}:aud`, `${ISSUER}:sub`]);
  const given: Record<string, string> = { [`${ISSUER}:aud`]: aud, [`${ISSUER}:sub`]: sub };
  return Object.entries(wanted).every(([claim, values]) => [values].flat().includes(given[claim] ?? ""));
}
