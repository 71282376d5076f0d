import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ProcessSettings } from "../config/schema";
import { tags } from "./names";
import type { ProcessArgs } from "./process";

export type Scaling = NonNullable<ProcessSettings["autoscale"]>;

/**
 * What is asleep keeps its scaling, between 0 and 0: the service's own count is ignored once load decides, so
 * only new bounds can put it to sleep and wake it up.
 */
export function scaling({ settings: { autoscale, count } }: ProcessArgs): Scaling | undefined {
  return autoscale && count === 0 ? { ...autoscale, min: 0, max: 0 } : autoscale;
}

/** New bounds act at once: a service below the minimum is brought up to it, also from 0, one above is cut. */
export function declareScaling(
  parent: pulumi.Resource,
  name: string,
  args: ProcessArgs,
  serviceName: pulumi.Output<string>,
  { min, max, cpuPercent }: Scaling,
): void {
  const target = new aws.appautoscaling.Target(
    `${name}-scaling`,
    {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: pulumi.interpolate`service/${args.clusterName}/${serviceName}`,
      minCapacity: whenReleased(args, min),
      maxCapacity: whenReleased(args, max),
      tags: tags(args.scope, `${args.application}_${args.key}`),
    },
    { parent },
  );
  new aws.appautoscaling.Policy(
    `${name}-scaling-cpu`,
    {
      name: "cpu",
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
        targetValue: cpuPercent,
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
      },
    },
    { parent },
  );
}

/** 0 where nothing may run. */
export function whenReleased({ enabled, released }: ProcessArgs, count: number): pulumi.Output<number> {
  return pulumi.output(released).apply((is) => (is && enabled ? count : 0));
}
