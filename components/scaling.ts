import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ProcessSettings } from "../config/schema";
import { tags } from "./names";
import type { ProcessArgs } from "./process";

export type Scaling = NonNullable<ProcessSettings["autoscale"]>;

/** Nothing scales what is asleep: a target would wake it up to its minimum. */
export function scaling({ enabled, settings }: ProcessArgs): Scaling | undefined {
  return enabled && settings.count > 0 ? settings.autoscale : undefined;
}

/** A service below the minimum is brought up to it as soon as the target says so, also from 0. */
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
