import type { Rule, Rules } from "../types";
import { globalArn, nameOf, records, refuseTakenName, text } from "./aws";

const budget: Rule = {
  id: (ctx, inputs) => `${text(inputs.accountId) ?? ctx.account}:${nameOf(ctx, inputs)}`,
  outputs(ctx, inputs, id) {
    const name = id.slice(id.indexOf(":") + 1);
    return {
      tagsAll: inputs.tags ?? {},
      accountId: inputs.accountId ?? ctx.account,
      name,
      arn: globalArn(ctx, "budgets", `budget/${name}`),
    };
  },
  refuseWrite(ctx, inputs) {
    const limits = ["limitAmount", "plannedLimits", "autoAdjustData"];
    const isMoney = ["COST", "USAGE"].includes(String(inputs.budgetType));
    if (isMoney && limits.every((name) => inputs[name] === undefined)) {
      ctx.refuse("InvalidParameterException", `a ${inputs.budgetType} budget needs ${limits.join(", or ")}`);
    }
    const [start, end] = [text(inputs.timePeriodStart), text(inputs.timePeriodEnd)];
    if (start !== undefined && end !== undefined && start >= end) {
      ctx.refuse("InvalidParameterException", "timePeriodStart must be before timePeriodEnd");
    }
    for (const notification of records(inputs.notifications)) {
      const { subscriberEmailAddresses: mail, subscriberSnsTopicArns: topics } = notification;
      if (mail === undefined && topics === undefined) {
        ctx.refuse("InvalidParameterException", "a notification needs somebody: a mail address or a topic");
      }
    }
  },
  refuseCreate: (ctx, inputs) => refuseTakenName(ctx, inputs, "name", "DuplicateRecordException"),
};

export const rules: Rules = { "aws:budgets/budget:Budget": budget };
