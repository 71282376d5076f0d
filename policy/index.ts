import { PolicyPack, type ResourceValidationArgs } from "@pulumi/policy";
import { inWords, type Rule, violationsOf } from "./rule";
import { RULES } from "./rules";

/** The guard rails for Pulumi's own engine: `pulumi preview --policy-pack policy`. None can be passed by. */
new PolicyPack("tandem", {
  enforcementLevel: "mandatory",
  policies: RULES.map((rule) => ({
    name: rule.name,
    description: `Refused, because ${rule.why}.`,
    remediationSteps: rule.remedy,
    validateResource: (args: ResourceValidationArgs, report: (message: string) => void) => {
      for (const words of refusals(rule, args)) report(words);
    },
  })),
});

function refusals(rule: Rule, { type, name, props, urn, opts }: ResourceValidationArgs): string[] {
  // urn:pulumi:<stack>::<project>::...
  const environment = urn.split("::")[0]?.split(":")[2] ?? "";
  const { protect } = opts;
  return violationsOf(rule, { type, name, props, environment, protect }).map(inWords);
}
