import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { allow, trust } from "./guard/policies";
import { declareRole } from "./guard/roles";
import { physicalName, type Scope, tags } from "./names";

export interface RoundsArgs {
  readonly scope: Scope;
  /** Who goes them: part of the names of group and role. */
  readonly who: string;
  /** What is done, in a word: it is what the function is asked to do. */
  readonly what: string;
  /** Such as `rate(5 minutes)`. */
  readonly rate: string;
  readonly lambda: aws.lambda.Function;
}

/** Calls a function again and again, from a group of its own, which alone the caller's role trusts. */
export function declareRounds(
  parent: pulumi.Resource,
  name: string,
  { scope, who, what, rate, lambda }: RoundsArgs,
): void {
  const group = new aws.scheduler.ScheduleGroup(
    `${name}-group`,
    { name: physicalName(scope, who, 64), tags: tags(scope, who) },
    { parent },
  );
  const roleArn = declareRole(
    parent,
    `${name}-caller`,
    scope,
    `${who}-caller`,
    group.arn.apply((arn) => trust(scope, "scheduler.amazonaws.com", arn)),
    lambda.arn.apply((arn) => ({
      Version: "2012-10-17",
      Statement: [allow("Call", ["lambda:InvokeFunction"], arn)],
    })),
  );
  new aws.scheduler.Schedule(
    `${name}-${what}`,
    {
      name: physicalName(scope, `${who}_${what}`, 64),
      groupName: group.name,
      scheduleExpression: rate,
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: lambda.arn,
        roleArn,
        input: JSON.stringify({ do: what }),
        // The next round comes soon: one that was missed is not made up for.
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    },
    { parent },
  );
}
