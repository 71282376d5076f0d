import { type CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { Clock } from "./environment";

const DAY = 86_400;

/** CloudWatch keeps hours for 455 days; further back than this nobody looks. */
const LONGEST = 62 * DAY;

/** When a schedule last began, to the hour: the guard counts every order that it handled. */
export async function lastRun(
  metrics: CloudWatchClient,
  Namespace: string,
  { key, everySeconds }: Pick<Clock, "key" | "everySeconds">,
  now: string,
): Promise<string | undefined> {
  const back = Math.min(LONGEST, 2 * everySeconds + DAY);
  const { MetricDataResults = [] } = await metrics.send(
    new GetMetricDataCommand({
      StartTime: new Date(Date.parse(now) - back * 1000),
      EndTime: new Date(now),
      ScanBy: "TimestampDescending",
      MetricDataQueries: [
        {
          Id: "handled",
          MetricStat: {
            Metric: { Namespace, MetricName: "Handled", Dimensions: [{ Name: "Schedule", Value: key }] },
            Period: 3600,
            Stat: "Sum",
          },
        },
      ],
    }),
  );
  return MetricDataResults[0]?.Timestamps?.[0]?.toISOString();
}
