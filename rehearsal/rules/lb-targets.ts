import type { CloudObject, Props, Rule, RuleContext, Rules } from "../types";
import {
  alive,
  arn,
  isOwn,
  nameOf,
  record,
  records,
  refuseMissing,
  refuseTakenName,
  tagged,
  texts,
} from "./aws";

export const LISTENER = "aws:lb/listener:Listener";
export const RULE = "aws:lb/listenerRule:ListenerRule";
const GROUP = "aws:lb/targetGroup:TargetGroup";

const targetGroup: Rule = {
  id: (ctx, inputs) => arn(ctx, "elasticloadbalancing", `targetgroup/${unique(ctx, inputs)}`),
  outputs(ctx, inputs, id) {
    const suffix = id.slice(id.indexOf(":targetgroup/") + 1);
    return {
      ...tagged(ctx, inputs),
      name: suffix.split("/")[1],
      arn: id,
      arnSuffix: suffix,
      loadBalancerArns: [],
      targetType: inputs.targetType ?? "instance",
      deregistrationDelay: inputs.deregistrationDelay ?? 300,
    };
  },
  refuseWrite(ctx, inputs) {
    if (inputs.targetType === "lambda") return;
    const missing = ["port", "protocol", "vpcId"].filter((name) => inputs[name] === undefined);
    if (missing.length > 0) ctx.refuse("ValidationError", `a target group also needs ${missing.join(", ")}`);
  },
  refuseCreate: (ctx, inputs) => refuseTakenName(ctx, inputs, "name", "DuplicateTargetGroupName"),
  refuseDelete(ctx, existing) {
    const users = usersOf(ctx, existing.id);
    if (users.length === 0) return;
    ctx.refuse("ResourceInUse", `${existing.outputs.name} is in use by ${users.map((o) => o.id).join(", ")}`);
  },
};

export const rules: Rules = { [GROUP]: targetGroup };

/** The listeners and rules that send requests to a target group: without one, ECS takes no service for it. */
export function usersOf(ctx: RuleContext, groupArn: string): readonly CloudObject[] {
  return [...alive(ctx, LISTENER), ...alive(ctx, RULE)].filter((o) =>
    groupsIn(o.inputs.defaultActions ?? o.inputs.actions).includes(groupArn),
  );
}

function groupsIn(actions: unknown): readonly string[] {
  return records(actions).flatMap((action) => [
    ...texts([action.targetGroupArn]),
    ...texts(records(record(action.forward).targetGroups).map((group) => group.arn)),
  ]);
}

/** Refuses actions that forward to nothing, or to a target group that does not exist. */
export function refuseGroups(ctx: RuleContext, actions: unknown): void {
  for (const action of records(actions)) {
    if (action.type === "forward" && action.targetGroupArn === undefined && action.forward === undefined) {
      ctx.refuse("ValidationError", "an action of type forward needs targetGroupArn or forward");
    }
  }
  for (const group of groupsIn(actions)) {
    if (isOwn(ctx, group)) refuseMissing(ctx, GROUP, "arn", group, "TargetGroupNotFound");
  }
}

/** A name with the sixteen digits that the service adds to it. */
export function unique(ctx: RuleContext, inputs: Props): string {
  return `${nameOf(ctx, inputs)}/${ctx.hex("id", 16)}`;
}
