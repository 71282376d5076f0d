import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName, type Scope, tags } from "../names";
import { schedulerPolicy, trust } from "./policies";

/** The role of EventBridge Scheduler. Its trust names the group: Scheduler gives no schedule's own ARN. */
export function declareCaller(
  parent: pulumi.Resource,
  name: string,
  scope: Scope,
  group: aws.scheduler.ScheduleGroup,
  lambda: aws.lambda.Function,
  deadLetters: aws.sqs.Queue,
): pulumi.Output<string> {
  const policy = pulumi.all([lambda.arn, deadLetters.arn]).apply(([fn, queue]) => schedulerPolicy(fn, queue));
  const trusted = group.arn.apply((arn) => trust(scope, "scheduler.amazonaws.com", arn));
  return declareRole(parent, `${name}-caller`, scope, "scheduler", trusted, policy);
}

/** A role with its policy; the ARN waits for the policy. */
export function declareRole(
  parent: pulumi.Resource,
  name: string,
  scope: Scope,
  role: string,
  assumeRolePolicy: pulumi.Input<object>,
  policy: pulumi.Input<object>,
): pulumi.Output<string> {
  const made = new aws.iam.Role(
    name,
    {
      name: physicalName(scope, role, 64),
      assumeRolePolicy: pulumi.jsonStringify(assumeRolePolicy),
      tags: tags(scope, role),
    },
    { parent },
  );
  const attached = new aws.iam.RolePolicy(
    `${name}-policy`,
    { name: role, role: made.name, policy: pulumi.jsonStringify(policy) },
    { parent },
  );
  return pulumi.all([made.arn, attached.id]).apply(([arn]) => arn);
}
