import type { CloudObject, Props, Rule, RuleContext, Rules } from "../types";
import { alive, arn, isHere, lookup, nameOf, number, record, regionalId, tagged, text } from "./aws";
import { SERVICE, scales, settle } from "./ecs-service";
import { isTimeZone, scheduleProblem } from "./schedule-expression";

const TARGET = "aws:appautoscaling/target:Target";

const target: Rule = {
  id: (ctx, inputs) => regionalId(ctx, text(inputs.resourceId) ?? "target"),
  outputs: (ctx, inputs) => ({
    ...tagged(ctx, inputs),
    arn: arn(ctx, "application-autoscaling", `scalable-target/${ctx.hex("target", 26)}`),
    roleArn: inputs.roleArn ?? serviceRole(ctx),
  }),
  refuseWrite(ctx, inputs) {
    const resource = text(inputs.resourceId);
    if (inputs.serviceNamespace !== "ecs" || resource === undefined) return;
    if (!scaledBy(ctx, inputs))
      ctx.refuse("ValidationException", `the ECS service ${resource} does not exist`);
  },
  /** New bounds act at once, also on a service that sleeps (Application Auto Scaling guide, scaling activities). */
  after(ctx, object) {
    const service = scaledBy(ctx, object.inputs);
    if (service === undefined) return;
    const atLeast = Math.max(
      number(service.outputs.desiredCount) ?? 0,
      number(object.inputs.minCapacity) ?? 0,
    );
    settle(ctx, service, Math.min(atLeast, number(object.inputs.maxCapacity) ?? atLeast));
  },
};

const policy: Rule = {
  id: (ctx, inputs) => regionalId(ctx, `${text(inputs.resourceId) ?? "target"}/${nameOf(ctx, inputs)}`),
  outputs(ctx, inputs, id) {
    const name = id.split("@")[0]?.split("/").at(-1);
    const own = `scalingPolicy:${ctx.hex("policy", 32)}:resource/${inputs.serviceNamespace}/${inputs.resourceId}`;
    return {
      region: ctx.region,
      name,
      arn: arn(ctx, "autoscaling", `${own}:policyName/${name}`),
      alarmArns: [],
      policyType: inputs.policyType ?? "StepScaling",
    };
  },
  refuseWrite(ctx, inputs) {
    refuseNoTarget(ctx, inputs);
    const tracking = record(inputs.targetTrackingScalingPolicyConfiguration);
    if (
      tracking.customizedMetricSpecification !== undefined &&
      tracking.predefinedMetricSpecification !== undefined
    ) {
      ctx.refuse("ValidationException", "target tracking follows one metric: customized or predefined");
    }
  },
};

const scheduledAction: Rule = {
  id: (ctx, inputs) =>
    regionalId(
      ctx,
      `${nameOf(ctx, inputs)}-${inputs.serviceNamespace}-${text(inputs.resourceId) ?? "target"}`,
    ),
  outputs(ctx, inputs) {
    const own = `scheduledAction:${ctx.hex("action", 32)}:resource/${inputs.serviceNamespace}/${inputs.resourceId}`;
    return {
      region: ctx.region,
      arn: arn(ctx, "autoscaling", `${own}:scheduledActionName/${inputs.name}`),
      timezone: inputs.timezone ?? "UTC",
    };
  },
  refuseWrite(ctx, inputs) {
    refuseNoTarget(ctx, inputs);
    const action = record(inputs.scalableTargetAction);
    if (action.minCapacity === undefined && action.maxCapacity === undefined) {
      ctx.refuse("ValidationException", "scalableTargetAction needs minCapacity or maxCapacity");
    }
    const problem = scheduleProblem(text(inputs.schedule) ?? "rate(1 day)");
    if (problem) ctx.refuse("ValidationException", problem);
    const zone = text(inputs.timezone);
    if (zone !== undefined && !isTimeZone(zone))
      ctx.refuse("ValidationException", `"${zone}" is no time zone of IANA`);
  },
};

export const rules: Rules = {
  [TARGET]: target,
  "aws:appautoscaling/policy:Policy": policy,
  "aws:appautoscaling/scheduledAction:ScheduledAction": scheduledAction,
};

function scaledBy(ctx: RuleContext, inputs: Props): CloudObject | undefined {
  return alive(ctx, SERVICE).find((o) => isHere(ctx, o) && scales({ inputs }, o.outputs.arn));
}

function serviceRole(ctx: RuleContext): string {
  const path = "aws-service-role/ecs.application-autoscaling.amazonaws.com";
  return `arn:aws:iam::${ctx.account}:role/${path}/AWSServiceRoleForApplicationAutoScaling_ECSService`;
}

function refuseNoTarget(ctx: RuleContext, inputs: Props): void {
  const found = lookup(ctx, TARGET, "resourceId", inputs.resourceId);
  if (found !== undefined || text(inputs.resourceId) === undefined) return;
  ctx.refuse("ObjectNotFoundException", `no scalable target is registered for ${inputs.resourceId}`);
}
