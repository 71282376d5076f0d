import * as pulumi from "@pulumi/pulumi";
import type { Scope } from "./names";

/** An event that tells of a failure, and what is said about it. */
export interface FailureEvent {
  readonly description: string;
  /** What EventBridge compares events with. */
  readonly pattern: pulumi.Input<Record<string, unknown>>;
  /** Where the words in angle brackets of `text` are found. */
  readonly paths: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * What only events tell, beside what backups, schedules and jobs tell by themselves: a deployment that ECS gave
 * up. One account may hold both environments, so that the pattern names what is its own.
 */
export function failureEvents(scope: Scope, clusterName: pulumi.Input<string>): Record<string, FailureEvent> {
  return { "deployment-failed": deploymentFailed(scope, clusterName) };
}

function deploymentFailed(scope: Scope, clusterName: pulumi.Input<string>): FailureEvent {
  const services = pulumi.interpolate`arn:aws:ecs:${scope.region}:${scope.accountId}:service/${clusterName}/`;
  return {
    description: "A deployment did not reach a steady state",
    pattern: services.apply((prefix) => ({
      source: ["aws.ecs"],
      "detail-type": ["ECS Deployment State Change"],
      resources: [{ prefix }],
      detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
    })),
    paths: { service: "$.resources[0]", reason: "$.detail.reason" },
    text: `${scope.project} ${scope.environment}: a deployment of <service> failed: <reason>`,
  };
}
