import type { Rule, Rules } from "../types";
import { arn, lookupHere, nameIn, nameOf, number, regionalId, tagged, text } from "./aws";

const PARAMETER = "aws:ssm/parameter:Parameter";
const LEVELS = 15;
const VALUES = ["insecureValue", "value", "valueWo"];

const parameter: Rule = {
  id: (ctx, inputs) => regionalId(ctx, nameOf(ctx, inputs)),
  outputs: (ctx, inputs, id, previous) => ({
    ...tagged(ctx, inputs),
    name: nameIn(id),
    arn: arn(ctx, "ssm", `parameter${nameIn(id).startsWith("/") ? "" : "/"}${nameIn(id)}`),
    version: (number(previous?.version) ?? 0) + 1,
    tier: inputs.tier ?? "Standard",
    dataType: inputs.dataType ?? "text",
    hasValueWo: inputs.valueWo !== undefined,
    // What is only written is never given back.
    valueWo: undefined,
  }),
  refuseWrite(ctx, inputs) {
    const given = VALUES.filter((name) => inputs[name] !== undefined);
    if (given.length !== 1)
      ctx.refuse("ValidationException", `a parameter has exactly one of ${VALUES.join(", ")}`);
    if (inputs.type === "SecureString" && inputs.insecureValue !== undefined) {
      ctx.refuse("ValidationException", "a SecureString takes value, not insecureValue");
    }
    const levels = (text(inputs.name) ?? "").split("/").length - 1;
    if (levels > LEVELS)
      ctx.refuse("HierarchyLevelLimitExceededException", `${levels} levels, at most ${LEVELS}`);
    const most = inputs.tier === "Advanced" ? 8192 : 4096;
    const size = Buffer.byteLength(text(inputs[given[0] ?? ""]) ?? "");
    if (size > most)
      ctx.refuse("ValidationException", `the value has ${size} bytes, at most ${most} in this tier`);
  },
  refuseCreate(ctx, inputs) {
    if (inputs.overwrite === true || !lookupHere(ctx, PARAMETER, "name", inputs.name)) return;
    ctx.refuse("ParameterAlreadyExists", `the parameter "${inputs.name}" exists already`);
  },
  refuseUpdate(ctx, inputs, existing) {
    if (inputs.overwrite === false)
      ctx.refuse("ParameterAlreadyExists", "overwrite is false: nothing can be updated");
    if (inputs.type !== existing.inputs.type) {
      ctx.refuse("HierarchyTypeMismatchException", "the type of a parameter cannot be changed in place");
    }
  },
};

export const rules: Rules = { [PARAMETER]: parameter };
