import type { Rule, Rules } from "../types";
import { freshUuid, text } from "./aws";

/** Health checks are global; their metrics are in us-east-1 alone. */
const healthCheck: Rule = {
  id: (ctx) => freshUuid(ctx),
  outputs: (_, inputs, id) => ({
    tagsAll: inputs.tags ?? {},
    arn: `arn:aws:route53:::healthcheck/${id}`,
    failureThreshold: inputs.failureThreshold ?? 3,
    requestInterval: inputs.requestInterval ?? 30,
  }),
  refuseWrite(ctx, inputs) {
    const type = text(inputs.type) ?? "";
    if (["CALCULATED", "CLOUDWATCH_METRIC"].includes(type) && inputs.port !== undefined) {
      ctx.refuse("InvalidInput", `a ${type} health check takes no port`);
    }
  },
};

export const rules: Rules = { "aws:route53/healthCheck:HealthCheck": healthCheck };
