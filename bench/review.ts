import { ENVIRONMENTS, type EnvironmentName } from "../config/settings";
import { comment } from "../tandem/review/comment";
import type { Planned, Seen } from "../tandem/review/planned";
import { measured } from "./measured";

const COUNT = 1000;
const TYPES = [
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:ecs/service:Service",
  "aws:secretsmanager/secret:Secret",
];

/** A child of the measurement: the comment about a change of so many resources, in both environments. */
async function main(): Promise<void> {
  const plans = ENVIRONMENTS.map(changed);
  await measured(async () => {
    comment({ project: "many", plans, parity: [], remarks: [] });
    return 2 * COUNT;
  });
}

function changed(stack: EnvironmentName): Planned {
  const of = (desiredCount: number) =>
    Array.from({ length: COUNT }, (_, index): Seen => {
      const type = TYPES[index % TYPES.length] ?? "";
      const urn = `urn:pulumi:${stack}::many::tandem:many:Many${index % 10}$${type}::resource-${index}`;
      return { urn, type, name: `resource-${index}`, inputs: { desiredCount } };
    });
  const [before, after] = [of(1), of(2)];
  const steps = after.map(({ urn, type, name }) => {
    return { op: "update" as const, urn, type, name, changed: ["desiredCount"] };
  });
  return { stack, steps, before, after, failures: [], warnings: [] };
}

void main();
