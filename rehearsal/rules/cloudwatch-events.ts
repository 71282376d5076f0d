import type { Rule, RuleContext, Rules } from "../types";
import { alive, arn, isHere, json, nameIn, nameOf, record, regionalId, tagged, text } from "./aws";
import { scheduleProblem } from "./schedule-expression";

const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
/** A rule speaks to five targets at most. */
const TARGETS = 5;

const eventRule: Rule = {
  id: (ctx, inputs) => regionalId(ctx, nameOf(ctx, inputs)),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    name: nameIn(id),
    arn: arn(ctx, "events", `rule/${inputs.eventBusName ? `${inputs.eventBusName}/` : ""}${nameIn(id)}`),
    eventBusName: inputs.eventBusName ?? "default",
    state: inputs.state ?? (inputs.isEnabled === false ? "DISABLED" : "ENABLED"),
  }),
  refuseWrite(ctx, inputs) {
    if (inputs.scheduleExpression === undefined && inputs.eventPattern === undefined) {
      ctx.refuse("ValidationException", "a rule needs an eventPattern or a scheduleExpression");
    }
    const pattern = text(inputs.eventPattern);
    if (pattern !== undefined && Object.keys(record(json(pattern))).length === 0) {
      ctx.refuse("InvalidEventPatternException", "an eventPattern is a JSON object");
    }
    const expression = text(inputs.scheduleExpression);
    const problem = expression && scheduleProblem(expression, ["cron", "rate"]);
    if (problem) ctx.refuse("ValidationException", problem);
  },
  refuseDelete(ctx, existing) {
    const targets = targetsOf(ctx, existing.outputs.name);
    if (targets.length === 0) return;
    ctx.refuse(
      "ValidationException",
      `the rule ${existing.id} still has the targets ${targets.map((o) => o.id).join(", ")}`,
    );
  },
};

const eventTarget: Rule = {
  id: (ctx, inputs) => regionalId(ctx, `${text(inputs.rule) ?? "rule"}-${targetId(ctx, inputs.targetId)}`),
  outputs: (ctx, inputs) => ({
    region: ctx.region,
    targetId: targetId(ctx, inputs.targetId),
    eventBusName: inputs.eventBusName ?? "default",
  }),
  refuseWrite(ctx, inputs, existing) {
    const shapes = ["input", "inputPath", "inputTransformer"].filter((name) => inputs[name] !== undefined);
    if (shapes.length > 1) ctx.refuse("ValidationException", `a target has one of ${shapes.join(", ")}`);
    const rule = text(inputs.rule);
    if (rule === undefined) return;
    if (!alive(ctx, RULE).some((o) => isHere(ctx, o) && o.outputs.name === rule)) {
      ctx.refuse("ResourceNotFoundException", `there is no rule "${rule}" in ${ctx.region}`);
    }
    if (existing === undefined && targetsOf(ctx, rule).length >= TARGETS) {
      ctx.refuse("LimitExceededException", `the rule "${rule}" already has ${TARGETS} targets`);
    }
  },
};

export const rules: Rules = { [RULE]: eventRule, [TARGET]: eventTarget };

function targetsOf(ctx: RuleContext, rule: unknown) {
  return alive(ctx, TARGET).filter((o) => isHere(ctx, o) && o.inputs.rule === rule);
}

function targetId(ctx: RuleContext, given: unknown): string {
  return text(given) ?? `target-${ctx.hex("target", 20)}`;
}
