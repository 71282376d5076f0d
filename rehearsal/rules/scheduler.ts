import type { CloudObject, Props, Rule, RuleContext, Rules } from "../types";
import { alive, arn, isHere, nameOf, record, refuseTakenName, regionalId, tagged, text } from "./aws";
import { refuseUntrusted } from "./policy-document";
import { isTimeZone, scheduleProblem } from "./schedule-expression";

const SCHEDULE = "aws:scheduler/schedule:Schedule";
const GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup";

const schedule: Rule = {
  id: (ctx, inputs) => regionalId(ctx, `${groupOf(inputs)}/${nameOf(ctx, inputs)}`),
  outputs(ctx, inputs, id) {
    const path = id.split("@")[0] ?? id;
    return {
      region: ctx.region,
      name: path.slice(path.indexOf("/") + 1),
      arn: arn(ctx, "scheduler", `schedule/${path}`),
      groupName: groupOf(inputs),
      scheduleExpressionTimezone: inputs.scheduleExpressionTimezone ?? "UTC",
      state: inputs.state ?? "ENABLED",
    };
  },
  refuseWrite(ctx, inputs) {
    const problem = scheduleProblem(text(inputs.scheduleExpression) ?? "rate(1 day)");
    if (problem) ctx.refuse("ValidationException", problem);
    const zone = text(inputs.scheduleExpressionTimezone);
    if (zone !== undefined && !isTimeZone(zone))
      ctx.refuse("ValidationException", `"${zone}" is no time zone of IANA`);
    const group = text(inputs.groupName);
    if (group !== undefined && group !== "default" && !here(ctx, GROUP, group)) {
      ctx.refuse("ResourceNotFoundException", `there is no schedule group "${group}"`);
    }
    const { roleArn } = record(inputs.target);
    refuseUntrusted(ctx, roleArn, "scheduler.amazonaws.com", "ValidationException");
  },
  refuseCreate(ctx, inputs) {
    const name = text(inputs.name);
    const twin = alive(ctx, SCHEDULE).find(
      (o) => isHere(ctx, o) && o.outputs.name === name && o.outputs.groupName === groupOf(inputs),
    );
    if (twin && name)
      ctx.refuse("ConflictException", `the group "${groupOf(inputs)}" already has a schedule "${name}"`);
  },
};

const group: Rule = {
  id: (ctx, inputs) => regionalId(ctx, nameOf(ctx, inputs)),
  outputs(ctx, inputs, id, previous) {
    const name = id.split("@")[0] ?? id;
    return {
      ...tagged(ctx, inputs),
      name,
      arn: arn(ctx, "scheduler", `schedule-group/${name}`),
      creationDate: previous?.creationDate ?? ctx.now,
      lastModificationDate: ctx.now,
      state: "ACTIVE",
    };
  },
  refuseCreate: (ctx, inputs) => refuseTakenName(ctx, inputs, "name", "ConflictException"),
};

export const rules: Rules = { [SCHEDULE]: schedule, [GROUP]: group };

function groupOf(inputs: Props): string {
  return text(inputs.groupName) ?? "default";
}

function here(ctx: RuleContext, type: string, name: string): CloudObject | undefined {
  return alive(ctx, type).find((o) => isHere(ctx, o) && o.outputs.name === name);
}
