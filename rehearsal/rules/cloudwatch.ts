import type { Props, Rule, RuleContext, Rules } from "../types";
import {
  arn,
  globalArn,
  json,
  nameIn,
  nameOf,
  record,
  records,
  regionalId,
  tagged,
  text,
  texts,
} from "./aws";
import { rules as events } from "./cloudwatch-events";
import { rules as logs } from "./cloudwatch-logs";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm";
const ACTIONS = ["alarmActions", "okActions", "insufficientDataActions"] as const;

const metricAlarm: Rule = {
  id: (ctx, inputs) => regionalId(ctx, nameOf(ctx, inputs)),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    name: nameIn(id),
    arn: arn(ctx, "cloudwatch", `alarm:${nameIn(id)}`),
    actionsEnabled: inputs.actionsEnabled ?? true,
    treatMissingData: inputs.treatMissingData ?? "missing",
  }),
  refuseWrite(ctx, inputs) {
    refuseActions(ctx, inputs);
    refuseMetric(ctx, inputs);
  },
};

const compositeAlarm: Rule = {
  id: (ctx, inputs) => regionalId(ctx, nameOf(ctx, inputs, "alarmName")),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    arn: arn(ctx, "cloudwatch", `alarm:${nameIn(id)}`),
    actionsEnabled: inputs.actionsEnabled ?? true,
  }),
  refuseWrite: (ctx, inputs) => refuseActions(ctx, inputs),
  refuseDelete(ctx, existing) {
    const name = text(existing.inputs.alarmName);
    const user = ctx.find(COMPOSITE, (o) => o.id !== existing.id && refersTo(o.inputs.alarmRule, name));
    if (user) ctx.refuse("ValidationError", `the composite alarm ${user.id} depends on ${name}`);
  },
};

const dashboard: Rule = {
  id: (ctx, inputs) => regionalId(ctx, text(inputs.dashboardName) ?? "dashboard"),
  outputs: (ctx, _, id) => ({
    region: ctx.region,
    dashboardArn: globalArn(ctx, "cloudwatch", `dashboard/${nameIn(id)}`),
  }),
  refuseWrite(ctx, inputs) {
    if (text(inputs.dashboardBody) === undefined) return;
    if (!Array.isArray(record(json(inputs.dashboardBody)).widgets)) {
      ctx.refuse("DashboardInvalidInputError", "dashboardBody is a JSON document with a list of widgets");
    }
  },
};

export const rules: Rules = {
  [ALARM]: metricAlarm,
  [COMPOSITE]: compositeAlarm,
  "aws:cloudwatch/dashboard:Dashboard": dashboard,
  ...events,
  ...logs,
};

/** An alarm speaks to topics of its own region only. */
function refuseActions(ctx: RuleContext, inputs: Props): void {
  for (const action of ACTIONS.flatMap((name) => texts(inputs[name]))) {
    if (!action.includes(":sns:")) continue;
    const region = action.split(":")[3];
    if (region !== ctx.region) {
      ctx.refuse("ValidationError", `the alarm is in ${ctx.region}, its action ${action} in ${region}`);
    }
  }
}

function refuseMetric(ctx: RuleContext, inputs: Props): void {
  const given = ["metricName", "metricQueries", "evaluationCriteria"].filter(
    (name) => inputs[name] !== undefined,
  );
  const refuse = (message: string) => ctx.refuse("ValidationError", message);
  if (given.length !== 1) refuse("an alarm has exactly one of metricName, metricQueries, evaluationCriteria");
  const statistics = ["statistic", "extendedStatistic"].filter((name) => inputs[name] !== undefined);
  if (inputs.metricName !== undefined && statistics.length !== 1) {
    refuse("an alarm on a metric has exactly one of statistic and extendedStatistic");
  }
  const missing = ["comparisonOperator", "evaluationPeriods"].filter((name) => inputs[name] === undefined);
  if (inputs.evaluationCriteria === undefined && missing.length > 0)
    refuse(`an alarm needs ${missing.join(", ")}`);
  const queries = records(inputs.metricQueries);
  if (queries.some((each) => each.expression !== undefined && each.metric !== undefined)) {
    refuse("a metric query has an expression or a metric");
  }
  const plain = ["dimensions", "namespace", "period", "statistic"].filter(
    (name) => inputs[name] !== undefined,
  );
  if (queries.length > 0 && plain.length > 0) refuse(`${plain.join(", ")} belong into the metric queries`);
}

function refersTo(rule: unknown, name: string | undefined): boolean {
  return name !== undefined && (text(rule) ?? "").includes(`(${name})`);
}
