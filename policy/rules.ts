import type { Resource, Rule, Violation } from "./rule";
import { violationsOf } from "./rule";
import { encryption, privateDatabase, protection } from "./rules/data";
import { closedIngress } from "./rules/reach";
import { noAdministrator, noSecretInClear } from "./rules/rights";
import { requiredTags } from "./rules/tags";
import { tlsOnly } from "./rules/tls";

/** The guard rails, for Pulumi's engine and for the rehearsal in this process alike. */
export const RULES: readonly Rule[] = [
  encryption,
  privateDatabase,
  closedIngress,
  tlsOnly,
  noAdministrator,
  protection,
  requiredTags,
  noSecretInClear,
];

/** Everything that is wrong with one resource. */
export function violations(resource: Resource): Violation[] {
  return RULES.flatMap((rule) => violationsOf(rule, resource));
}
