import type { Rule, Rules } from "../types";
import { arn, lookupHere, nameIn, nameOf, refuseTakenName, regionalId, tagged, text } from "./aws";

const GROUP = "aws:cloudwatch/logGroup:LogGroup";

const logGroup: Rule = {
  id: (ctx, inputs) => regionalId(ctx, nameOf(ctx, inputs)),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    name: nameIn(id),
    arn: arn(ctx, "logs", `log-group:${nameIn(id)}`),
    retentionInDays: inputs.retentionInDays ?? 0,
    logGroupClass: inputs.logGroupClass ?? "STANDARD",
  }),
  refuseCreate: (ctx, inputs) => refuseTakenName(ctx, inputs, "name", "ResourceAlreadyExistsException"),
  refuseDelete(ctx, existing) {
    if (existing.inputs.deletionProtectionEnabled === true) {
      ctx.refuse(
        "ValidationException",
        `${existing.outputs.name} has deletion protection: switch it off first`,
      );
    }
  },
  // Without the call to delete it the group stays, and its name stays taken.
  keepsAfterDelete: (_, existing) => existing.inputs.skipDestroy === true,
};

const metricFilter: Rule = {
  id: (ctx, inputs) => regionalId(ctx, `${text(inputs.logGroupName) ?? "group"}:${nameOf(ctx, inputs)}`),
  outputs: (ctx, _, id) => ({ region: ctx.region, name: nameIn(id).slice(nameIn(id).lastIndexOf(":") + 1) }),
  refuseWrite(ctx, inputs) {
    const group = text(inputs.logGroupName);
    if (group !== undefined && !lookupHere(ctx, GROUP, "name", group)) {
      ctx.refuse("ResourceNotFoundException", `there is no log group "${group}"`);
    }
  },
};

export const rules: Rules = {
  [GROUP]: logGroup,
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": metricFilter,
};
