import { type CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { physicalName, type Scope } from "../../components/names";
import type { AlarmsStatus } from "./status";

/** Every alarm of an environment, in its own region and where Route 53's are. */
export async function alarmsOf(clients: readonly CloudWatchClient[], scope: Scope): Promise<AlarmsStatus> {
  const AlarmNamePrefix = `${physicalName(scope, "", 255)}-`;
  const found: MetricAlarm[] = [];
  for (const client of clients)
    for await (const page of paginateDescribeAlarms({ client }, { AlarmNamePrefix }))
      found.push(...(page.MetricAlarms ?? []));
  return {
    all: found.length,
    ringing: found
      .filter(({ StateValue }) => StateValue === "ALARM")
      .map(({ AlarmName = "", AlarmDescription = "", StateUpdatedTimestamp }) => ({
        name: AlarmName,
        ...(StateUpdatedTimestamp === undefined ? {} : { since: StateUpdatedTimestamp.toISOString() }),
        what: AlarmDescription,
      })),
  };
}

/** The alarm that speaks of a silent schedule. */
export const silenceAlarm = (scope: Scope, key: string): string =>
  physicalName(scope, `schedule-${key}-silent`, 255);
